"""All livestreams: a day's are planned at its midnight, each then runs by itself."""

from collections.abc import Generator
from itertools import count

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.behaviour.arrivals import flash_crowd
from sim.behaviour.consumers import Consumers
from sim.policy.contain_supply import ContainedShowcase
from sim.processes.livestream import Livestream
from sim.processes.room_minutes import RoomMinutes
from sim.processes.run_of_show import RunOfShow
from sim.processes.scene import Scene
from sim.processes.schedule import Schedule
from sim.processes.showcase import Showcase
from sim.processes.triggers import Triggers
from sim.schema.clock import to_ticks
from sim.world.state import Rows


class Shows:
    """Plans livestreams, starts them, brings their flash crowds, and has the slot fees paid.

    Raises
    ------
    ScenarioError
        Where the scenario's own livestreams are not possible.
    """

    def __init__(
        self, scene: Scene, consumers: Consumers, c: Rows, triggers: Triggers, showcase: ContainedShowcase
    ) -> None:
        scenario = scene.world.scenario
        self._scene = scene
        self._consumers = consumers
        self._c = c
        self._triggers = triggers
        self._schedule = Schedule(scene.world)
        self._showcase = Showcase(scene, showcase)
        self._minutes = RoomMinutes(scene)
        self._horizon = to_ticks(scenario.horizon)
        self._within = to_ticks(scenario.creators.livestreams.notified_within)
        self._fee = round(100 * scenario.creators.livestreams.slot_fee)
        self._window = to_ticks(scenario.orders.return_window)
        self._live_numbers, self._slot_numbers = count(1), count(1)
        self._rooms: dict[int, simpy.Resource] = {}
        self._open = 0

    @property
    def busy(self) -> bool:
        """Whether a livestream is yet to end, or a slot fee to be paid."""
        return self._open > 0

    def plan(self, day: int, sold_week: NDArray[np.int64]) -> list[RunOfShow]:
        """Plan the livestreams of a day that begins now, and return them; days come in turn.

        Parameters
        ----------
        sold_week : int64[n_offers]
            Units ordered over the last seven days.
        """
        shows = self._showcase.fill(self._schedule.of_day(day), sold_week)
        for show in shows:
            self._open += 1
            self._scene.env.process(self._run(show))
        return shows

    def _run(self, show: RunOfShow) -> Generator[simpy.Event, None, None]:
        """Wait for the time, and for the creator's room, which another livestream may leave at that very instant."""
        yield self._scene.until(show.begins)
        if show.creator not in self._rooms:
            self._rooms[show.creator] = simpy.Resource(self._scene.env)
        with self._rooms[show.creator].request() as free:
            yield free
            self._minutes.watch(show)
            yield from Livestream(self._scene, show, next(self._live_numbers), self._triggers, self).run()
        self._open -= 1

    def number_slot(self) -> int:
        """Return the next slot's number, unique in the replication."""
        return next(self._slot_numbers)

    def invite(self, show: RunOfShow) -> None:
        """Tell the followers that a livestream begins: some come, and others with them; none after the horizon."""
        world = self._scene.world
        coming = flash_crowd(
            world.truth.consumers,
            self._c,
            world.key,
            room=show.creator,
            livestream=show.number,
            now=self._scene.now,
            share=show.notified_share,
            within=self._within,
            crowd=show.crowd,
        )
        self._consumers.flock(coming[coming["time"] < self._horizon])

    def owe_fee(self, creator: int, offer: int) -> None:
        """Have an offer's merchant pay the creator for a slot when the return window is over."""
        if self._fee:
            self._open += 1
            self._scene.call_at(self._scene.now + self._window, self._pay_fee, creator, offer)

    def _pay_fee(self, creator: int, offer: int) -> None:
        merchant = int(self._scene.world.truth.offers["merchant"][offer])
        self._scene.world.money.post("slot_fee", "merchants", "creators", self._fee, merchant, creator)
        self._open -= 1
