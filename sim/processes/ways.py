"""The ways from the nodes to the doors: how far, how long as a rule, for how much."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.clock import MINUTES_PER_DAY
from sim.world.doors import fill_metres
from sim.world.world import World

Float = NDArray[np.float64]
Ids = NDArray[np.integer]

VAN_DAYS = 1.0
"""What is promised as the median of a local delivery."""


class Ways:
    """Distances, median transit times and tariffs between a world's nodes and homes.

    A consumer of -1 is somebody without a home on the map: distance 0, never by van or carrier.
    """

    def __init__(self, world: World) -> None:
        network, cast, consumers = world.scenario.network, world.cast, world.truth.consumers
        self._network = network
        self._nodes = np.stack((cast.node_latitude, cast.node_longitude), axis=1)
        self._homes = np.stack((consumers["latitude"], consumers["longitude"]), axis=1)
        vans = [warehouse.vans > 0 for warehouse in network.warehouses]
        self._has_vans = [w >= 0 and bool(vans) and vans[w] for w in cast.node_warehouse.tolist()]
        self._reach = network.vans.reach_km * 1000.0
        self._depots = np.flatnonzero(self._has_vans)
        carrier = network.carrier
        self._base_days = float(carrier.base_days)
        self._days_per_km = float(carrier.days_per_1000_km) / 1000.0
        self._saturation_km = carrier.saturation_km
        self._cents = 100 * float(carrier.tariff_base)
        self._cents_per_metre = float(carrier.tariff_per_100_km) / 1000.0
        self._cents_per_gram = float(carrier.tariff_per_kg) / 10.0

    def metres(self, node: Ids, consumer: Ids) -> Float:
        """Return great-circle distances from nodes to homes, row by row."""
        distance = np.empty(len(consumer))
        fill_metres(self._nodes, self._homes, node, consumer, distance)
        return distance

    def direct(self, consumer: int) -> bool:
        """Tell whether a parcel simply appears: there is no network, or no home."""
        return consumer < 0 or not self._network.warehouses

    def local(self, node: int, metres: float) -> bool:
        """Tell whether a parcel goes out in the node's own vans."""
        return self._has_vans[node] and metres <= self._reach

    def depot(self, consumer: int) -> int:
        """Return the nearest node with vans that reach a home, where the carrier goes there; -1 = to the door."""
        if self._network.carrier.to_the_door or not len(self._depots):
            return -1
        metres = self.metres(self._depots, np.full(len(self._depots), consumer))
        first = int(np.argmin(metres))
        return int(self._depots[first]) if metres[first] <= self._reach else -1

    def median_minutes(self, node: int, consumer: int, metres: float) -> float:
        """Return the median transit time that a promise is made of."""
        if self.direct(consumer):
            return self._network.delivery_without_network
        if self.local(node, metres):
            return MINUTES_PER_DAY * VAN_DAYS
        last_mile = VAN_DAYS if self.depot(consumer) >= 0 else 0.0
        return MINUTES_PER_DAY * (self.carrier_days(metres) + last_mile)

    def carrier_days(self, metres: float) -> float:
        """Return the carrier's median transit, from collection to the door."""
        km = metres / 1000.0
        if self._saturation_km > 0:
            km = km / (1.0 + km / self._saturation_km)
        return self._base_days + self._days_per_km * km

    def tariff(self, metres: float, grams: int) -> int:
        """Return what the carrier takes for a parcel, cents."""
        return round(self._cents + self._cents_per_metre * metres + self._cents_per_gram * grams)
