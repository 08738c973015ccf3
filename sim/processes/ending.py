"""When it is over: snapshots at the warm-up's end and the horizon, the drain, the laws, what is left behind."""

from collections.abc import Callable, Generator

import numpy as np
import simpy

from sim.behaviour.consumers import Consumers
from sim.policy.faults import Faults
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.processes.shows import Shows
from sim.record.recorder import Record
from sim.record.replication import Replication, Snapshot
from sim.record.snapshot import snapshot
from sim.schema.clock import MINUTES_PER_DAY, to_ticks
from sim.world.orders import Status

LAWS = 4
"""Units, promises, money, orders' causality: what one check looks at."""


class Ending:
    """Ends the run: at the first day's end after the horizon at which nothing is open, or when the drain is over.

    Nothing is open once every order has been released and has ended, and the return window of the last one is
    over, because fees and commissions settle then.
    """

    def __init__(
        self, scene: Scene, record: Record, release: Release, shows: Shows, progress: Callable[[float], None] | None
    ) -> None:
        self._scene = scene
        self._record = record
        self._release = release
        self._shows = shows
        self._progress = progress
        self._checked = 0
        self._taken: dict[str, Snapshot] = {}
        scenario = scene.world.scenario
        self._window = to_ticks(scenario.orders.return_window + MINUTES_PER_DAY)
        self.finished = scene.env.event()
        self._take("opening", to_ticks(scenario.warm_up))
        self._take("closing", to_ticks(scenario.horizon))
        scene.env.process(self._drain())

    def check_laws(self, day: int) -> None:
        """Stop the run where a law does not hold at a day's end."""
        where, world = f"end of day {day}", self._scene.world
        world.stock.check(where)
        world.money.check(where)
        world.orders.check(where)
        self._checked += LAWS
        if self._progress is not None:
            scenario = world.scenario
            self._progress(min(1.0, self._scene.env.now / (scenario.horizon + scenario.drain)))

    def replication(self, consumers: Consumers, bucket_days: int, faults: Faults, events: int) -> Replication:
        """Enter what was not released any more, check the laws a last time, and return what is left behind."""
        world, crowd = self._scene.world, consumers.crowd
        self._release.enter_rest()
        self.check_laws(int(self._scene.env.now // MINUTES_PER_DAY))
        return Replication(
            world=world,
            daily=crowd.daily,
            exposure=crowd.exposure,
            bucket_days=bucket_days,
            active=crowd.active,
            acts=self._record.all_acts(),
            slates=self._record.all_slates(),
            tables=self._record.tables(),
            opening=self._taken["opening"],
            closing=self._taken["closing"],
            final=snapshot(world, self._scene.now),
            faults=faults,
            simpy_events=events,
            laws_checked=self._checked,
        )

    def _take(self, name: str, instant: int) -> None:
        def now() -> None:
            self._taken[name] = snapshot(self._scene.world, self._scene.now)

        self._scene.call_at(instant, now)

    def _drain(self) -> Generator[simpy.Event, None, None]:
        """Look at each day's end whether anything is open."""
        scenario = self._scene.world.scenario
        end = to_ticks(scenario.horizon + scenario.drain)
        yield self._scene.until(min(end, to_ticks(scenario.horizon + MINUTES_PER_DAY)))  # sessions go on a while
        while self._scene.now < end and self._open():
            self.check_laws(int(self._scene.env.now // MINUTES_PER_DAY))
            yield self._scene.until(min(end, self._scene.now + to_ticks(MINUTES_PER_DAY)))
        self.finished.succeed()

    def _open(self) -> bool:
        rows = self._scene.orders
        if self._shows.busy or self._release.pending:
            return True
        if not len(rows):
            return False
        last = int(np.max(rows["ended"]))
        return bool((rows["status"] < Status.DELIVERED).any()) or last + self._window > self._scene.now
