"""Clear what does not sell."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.schema.stocking import PricingView

MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True)
class Markdown:
    """Cut the price of slow sellers, step by step, down to a floor margin.

    An offer in stock that sold fewer than ``weak_sales`` units last week is priced at
    ``list price * (1 - cut) ** floor(days listed / days)``, never under ``unit cost / (1 - floor_margin)``
    and never above its price in force: a price once cut is not raised again.

    Parameters
    ----------
    days : float, days
        Time on sale before the first cut, and from one cut to the next.
    weak_sales : int, units a week
        Fewer than this is weak.
    cut : float
        Share of the price taken off at each step.
    floor_margin : float
        Share of the price that must remain above unit cost.

    References
    ----------
    Smith & Achabal, Clearance pricing and inventory policies for retail chains, Management Science 44 (1998).
    """

    days: Annotated[float, Field(gt=0)] = 14.0
    weak_sales: Annotated[int, Field(ge=0)] = 3
    cut: Annotated[float, Field(gt=0, lt=1)] = 0.2
    floor_margin: Annotated[float, Field(ge=0, lt=1)] = 0.05

    def price(self, view: PricingView) -> NDArray[np.int64]:
        """Return the prices after today's cuts."""
        steps = np.floor((view.minute - view.listed) / (self.days * MINUTES_PER_DAY))
        marked = np.floor(view.list_price * (1 - self.cut) ** np.maximum(steps, 0))
        floor = np.ceil(view.unit_cost / (1 - self.floor_margin))
        cut = np.minimum(view.price, np.maximum(marked, np.maximum(floor, 1)))
        slow = (steps >= 1) & (view.sold_week < self.weak_sales) & (view.available > 0)
        return np.where(slow, cut, view.price).astype(np.int64)
