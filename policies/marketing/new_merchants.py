"""A start for those who have just joined."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.marketing._deal import MINUTES_PER_DAY, deliverable, plan
from sim.schema.marketing import MarketingPlan, MarketingView


@dataclass(frozen=True)
class NewMerchants:
    """Spend alike on merchants who first listed anything not long ago, and alike on what each of them sells.

    Where nobody is new, nothing is spent.

    Parameters
    ----------
    days : float, days
        How long a merchant is new.
    coupons : float
        Share of the budget for coupons, the rest is for visits.
    """

    days: Annotated[float, Field(gt=0)] = 30.0
    coupons: Annotated[float, Field(ge=0, le=1)] = 0.25

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return the same cents for every new merchant's offers together."""
        with np.errstate(invalid="ignore"):  # a room has no merchant
            new = deliverable(view) & (view.minute - view.joined <= self.days * MINUTES_PER_DAY) & (view.merchant >= 0)
        offers = np.bincount(view.merchant[new], minlength=1)
        weight = np.zeros(len(view))
        weight[new] = 1.0 / offers[view.merchant[new]]
        return plan(view, weight, self.coupons)
