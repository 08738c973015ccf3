"""A warehouse picks in waves, packs parcels, and hands them over."""

from collections.abc import Callable, Generator

import simpy

from sim.processes.parcel import Parcel, make_parcels
from sim.processes.scene import Scene
from sim.processes.stations import Stations, law
from sim.processes.timetable import Hours, midnight_before
from sim.processes.tray import Tray
from sim.schema.clock import to_ticks
from sim.world.orders import Status


class Warehouse:
    """Pick waves, pickers, packing stations.

    Parameters
    ----------
    node : int
    dock : callable
        Takes each packed parcel.
    """

    def __init__(self, scene: Scene, node: int, dock: Callable[[Parcel], None]) -> None:
        world = scene.world
        self._scene = scene
        self._node = node
        self._dock = dock
        self.place = world.scenario.network.warehouses[world.cast.node_warehouse[node]]
        self._pick_cost = round(100 * float(world.scenario.orders.pick_cost))
        self._allocated: Tray[int] = Tray(scene)
        p = self.place
        self._hours = Hours(midnight_before(world.scenario.start), to_ticks(p.opens), to_ticks(p.closes))
        picking = law("gamma", float(p.pick_seconds), world.stream("pick", node))
        packing = law(p.pack_law, float(p.pack_seconds), world.stream("pack", node))
        self.pickers: Stations[tuple[Parcel, int]] = Stations(scene, p.pickers, self._hours, picking, self._picked)
        self.packers: Stations[Parcel] = Stations(scene, p.packers, self._hours, packing, self._packed)
        scene.env.process(self._waves())

    def accept(self, lines: list[int]) -> None:
        """Take over allocated lines: they wait for the next wave."""
        for line in lines:
            self._allocated.put(line)

    def _waves(self) -> Generator[simpy.Event, None, None]:
        """Every so often while the doors are open, what was allocated before becomes a wave."""
        every = to_ticks(self.place.pick_wave)
        while True:
            yield self._allocated.filled()
            yield self._scene.until(self._hours.next_wave(self._scene.now, every))
            parcels = make_parcels(self._scene.world, self._allocated.take())
            self._record_wave(parcels)
            for parcel in parcels:
                for line in parcel.lines:
                    self.pickers.add((parcel, line))

    def _picked(self, job: tuple[Parcel, int], queued: int, started: int) -> None:
        """A line is in the tote; with its last line a parcel joins the queue at packing."""
        parcel, line = job
        self._scene.orders["picked"][line] = self._scene.now
        parcel.unpicked -= 1
        if parcel.unpicked == 0:
            self.packers.add(parcel)

    def _packed(self, parcel: Parcel, queued: int, started: int) -> None:
        """A parcel is closed: the merchants pay for the work, and it goes to the dock."""
        world, now = self._scene.world, self._scene.now
        rows = self._scene.orders
        for line in parcel.lines:
            rows["packed"][line] = now
            rows["status"][line] = Status.PACKED
            merchant = world.truth.offers["merchant"][rows["offer"][line]]
            world.money.post("cost_fulfilment", "merchants", "operators", self._pick_cost, merchant, self._node)
        self._scene.record.row(
            "packing",
            time=started,
            node=self._node,
            parcel=parcel.lines[0],
            waited=started - queued,
            took=now - started,
        )
        self._dock(parcel)

    def _record_wave(self, parcels: list[Parcel]) -> None:
        lines = sum(len(parcel.lines) for parcel in parcels)
        if lines:
            self._scene.record.row("wave", time=self._scene.now, node=self._node, lines=lines, parcels=len(parcels))
