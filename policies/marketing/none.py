"""Spend nothing."""

from dataclasses import dataclass

import numpy as np

from sim.schema.marketing import MarketingPlan, MarketingView


@dataclass(frozen=True)
class NonePolicy:
    """Leave the budget alone: what every other policy is held against."""

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return nothing for anything."""
        nothing = np.zeros(len(view), np.int64)
        return MarketingPlan(nothing, nothing)
