"""Routing behind a guard: every stop exactly once, every van within weight, volume and shift."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.policy.guard import Guard, NonsenseError
from sim.schema.driving import RoutePlan, RoutingProblem


@dataclass
class ContainedRouting(Guard):
    """A plan is whole or of no use: one bad route, and the fallback plans the wave."""

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        """Return routes that keep weight, volume and shift, with their metres recomputed."""
        self.counts.asked += problem.n_stops
        try:
            plan = self.policy.plan(problem)
        except Exception as error:  # whatever a plug-in raises is contained here
            self.counts.note(error)
            return self._from_fallback(problem)
        try:
            return checked_plan(plan, problem)
        except NonsenseError as why:
            self.counts.nonsense(problem.n_stops, str(why))
            return self._from_fallback(problem)

    def _from_fallback(self, problem: RoutingProblem) -> RoutePlan:
        self.counts.served_by_fallback += problem.n_stops
        plan = self.trusted("plan", problem)
        try:
            return checked_plan(plan, problem)
        except NonsenseError as why:
            raise self.hopeless(str(why)) from why


def checked_plan(plan: Any, problem: RoutingProblem) -> RoutePlan:
    """Return the plan with its metres recomputed; raise `NonsenseError` where it breaks a rule."""
    if not isinstance(plan, RoutePlan):
        raise NonsenseError(f"{type(plan).__name__} instead of a RoutePlan")
    _each_stop_once(plan, problem.n_stops)
    if len(plan.routes) > problem.vans:
        raise NonsenseError(f"{len(plan.routes)} routes for {problem.vans} vans")
    metres = sum(_metres(number, route, problem) for number, route in enumerate(plan.routes))
    return RoutePlan(plan.routes, plan.dropped, metres)


def _each_stop_once(plan: RoutePlan, n_stops: int) -> None:
    seen = [stop for route in plan.routes for stop in route] + list(plan.dropped)
    if any(isinstance(stop, bool) or not isinstance(stop, int | np.integer) for stop in seen):
        raise NonsenseError("a stop is not a whole number")
    if sorted(seen) != list(range(n_stops)):
        raise NonsenseError(f"the plan does not hold each of the {n_stops} stops exactly once")
    if not all(isinstance(reason, str) and reason for reason in plan.dropped.values()):
        raise NonsenseError("a stop is dropped without a reason")


def _metres(number: int, route: tuple[int, ...], problem: RoutingProblem) -> int:
    """Return what a route drives; raise where the van cannot do it."""
    if not len(route):
        raise NonsenseError(f"route {number} has no stops")
    stops = np.array(route)
    rows = np.concatenate(([0], stops + 1, [0]))
    legs = (rows[:-1], rows[1:])
    limits = {
        "weight": (problem.weight[stops].sum(), problem.weight_capacity),
        "volume": (problem.volume[stops].sum(), problem.volume_capacity),
        "time": (problem.duration[legs].sum() + problem.service[stops].sum(), problem.shift),
    }
    for what, (used, limit) in limits.items():
        if used > limit:
            raise NonsenseError(f"route {number} takes {used} of {limit} {what}")
    return int(problem.distance[legs].sum())
