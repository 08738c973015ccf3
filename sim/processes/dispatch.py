"""Local parcels leave in the warehouse's vans, at the cut-off times, on rounds the routing policy plans."""

from collections.abc import Generator

import numpy as np
import simpy

from sim.policy.protocols import RoutingPolicy
from sim.processes.carrier import Carrier
from sim.processes.delivery import Door
from sim.processes.parcel import Parcel
from sim.processes.rounds import Stop, round_of, routing_problem, servable, stops_of
from sim.processes.scene import Scene
from sim.processes.shipping import call_off, ship
from sim.processes.timetable import midnight_before, next_of_day
from sim.processes.tray import Tray
from sim.processes.vans import Round, charge, drive
from sim.schema.clock import to_ticks
from sim.world.orders import By


class Dispatch:
    """One depot: its parcels, its vans (a SimPy resource) and its delivery waves.

    A van out on a round cannot be planned with.  A stop the plan drops waits for the next wave; one that no van
    could serve even alone goes to the carrier, and where there is none its parcels are called off.
    """

    def __init__(self, scene: Scene, node: int, policy: RoutingPolicy, carrier: Carrier, door: Door) -> None:
        place = scene.world.scenario.network.warehouses[scene.world.cast.node_warehouse[node]]
        self._scene = scene
        self._node = node
        self._policy = policy
        self._carrier = carrier
        self._door = door
        self._dock: Tray[Parcel] = Tray(scene)
        self._left_over: list[Parcel] = []
        self._cut_off = [to_ticks(at) for at in place.cut_off]
        self.vans = simpy.Resource(scene.env, max(1, place.vans))
        scene.env.process(self._waves())

    def accept(self, parcel: Parcel) -> None:
        """Take over a packed parcel."""
        self._dock.put(parcel)

    def _waves(self) -> Generator[simpy.Event, None, None]:
        """At each cut-off, plan rounds for what was packed before, and send the vans."""
        midnight = midnight_before(self._scene.world.scenario.start)
        while True:
            if not self._left_over:
                yield self._dock.filled()
            yield self._scene.until(next_of_day(self._scene.now, midnight, self._cut_off))
            self._send(self._left_over + self._dock.take())

    def _send(self, parcels: list[Parcel]) -> None:
        """Plan for the oldest orders; what does not go now is left over."""
        vans = int(self.vans.capacity) - self.vans.count
        parcels.sort(key=lambda parcel: parcel.lines[0])
        stops = self._without_hopeless(stops_of(parcels))
        most = vans * self._most_stops()
        stops, rest = stops[:most], stops[most:]
        stops.sort(key=lambda stop: stop[0].consumer)  # a plan depends on the order of stops: keep it stable
        if stops:
            problem = routing_problem(self._scene.world, self._node, stops, vans)
            plan = self._policy.plan(problem)
            rest += [stops[i] for i in plan.dropped]
            for van, route in enumerate(plan.routes):
                self._depart(round_of(problem, self._node, stops, route), van)
        self._left_over = [parcel for stop in rest for parcel in stop]

    def _without_hopeless(self, stops: list[Stop]) -> list[Stop]:
        """Pass on the stops that no van could serve; return the others."""
        fit = servable(self._scene.world, self._node, stops)
        for i in np.flatnonzero(~fit).tolist():
            for parcel in stops[i]:
                if self._carrier.serves:
                    self._carrier.accept(parcel)
                else:
                    call_off(self._scene, parcel)
        return [stops[i] for i in np.flatnonzero(fit).tolist()]

    def _most_stops(self) -> int:
        """Return how many stops a van could serve in a shift if they lay next door to each other."""
        vans = self._scene.world.scenario.network.vans
        return max(1, int(vans.shift * 60 / max(1.0, float(vans.stop_seconds))))

    def _depart(self, planned: Round, van: int) -> None:
        self._scene.orders["by"][[line for parcel in planned.parcels for line in parcel.lines]] = By.VAN
        ship(self._scene, [parcel for parcel in planned.parcels if not parcel.under_way], By.VAN)
        charge(self._scene, planned)
        self._scene.record.row(
            "route",
            time=self._scene.now,
            node=self._node,
            van=van,
            stops=len(planned.stops),
            parcels=len(planned.parcels),
            metres=planned.metres,
            seconds=sum(planned.seconds),
            grams=sum(parcel.grams for parcel in planned.parcels),
        )
        self._scene.env.process(drive(self._scene, self.vans.request(), planned, self._door))
