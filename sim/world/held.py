"""How much has lain on the shelf, for how long; and how long it was bare, and how much was owed.  Exact."""

import numpy as np
from numpy.typing import NDArray

Long = NDArray[np.int64]


class TimeTotals:
    """Time integrals of the ledger's units on hand and backorders, per key, since the start.

    Parameters
    ----------
    on_hand, backorders : int64[n_keys]
        The ledger's own arrays; it announces each change before it makes it.
    """

    def __init__(self, on_hand: Long, backorders: Long) -> None:
        self._on_hand = on_hand
        self._backorders = backorders
        self._held, self._bare, self._owed, self._settled = np.zeros((4, len(on_hand)), np.int64)
        self._on_hand_since, self._backorders_since = np.zeros((2, len(on_hand)), np.int64)

    def on_hand_changes(self, key: int, now: int) -> None:
        """Count up to ``now`` (ticks): the units on hand at a key are about to change."""
        span, units = now - self._on_hand_since[key], self._on_hand[key]
        self._held[key] += units * span
        if units == 0:
            self._bare[key] += span
        self._on_hand_since[key] = now

    def backorders_change(self, key: int, now: int) -> None:
        """Count up to ``now`` (ticks): the backorders at a key are about to change."""
        self._owed[key] += self._backorders[key] * (now - self._backorders_since[key])
        self._backorders_since[key] = now

    def held(self, now: int) -> Long:
        """Return unit-ticks on hand per key."""
        return self._held + self._on_hand * (now - self._on_hand_since)

    def bare(self, now: int) -> Long:
        """Return ticks with nothing on hand per key."""
        return self._bare + np.where(self._on_hand == 0, now - self._on_hand_since, 0)

    def owed(self, now: int) -> Long:
        """Return unit-ticks of backorders per key."""
        return self._owed + self._backorders * (now - self._backorders_since)

    def settle(self, now: int) -> Long:
        """Return unit-ticks on hand per key since the last call."""
        held = self.held(now)
        since, self._settled = held - self._settled, held
        return since
