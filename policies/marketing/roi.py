"""More for what has brought most."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.marketing._deal import deliverable, plan
from sim.schema.marketing import MarketingPlan, MarketingView

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Roi:
    """Spend where the return so far is best, and a share on everything, so that what is new gets its chance.

    The epsilon-greedy rule: a share ``explore`` of the budget is spent alike on all targets, the rest alike on the
    ``best``.  A target's return is ``(revenue + k R) / (spent + k)``, where R is the return of all money so far and k
    the cost of ``prior_visits``: with little spent on it a target is held to be like the others, and one lucky order
    does not make it the best.  Until anything is known all are alike.

    Parameters
    ----------
    explore : float
        Share of the budget spent on all targets alike.
    best : int
        How many targets share the rest.
    prior_visits : float, visits
        After how many a target's own return counts as much as that of all.
    coupons : float
        Share of the budget for coupons, the rest is for visits.

    References
    ----------
    Sutton & Barto, Reinforcement Learning (2nd ed., 2018), section 2.2: epsilon-greedy.
    Efron & Morris, Data analysis using Stein's estimator, JASA 70 (1975): shrinkage towards the mean of all.
    """

    explore: Annotated[float, Field(ge=0, le=1)] = 0.2
    best: Annotated[int, Field(ge=1)] = 10
    prior_visits: Annotated[float, Field(gt=0)] = 50.0
    coupons: Annotated[float, Field(ge=0, le=1)] = 0.25

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return a little for every target, and most for the best."""
        open_to_all = deliverable(view).astype(float)
        chosen = self._best(view)
        alike = open_to_all / max(1.0, open_to_all.sum())
        weight = self.explore * alike + (1 - self.explore) * chosen / max(1.0, chosen.sum())
        return plan(view, weight, self.coupons)

    def _best(self, view: MarketingView) -> Float:
        """Return 1 for the targets of highest return; ties at the last place are all in."""
        score = np.where(deliverable(view), self._returns(view), -1.0)
        chosen: Float = np.zeros(len(view))
        if len(view):
            last = np.sort(score)[::-1][min(self.best, len(view)) - 1]
            chosen[(score >= last) & (score >= 0)] = 1.0
        return chosen

    def _returns(self, view: MarketingView) -> Float:
        spent = float(view.spent.sum())
        overall = float(view.revenue.sum()) / spent if spent else 0.0
        k = self.prior_visits * view.visit_price
        returns: Float = (view.revenue + k * overall) / (view.spent + k)
        return returns.astype(np.float32).astype(np.float64)  # equal but for rounding is equal
