"""A small world played as runs play it: the compiled kernel, the serving layer, the main loop."""

from collections.abc import Callable

import numpy as np
import simpy

from sim.behaviour.consumers import Consumers
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.processes.clock import run
from sim.processes.serving import Serving
from sim.processes.triggers import Triggers
from sim.schema.recommending import BehaviourLog
from sim.world.state import Rows
from tests.oracle.outcome import Outcome, behaviour_log, no_acts, outcome
from tests.oracle.town import Town
from tests.oracle.worlds import Small

Disturb = Callable[[Consumers, Serving], Consumers]


class Kept:
    """Keeps the acts that the kernel hands out."""

    def __init__(self, consumers: Consumers) -> None:
        self._consumers = consumers
        self._chunks: list[Rows] = [no_acts()]

    def all(self) -> Rows:
        """Return all acts so far."""
        self._chunks += self._consumers.take_acts()
        return np.concatenate(self._chunks)

    def log(self, minute: float) -> BehaviourLog:
        """Return what a fit may see."""
        return behaviour_log(self.all(), minute)


def by_kernel(
    world: Small,
    recommender: Recommender,
    disturb: Disturb | None = None,
    serving_kind: type[Serving] = Serving,
) -> Outcome:
    """Play ``world`` to its end; ``disturb`` may put something between the loop and the consumers."""
    env = simpy.Environment()
    places = world.scenario.serving.slate_size
    consumers = Consumers(world.truth, world.c, world.key, days=world.days, buckets=world.days, places=places)
    kept = Kept(consumers)
    recommender.begin(KeyedRng(world.key), world.catalogue)
    serving = serving_kind(world.scenario, world.truth, consumers, recommender, world.catalogue, kept.log)
    triggers = Triggers(env, lambda offer: town.review(offer))
    town = Town(env, world, consumers, triggers.on_sold_out)
    walked = disturb(consumers, serving) if disturb else consumers
    run(env, walked, serving, town, triggers, town.open())  # type: ignore[arg-type]  # the town releases orders
    crowd = consumers.crowd
    acts = kept.all()
    return outcome(town, acts, daily=crowd.daily, exposure=crowd.exposure, active=crowd.active)
