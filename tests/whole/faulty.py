"""Policies of somebody else that fail in the middle of a run, or answer nonsense from then on."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.inventory.base_stock import BaseStock
from policies.recommenders.random import Random
from policies.routing.nearest_neighbour import NearestNeighbour
from sim.policy.keyed import KeyedRng
from sim.schema.driving import RoutePlan, RoutingProblem
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates
from sim.schema.stocking import InventoryView


@dataclass(frozen=True)
class Recommends:
    """Shows at random until the minute ``at``; then it raises, or names contents that do not exist."""

    at: float = 0.0
    nonsense: bool = False
    inner: Random = field(init=False, repr=False, default_factory=Random)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        self.inner.begin(rng, catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        self.inner.fit(log, catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        slates = self.inner.recommend(requests, k)
        spoilt = requests.minute >= self.at
        if spoilt.any() and not self.nonsense:
            raise RuntimeError(f"no feed after minute {self.at:.0f}")
        slates.content[spoilt] = 10**6
        return slates


@dataclass(frozen=True)
class Orders:
    """Keeps five units of each until the minute ``at``; then it raises, or orders less than nothing."""

    at: float = 0.0
    nonsense: bool = False

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        if view.minute < self.at:
            return BaseStock(level=5).review(view)
        if not self.nonsense:
            raise ZeroDivisionError("no demand")
        return np.full(len(view), -1, np.int64)


@dataclass(frozen=True)
class Routes:
    """Plans waves of a few stops; for more it raises, or forgets the last stop."""

    most: int = 3
    nonsense: bool = False

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        plan = NearestNeighbour().plan(problem)
        if problem.n_stops <= self.most:
            return plan
        if not self.nonsense:
            raise MemoryError(f"{problem.n_stops} stops")
        *routes, last = plan.routes
        rest: list[Any] = [last[:-1]] if len(last) > 1 else []
        return RoutePlan((*routes, *rest), plan.dropped, plan.metres)
