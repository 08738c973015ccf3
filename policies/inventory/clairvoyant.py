"""The reference at the head of the table: it knows what will be wanted."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from policies.inventory._lots import in_packs
from sim.policy.protocols import Truth
from sim.schema.stocking import InventoryView

MINUTES_PER_DAY = 1440.0
LATE = 2.0
"""Standard deviations of the lead time by which the next delivery may be late and still come in time."""


@dataclass(frozen=True)
class Clairvoyant:
    """Order what a twin world with endless stock will sell until the delivery after this one.

    ``order = max(0, demand[now, now + lead time + 2 sd + review period) - position)``; under continuous
    review, where the period is 0, a day's demand is added so that orders do not come unit by unit.
    Privileged: a reference, not a proven bound, because it ignores costs and other owners' stock.
    """

    privileged: ClassVar[bool] = True
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def reveal(self, truth: Truth) -> None:
        """Take hold of the infinite-stock twin."""
        self._state.truth = truth

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return what will be wanted and is neither there nor on its way."""
        return in_packs(self._wanted(view, view.review_period or MINUTES_PER_DAY) - view.position, view)

    def reorder_level(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the demand until an order placed now arrives."""
        return self._wanted(view, 0.0)

    def _wanted(self, view: InventoryView, extra: float) -> NDArray[np.int64]:
        """Return the units demanded per row until its next order is in, plus ``extra`` minutes."""
        until = view.minute + view.lead_time + LATE * view.lead_time_sd + extra
        wanted = np.zeros(len(view), np.int64)
        for instant in np.unique(until):
            rows = until == instant
            demand = self._state.truth.future_demand(view.minute, float(instant))
            wanted[rows] = np.ceil(demand[view.key[rows]])
        return wanted
