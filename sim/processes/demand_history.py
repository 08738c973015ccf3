"""What was wanted on past days, per ledger key: what replenishment policies forecast from."""

import numpy as np
from numpy.typing import NDArray

from sim.world.world import World

Float = NDArray[np.float64]
Long = NDArray[np.int64]

WARM_DAYS = 7
"""A week of expected demand stands in for the days before the start, until there are as many real days."""


class DemandHistory:
    """Units demanded per ledger key and whole day.

    An offer's demand of a day is split over its keys by the units bound to each that day; what was not served from
    any counts at its main node.  Before the start a merchant counts on the cast's ``base_rate``: a policy always
    sees at least `WARM_DAYS` days, the missing ones filled with it, spread evenly over an offer's keys.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        stock = world.stock
        self._keys = np.diff(stock.first_key)
        expected = (world.cast.base_rate / np.maximum(self._keys, 1))[stock.offer]
        self._table = np.tile(expected[:, None], 4 * WARM_DAYS)  # the days before the start, real days, room for more
        self._days = 0
        self._wanted, self._bound = self._totals()

    def close_day(self) -> Long:
        """Note a day that ends now; return the units demanded of each offer on it."""
        wanted, bound = self._totals()
        day, self._wanted = wanted - self._wanted, wanted
        here, self._bound = bound - self._bound, bound
        self._write(self._split(day, np.maximum(here, 0)))
        return day

    def of(self, keys: Long) -> Float:
        """Return the history of some keys, float64[n, days], oldest day first."""
        return self._table[keys, min(self._days, WARM_DAYS) : WARM_DAYS + self._days]

    def _write(self, day: Float) -> None:
        column = WARM_DAYS + self._days
        if column == self._table.shape[1]:
            self._table = np.concatenate((self._table, np.empty_like(self._table)), axis=1)
        self._table[:, column] = day
        self._days += 1

    def _split(self, wanted: Long, bound: Long) -> Float:
        stock = self._world.stock
        per_offer = np.bincount(stock.offer, bound, len(wanted))
        served = np.minimum(wanted, per_offer)
        share = served / np.maximum(per_offer, 1)
        day = bound * share[stock.offer]
        some = np.flatnonzero(self._keys)
        day[stock.main_key[some]] += (wanted - served)[some]
        return day

    def _totals(self) -> tuple[Long, Long]:
        return self._world.truth.offers["wanted"].copy(), self._world.stock.bound.copy()
