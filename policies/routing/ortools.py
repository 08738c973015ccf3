"""Rounds by OR-Tools: two first solutions, each improved to a local optimum, the shorter one driven."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from policies.routing._possible import NO_VAN_LEFT, driven, impossible
from sim.schema.driving import RoutePlan, RoutingProblem


@dataclass(frozen=True)
class Ortools:
    """Plan the shortest rounds that OR-Tools finds from savings and from path cheapest arc, by greedy descent.

    Minimises metres over identical vans within weight, volume and shift; a stop is dropped only where no van is
    left for it, at ten times the longest round trip.  The budget counts the solver's checks, never the wall
    clock, and begins when a first solution is there: same problem, same rounds.

    Parameters
    ----------
    checks : int
        Budget per descent, in the solver's own limit checks; about 0.3 s of computing per 100,000.

    References
    ----------
    Clarke & Wright, Scheduling of vehicles from a central depot, Operations Research 12 (1964).
    """

    checks: Annotated[int, Field(ge=0)] = 200_000

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        """Return the shorter of two local optima."""
        dropped = impossible(problem)
        stops = np.array([stop for stop in range(problem.n_stops) if stop not in dropped], np.int64)
        if not len(stops):
            return RoutePlan((), dropped, 0)
        rounds = _solve(problem, stops, self.checks)
        routes = tuple(tuple(int(stops[node - 1]) for node in route) for route in rounds)
        served = {stop for route in routes for stop in route}
        dropped |= {int(stop): NO_VAN_LEFT for stop in stops if int(stop) not in served}
        return RoutePlan(routes, dropped, driven(routes, problem))


def _solve(problem: RoutingProblem, stops: np.ndarray, checks: int) -> list[list[int]]:
    """Return the nodes of each used van's route; node 0 is the depot, node j the stop ``stops[j - 1]``."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(stops) + 1, min(problem.vans, len(stops)), 0)
    model = pywrapcp.RoutingModel(manager)
    _describe(model, manager, problem, stops)
    limit = _Limit(model, checks)
    strategy = routing_enums_pb2.FirstSolutionStrategy
    best: tuple[int, list[list[int]]] | None = None
    for start in (strategy.SAVINGS, strategy.PATH_CHEAPEST_ARC):
        limit.begin()
        solution = model.SolveWithParameters(_parameters(start))
        if solution is not None and (best is None or solution.ObjectiveValue() < best[0]):
            best = (solution.ObjectiveValue(), _routes(model, manager, solution))
    if best is None:
        raise RuntimeError(f"OR-Tools found no plan for {len(stops)} stops: status {model.status()}")
    return best[1]


def _describe(model: Any, manager: Any, problem: RoutingProblem, stops: np.ndarray) -> None:
    """Tell the model about distances, limits and what dropping a stop costs, all as matrices."""
    rows = np.concatenate(([0], stops + 1))
    distance = problem.distance[np.ix_(rows, rows)]
    service = np.concatenate(([0], problem.service[stops]))
    time = problem.duration[np.ix_(rows, rows)] + service[:, None]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(distance.tolist()))
    model.AddDimension(model.RegisterTransitMatrix(time.tolist()), 0, problem.shift, True, "time")
    loads = {
        "weight": (problem.weight[stops], problem.weight_capacity),
        "volume": (problem.volume[stops], problem.volume_capacity),
    }
    for name, (load, capacity) in loads.items():
        vector = [0, *load.tolist()]
        model.AddDimension(model.RegisterUnaryTransitVector(vector), 0, capacity, True, name)
    penalty = 10 * max(1, int((distance[0] + distance[:, 0]).max()))
    for node in range(1, len(rows)):
        model.AddDisjunction([manager.NodeToIndex(node)], penalty)


class _Limit:
    """Ends a descent after a number of checks that are counted from its first solution on."""

    def __init__(self, model: Any, checks: int) -> None:
        self.checks = checks
        self.begin()
        model.AddAtSolutionCallback(self._found)
        model.AddSearchMonitor(model.solver().CustomLimit(self._spent))

    def begin(self) -> None:
        """Start counting anew."""
        self.solved, self.used = False, 0

    def _found(self) -> None:
        self.solved = True

    def _spent(self) -> bool:
        self.used += self.solved
        return self.used > self.checks


def _parameters(start: int) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = start
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
    # a limit by the wall clock would make the rounds depend on how busy the machine is
    parameters.lns_time_limit.FromSeconds(10**6)
    return parameters


def _routes(model: Any, manager: Any, solution: Any) -> list[list[int]]:
    routes = []
    for van in range(model.vehicles()):
        index, route = solution.Value(model.NextVar(model.Start(van))), []
        while not model.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = solution.Value(model.NextVar(index))
        if route:
            routes.append(route)
    return routes
