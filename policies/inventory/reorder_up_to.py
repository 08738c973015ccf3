"""(s, S): wait until stock is low, then fill it up."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.inventory._lots import days_of_demand, in_packs
from sim.schema.stocking import InventoryView

DEFAULT_DAYS = (7.0, 21.0)


@dataclass(frozen=True)
class ReorderUpTo:
    """Order up to S wherever the inventory position is at or under the reorder point s.

    ``order = S - position if position <= s else 0``, in whole packs and at least the supplier's minimum.
    Both are given in units, or both in days of each SKU's mean daily demand; 7 and 21 days where neither is.

    Parameters
    ----------
    reorder_point : int or None, units
        s.
    order_up_to : int or None, units
        S, above s.
    reorder_days : float or None, days
        s as days of mean daily demand.
    order_up_to_days : float or None, days
        S as days of mean daily demand.

    References
    ----------
    Scarf, The optimality of (S, s) policies in the dynamic inventory problem (1960).
    """

    reorder_point: Annotated[int, Field(ge=-1)] | None = None
    order_up_to: Annotated[int, Field(ge=0)] | None = None
    reorder_days: Annotated[float, Field(gt=0)] | None = None
    order_up_to_days: Annotated[float, Field(gt=0)] | None = None

    def __post_init__(self) -> None:
        units, days = self._pairs()
        if units.count(None) == 1 or days.count(None) == 1:
            raise ValueError("a reorder point and an order-up-to level come together")
        if None not in units and None not in days:
            raise ValueError("give both levels in units or both in days, not all four")
        for low, high in (units, days):
            if low is not None and high is not None and low >= high:
                raise ValueError(f"the order-up-to level {high} must be above the reorder point {low}")

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the units that fill up what is low."""
        low, high = self._levels(view)
        return in_packs(np.where(view.position <= low, high - view.position, 0), view)

    def reorder_level(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the reorder points."""
        return self._levels(view)[0]

    def _pairs(self) -> tuple[tuple[float | None, float | None], tuple[float | None, float | None]]:
        return (self.reorder_point, self.order_up_to), (self.reorder_days, self.order_up_to_days)

    def _levels(self, view: InventoryView) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        (low, high), (low_days, high_days) = self._pairs()
        if low is not None and high is not None:
            return np.full(len(view), low, np.int64), np.full(len(view), high, np.int64)
        low_days, high_days = low_days or DEFAULT_DAYS[0], high_days or DEFAULT_DAYS[1]
        lower = days_of_demand(low_days, view)
        return lower, np.maximum(days_of_demand(high_days, view), lower + 1)
