"""Always on to the nearest stop."""

from dataclasses import dataclass

import numpy as np

from policies.routing._possible import NO_VAN_LEFT, driven, impossible
from sim.schema.compiled import allocating
from sim.schema.driving import RoutePlan, RoutingProblem


@dataclass(frozen=True)
class NearestNeighbour:
    """Fill one van after another, each going on to the nearest stop that it can still serve in its shift.

    Ties go to the smaller stop.

    References
    ----------
    Rosenkrantz, Stearns & Lewis, An analysis of several heuristics for the travelling salesman problem (1977).
    """

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        """Return the rounds, and what is left over when the last van is out."""
        dropped = impossible(problem)
        free = np.ones(problem.n_stops, np.bool_)
        free[list(dropped)] = False
        van = _assign(
            problem.distance, problem.duration, problem.service, problem.weight, problem.volume,
            problem.vans, problem.weight_capacity, problem.volume_capacity, problem.shift, free,
        )  # fmt: skip
        routes = tuple(tuple(int(stop) for stop in route[route >= 0]) for route in van)
        dropped |= {int(stop): NO_VAN_LEFT for stop in np.flatnonzero(free)}
        return RoutePlan(routes, dropped, driven(routes, problem))


@allocating
def _assign(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    distance, duration, service, weight, volume, vans, weight_capacity, volume_capacity, shift, free
):
    """Return stops per van in order, -1 behind the last, shape (used vans, stops); ``free`` keeps the rest."""
    n = len(service)
    routes = np.full((min(vans, n), n), -1, np.int64)
    for van in range(len(routes)):
        at, grams, millilitres, clock, length = 0, 0, 0, 0, 0
        while True:
            best = -1
            for stop in range(n):
                if not free[stop] or (best >= 0 and distance[at, stop + 1] >= distance[at, best + 1]):
                    continue
                back = clock + duration[at, stop + 1] + service[stop] + duration[stop + 1, 0]
                fits = grams + weight[stop] <= weight_capacity and millilitres + volume[stop] <= volume_capacity
                if fits and back <= shift:
                    best = stop
            if best < 0:
                break
            free[best] = False
            grams += weight[best]
            millilitres += volume[best]
            clock += duration[at, best + 1] + service[best]
            at = best + 1
            routes[van, length] = best
            length += 1
        if length == 0:
            return routes[:van]
    return routes
