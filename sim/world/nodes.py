"""Where goods rest: warehouses, merchants' own places; and which merchant keeps goods where."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.network import Network
from sim.scenario.scenario import Scenario
from sim.world.geography import metres_between
from sim.world.places import nearest
from sim.world.trade import Listings, Merchants

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes, and each merchant's: ``first`` serves mainly, ``second`` too where it is not -1.

    Attributes
    ----------
    latitude, longitude : float64[n]
    warehouse : int32[n]
        The scenario's warehouse at a node, -1 = a merchant's own place, or "nowhere".
    first, second : int32[n_merchants]
    """

    names: tuple[str, ...]
    latitude: Float
    longitude: Float
    warehouse: Int
    first: Int
    second: Int


def place_nodes(scenario: Scenario, merchants: Merchants, listings: Listings) -> Nodes:
    """Return the nodes and where each merchant keeps its goods.

    Each merchant uses the nearest warehouse that keeps goods, and the largest also their second nearest.  Where
    merchants hand over by themselves (``orders.handling``), those whose warehouse has no vans that reach them keep
    their goods at home.  With neither warehouses nor handling there is one node, nowhere in particular.
    """
    places = scenario.network.warehouses
    own = scenario.orders.handling is not None
    if not places and not own:
        return _nowhere(scenario.network, len(merchants.names))
    nodes = _warehouses(scenario, merchants, listings)
    at_home = _out_of_reach(scenario.network, merchants, nodes) if own else nodes.first < 0
    return _with_own_places(merchants, nodes, at_home)


def _warehouses(scenario: Scenario, merchants: Merchants, listings: Listings) -> Nodes:
    """Return the warehouses as nodes; ``first`` is -1 where none keeps goods."""
    places, n = scenario.network.warehouses, len(merchants.names)
    latitude, longitude = np.array([(place.latitude, place.longitude) for place in places]).reshape(-1, 2).T
    keeps = np.array([i for i, place in enumerate(places) if not place.depot_only], np.int32)
    first, second = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    if len(keeps):
        k = min(2, len(keeps))
        near = keeps[nearest(merchants.latitude, merchants.longitude, latitude[keeps], longitude[keeps], k)]
        largest = np.argsort(-listings.sizes(n), kind="stable")[: round(scenario.merchants.multi_node_share * n)]
        first[:] = near[:, 0]
        second[largest] = near[largest, 1] if k == 2 else -1
    names = tuple(place.name for place in places)
    return Nodes(names, latitude, longitude, np.arange(len(places), dtype=np.int32), first, second)


def _out_of_reach(network: Network, merchants: Merchants, nodes: Nodes) -> NDArray[np.bool_]:
    """Tell which merchants the vans of their warehouse do not reach."""
    if not len(nodes.names):
        return np.ones(len(merchants.names), bool)
    there = (nodes.latitude[nodes.first], nodes.longitude[nodes.first])
    metres = metres_between(merchants.latitude, merchants.longitude, *there)
    vans = np.array([place.vans > 0 for place in network.warehouses])[nodes.first]
    return np.asarray((nodes.first < 0) | ~vans | (metres > 1000.0 * network.vans.reach_km))


def _with_own_places(merchants: Merchants, nodes: Nodes, at_home: NDArray[np.bool_]) -> Nodes:
    """Add a node for each merchant that keeps its goods at home."""
    own = np.flatnonzero(at_home)
    first, second = nodes.first.copy(), nodes.second.copy()
    first[own] = len(nodes.names) + np.arange(len(own))
    second[own] = -1
    return Nodes(
        (*nodes.names, *(merchants.names[i] for i in own.tolist())),
        np.append(nodes.latitude, merchants.latitude[own]),
        np.append(nodes.longitude, merchants.longitude[own]),
        np.append(nodes.warehouse, np.full(len(own), -1, np.int32)),
        first,
        second,
    )


def _nowhere(network: Network, n_merchants: int) -> Nodes:
    """Return one node at the first city's centre: nothing depends on where it is."""
    city = network.cities[0]
    none = np.full(1, -1, np.int32)
    first, second = np.zeros(n_merchants, np.int32), np.full(n_merchants, -1, np.int32)
    return Nodes(("nowhere",), np.array([city.latitude]), np.array([city.longitude]), none, first, second)
