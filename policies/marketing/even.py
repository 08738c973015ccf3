"""The same for everybody."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from policies.marketing._deal import deliverable, plan
from sim.schema.marketing import MarketingPlan, MarketingView


@dataclass(frozen=True)
class Even:
    """Spend alike on every offer and room with something left to sell.

    Where there is less than a visit's price for each, another stretch of targets has its turn every day.

    Parameters
    ----------
    coupons : float
        Share of the budget for coupons, the rest is for visits.
    """

    coupons: Annotated[float, Field(ge=0, le=1)] = 0.25

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return the same cents for every target, but for what does not divide."""
        return plan(view, deliverable(view).astype(float), self.coupons)
