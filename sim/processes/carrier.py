"""The carrier collects once a day, first come first served, as much as it has room for."""

from collections.abc import Callable, Generator, Mapping
from heapq import heappop, heappush
from math import exp, prod

import numpy as np
import simpy
from scipy.special import ndtri

from sim.behaviour.purposes import TRANSIT
from sim.processes.delivery import Door
from sim.processes.parcel import Parcel
from sim.processes.payment import merchants
from sim.processes.scene import Scene
from sim.processes.shipping import ship
from sim.processes.timetable import midnight_before, next_of_day
from sim.processes.ways import Ways
from sim.schema.clock import MINUTES_PER_DAY, to_ticks
from sim.world.money import split
from sim.world.orders import By, Status


class Carrier:
    """One carrier for all nodes.  What it has no room for today is first in line tomorrow.

    Parameters
    ----------
    depots : mapping of int to callable
        Who takes parcels at a node with vans, where the carrier does not go to the door.

    Attributes
    ----------
    cuts : list of float
        Its capacity is multiplied by each: what goes wrong at present.
    """

    def __init__(self, scene: Scene, ways: Ways, door: Door, depots: Mapping[int, Callable[[Parcel], None]]) -> None:
        self._scene = scene
        self._ways = ways
        self._door = door
        self._depots = depots
        self._carrier = scene.world.scenario.network.carrier
        self._spread = float(self._carrier.spread)
        self._queue: list[tuple[int, int, Parcel]] = []  # by (ready, first line)
        self._waiting: simpy.Event | None = None
        self.cuts: list[float] = []
        scene.env.process(self._collections())

    @property
    def serves(self) -> bool:
        """Whether it takes parcels at all."""
        return self._carrier.capacity_per_day > 0

    def accept(self, parcel: Parcel, ready: int | None = None) -> None:
        """Queue a parcel that is ready for collection now, or will be at ``ready`` (ticks)."""
        at = self._scene.now if ready is None else ready
        heappush(self._queue, (at, parcel.lines[0], parcel))
        if self._waiting is not None:
            self._waiting.succeed()
            self._waiting = None

    def _collections(self) -> Generator[simpy.Event, None, None]:
        """Every day at the same time, as long as a parcel waits, collect what was ready before."""
        midnight = midnight_before(self._scene.world.scenario.start)
        collects = [to_ticks(self._carrier.collects)]
        while True:
            if not self._queue:
                self._waiting = self._scene.env.event()
                yield self._waiting
            yield self._scene.until(next_of_day(self._scene.now, midnight, collects))
            self._collect(int(self._carrier.capacity_per_day * prod(self.cuts)))

    def _collect(self, room: int) -> None:
        now = self._scene.now
        taken: list[Parcel] = []
        while self._queue and self._queue[0][0] < now and len(taken) < room:
            ready, _, parcel = heappop(self._queue)
            self._close(parcel, ready)
            taken.append(parcel)
        if not taken:
            return
        depots = [-1 if parcel.under_way else self._ways.depot(parcel.consumer) for parcel in taken]
        ship(self._scene, [parcel for parcel in taken if not parcel.under_way], By.CARRIER)
        self._charge(taken)
        for parcel, depot in zip(taken, depots, strict=True):
            if depot < 0:
                self._scene.call_at(now + self._transit(parcel), self._door.deliver, parcel.lines)
            else:
                self._scene.call_at(now + self._transit(parcel), self._depots[depot], parcel)

    def _close(self, parcel: Parcel, ready: int) -> None:
        """Write down when a merchant without stations had a parcel ready."""
        rows = self._scene.orders
        for line in parcel.lines:
            if rows["packed"][line] < 0:
                rows["picked"][line] = rows["packed"][line] = ready
                rows["status"][line] = Status.PACKED

    def _transit(self, parcel: Parcel) -> int:
        """Return ticks to the door: the median of the distance times the order's own luck, lognormal."""
        factor = exp(self._spread * ndtri(self._scene.luck(parcel.lines[0], TRANSIT)))
        return max(1, to_ticks(self._ways.carrier_days(parcel.metres) * factor * MINUTES_PER_DAY))

    def _charge(self, parcels: list[Parcel]) -> None:
        """The merchants pay the tariff, each line of a parcel its share."""
        shares = [split(self._ways.tariff(p.metres, p.grams), len(p.lines)) for p in parcels]
        payers = merchants(self._scene.world, np.array([line for parcel in parcels for line in parcel.lines]))
        self._scene.world.money.post("cost_last_mile", "merchants", "carriers", np.concatenate(shares), payers, 0)
