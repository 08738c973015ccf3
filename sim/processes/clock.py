"""The main loop: SimPy is the clock, consumers are walked up to its next event, nobody ever lags behind."""

import math

import simpy

from sim.behaviour.consumers import Consumers, Pause
from sim.errors import InvariantError
from sim.processes.release import Release
from sim.processes.serving import Serving
from sim.processes.triggers import Triggers
from sim.schema.clock import to_minutes, to_ticks
from sim.world.state import NEVER


def run(
    env: simpy.Environment,
    consumers: Consumers,
    serving: Serving,
    release: Release,
    triggers: Triggers,
    finished: simpy.Event,
) -> int:
    """Advance consumers and step SimPy in turn, until ``finished`` has happened.

    At one instant come first SimPy's processes, then the refresh of the serving view, then consumers by
    session id: `advance` stops strictly before the instant at which anything else may act.

    Returns the number of SimPy's events.
    """
    events = 0
    while not finished.processed:
        process_at = _next_event(env)
        limit = min(process_at, serving.view_until)
        pause = consumers.advance(limit)
        if consumers.release_at < NEVER:
            release.notify(to_minutes(consumers.release_at))
        if pause is Pause.NEED_SLATES:
            if not serving.serve():  # the loop would ask for ever
                raise InvariantError(
                    f"minute {to_minutes(consumers.now)}", "a page is waited for that nobody requested"
                )
        elif pause is Pause.TRIGGER:
            triggers.pull(to_minutes(consumers.now), consumers.due_offer, consumers.sold_out_room)
        elif _next_event(env) < process_at:
            continue  # an order is to be released before that
        elif (refresh_at := serving.due(process_at)) < process_at:
            serving.refresh(refresh_at)
        else:
            if consumers.next_time < process_at:
                raise InvariantError(f"minute {env.peek()}", "a process would see consumers who lag behind")
            env.step()
            events += 1
    return events


def _next_event(env: simpy.Environment) -> int:
    at = env.peek()
    return int(NEVER) if math.isinf(at) else to_ticks(at)
