"""The supply-side seams behind a guard: replenishment, allocation, pricing, showcase."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policy.guard import Guard, whole_numbers
from sim.policy.protocols import Triggered
from sim.schema.stocking import AllocationView, InventoryView, PricingView, ShowcaseView

MOST_UNITS = 10**9
"""An order or a price beyond this is a fault, not a decision."""
NEVER_DUE = -(2**62)
"""A reorder level that no position reaches."""

Bad = NDArray[np.bool_]


@dataclass
class ContainedReplenishment(Guard):
    """Orders of 0 to `MOST_UNITS` units per ledger key."""

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the units to order per row of the view."""
        return self.rows("review", view, lambda answer: _orders(answer, len(view)), len(view))

    def reorder_level(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the position at or under which a review is due; `NEVER_DUE` where the policy has none."""
        if isinstance(self.policy, Triggered):
            try:
                levels = self.policy.reorder_level(view)
                whole_numbers(levels, (len(view),))
                return levels
            except Exception as error:  # whatever a plug-in raises is contained here
                self.counts.note(error)
        return np.full(len(view), NEVER_DUE, np.int64)


@dataclass
class ContainedAllocation(Guard):
    """Each order line is bound to one of its own candidate rows."""

    def allocate(self, view: AllocationView) -> NDArray[np.int32]:
        """Return, per order line, the index of the candidate row that serves it."""
        n = len(view.units)
        return self.rows("allocate", view, lambda answer: _strangers(answer, view), n)


@dataclass
class ContainedPricing(Guard):
    """Prices of 1 to `MOST_UNITS` cents."""

    def price(self, view: PricingView) -> NDArray[np.int64]:
        """Return cents per offer."""
        n = len(view.price)
        return self.rows("price", view, lambda answer: _prices(answer, n), n)


@dataclass
class ContainedShowcase(Guard):
    """Each run of show names offers that exist, none twice, in no more slots than were planned."""

    def choose(self, view: ShowcaseView) -> NDArray[np.int32]:
        """Return offers, shape (livestreams, most slots); -1 where a slot stays empty."""
        shape = (len(view.creator), int(view.slots.max(initial=0)))
        chosen = self.rows("choose", view, lambda answer: _shows(answer, shape, view), shape[0])
        return np.where(np.arange(shape[1]) < view.slots[:, None], chosen, -1).astype(np.int32)


def _orders(answer: Any, n: int) -> Bad:
    whole_numbers(answer, (n,))
    return np.asarray((answer < 0) | (answer > MOST_UNITS))


def _prices(answer: Any, n: int) -> Bad:
    whole_numbers(answer, (n,))
    return np.asarray((answer < 1) | (answer > MOST_UNITS))


def _strangers(answer: Any, view: AllocationView) -> Bad:
    """Return the lines bound to none of their candidates; -1 is right only where there is none."""
    n, m = len(view.units), len(view.line)
    whole_numbers(answer, (n,))
    served = np.append(view.line, -1)  # the last row catches every index outside, -1 among them
    index = np.where((answer < 0) | (answer >= m), m, answer)
    orphan = (np.bincount(view.line, minlength=n) == 0) & (answer == -1)
    return np.asarray((served[index] != np.arange(n)) & ~orphan)


def _shows(answer: Any, shape: tuple[int, int], view: ShowcaseView) -> Bad:
    whole_numbers(answer, shape)
    outside = ((answer < -1) | (answer >= len(view.price))).any(axis=1)
    ranked = np.sort(answer, axis=1)
    twice = ((ranked[:, 1:] == ranked[:, :-1]) & (ranked[:, 1:] >= 0)).any(axis=1)
    return np.asarray(outside | twice)
