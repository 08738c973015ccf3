"""Base stock: every unit demanded is ordered again."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.inventory._lots import days_of_demand, in_packs
from sim.schema.stocking import InventoryView

DEFAULT_DAYS = 14.0


@dataclass(frozen=True)
class BaseStock:
    """Order up to a base-stock level at every review.

    ``order = max(0, level - position)``, in whole packs and at least the supplier's minimum.  The level is
    given in units, or in days of each SKU's mean daily demand; 14 days where neither is given.

    Parameters
    ----------
    level : int or None, units
        The base-stock level S.
    days : float or None, days
        The level as days of mean daily demand.

    References
    ----------
    Arrow, Harris & Marschak, Optimal inventory policy, Econometrica 19 (1951).
    """

    level: Annotated[int, Field(ge=0)] | None = None
    days: Annotated[float, Field(gt=0)] | None = None

    def __post_init__(self) -> None:
        if self.level is not None and self.days is not None:
            raise ValueError("give 'level' or 'days', not both")

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the units that bring each position back to its level."""
        return in_packs(self._level(view) - view.position, view)

    def reorder_level(self, view: InventoryView) -> NDArray[np.int64]:
        """Return one less than the level: each unit sold is due."""
        return self._level(view) - 1

    def _level(self, view: InventoryView) -> NDArray[np.int64]:
        if self.level is not None:
            return np.full(len(view), self.level, np.int64)
        return days_of_demand(self.days or DEFAULT_DAYS, view)
