"""What a delivery is promised to take, from each node to each city."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.network import Network
from sim.schema.clock import MINUTES_PER_DAY
from sim.world.geography import metres_between
from sim.world.nodes import Nodes

Float = NDArray[np.float64]

VAN_DAYS = 1.0
"""What is promised of a local delivery."""


def promise_days(network: Network, nodes: Nodes) -> Float:
    """Return the median transit in days that consumers of a city are shown, float64[n_nodes, n_cities].

    A day where the node's vans reach the city's centre, else the carrier's transit, and a day more where it goes
    to a depot and on by van; where there is no network parcels simply appear.
    """
    if not network.warehouses:
        without = network.delivery_without_network / MINUTES_PER_DAY
        return np.full((len(nodes.names), len(network.cities)), without)
    latitude, longitude = np.array([(city.latitude, city.longitude) for city in network.cities]).T
    km = metres_between(nodes.latitude[:, None], nodes.longitude[:, None], latitude, longitude) / 1000.0
    vans = np.array([*(warehouse.vans > 0 for warehouse in network.warehouses), False])[nodes.warehouse]
    local = vans[:, None] & (km <= network.vans.reach_km)
    last_mile = VAN_DAYS * (local.any(axis=0) & (not network.carrier.to_the_door))
    return np.where(local, VAN_DAYS, _carrier_days(network, km) + last_mile)


def _carrier_days(network: Network, km: Float) -> Float:
    """Return the carrier's median transit by distance."""
    carrier = network.carrier
    if carrier.saturation_km > 0:
        km = km / (1.0 + km / carrier.saturation_km)
    return float(carrier.base_days) + float(carrier.days_per_1000_km) / 1000.0 * km
