"""Demand drawn again from real orders: with replacement, weekday by weekday."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.processes.demand_rows import demand_rows
from sim.processes.timetable import DAY, midnight_before
from sim.schema.clock import to_ticks
from sim.world.guess import guess
from sim.world.order_table import OrderTable, read_orders
from sim.world.state import Rows
from sim.world.table import Names
from sim.world.world import World

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]

MOST_STRANGERS = 0.05
"""Orders of consumers whom the population's table does not know are kept up to this share, without a home."""


class BootstrapDemand:
    """Real orders drawn with replacement; each keeps its item, consumer, units and time of day.

    A date has a Poisson number of orders, ``per_day`` in the mean over a week, and takes them from the real orders of
    its weekday, which is as busy against the others as it really was.  A table of under a week has no weekdays: each
    date takes from all.

    Parameters
    ----------
    number : int
        Which of the scenario's demands it is.
    """

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        table = read_orders(world.scenario, number)
        self._since_midnight, self._units = table.since_midnight, table.units
        self._offer = _offers(world, table)
        self._consumer = _consumers(world, table)
        self._pools, factors = weekday_profile(table.day)
        self._rates = world.scenario.demand[number].per_day * factors
        self._stream = world.stream("demand.bootstrap", number)
        self._blur = to_ticks(world.scenario.demand[number].blur)
        self._times = world.stream("demand.bootstrap.time", number)
        self._next_midnight = midnight_before(world.scenario.start)
        self._weekday = world.scenario.start.weekday()
        self._drawn = 0
        self._ahead = demand_rows(world, number, 0, np.zeros(0, np.int64), np.zeros(0, np.int64))

    def draw(self, begins: int, ends: int) -> Rows:
        """Return the orders in [begins, ends) (ticks), in order of time; spans follow each other."""
        pieces = [self._ahead]
        while self._next_midnight < ends:
            pieces.append(self._draw_date())
        rows = np.concatenate(pieces)
        rows = rows[np.argsort(rows["placed"], kind="stable")]
        first, last = np.searchsorted(rows["placed"], (begins, ends))
        self._ahead = rows[last:]
        return rows[first:last]

    def _draw_date(self) -> Rows:
        """Return the orders of the next date."""
        pool = self._pools[self._weekday]
        n = int(self._stream.poisson(self._rates[self._weekday]))
        real = pool[self._stream.integers(0, len(pool), n)] if n else pool[:0]
        placed = self._next_midnight + self._time_of_day(self._since_midnight[real])
        rows = demand_rows(
            self._world, self._number, self._drawn, placed, self._offer[real], self._consumer[real], self._units[real]
        )
        self._drawn += n
        self._next_midnight += DAY
        self._weekday = (self._weekday + 1) % 7
        return rows

    def _time_of_day(self, since_midnight: Long) -> Long:
        """Return the times as they were, or drawn anew within their spans of the day."""
        if not self._blur:
            return since_midnight
        anew = since_midnight // self._blur * self._blur + self._times.integers(0, self._blur, len(since_midnight))
        times: Long = np.minimum(anew, DAY - 1)
        return times


def weekday_profile(day: Long) -> tuple[list[Long], Float]:
    """Return, per weekday from Monday, the rows to draw from, and how busy it is against the mean of the week.

    Parameters
    ----------
    day : int64[n]
        Dates of the rows, days since 1970-01-01.
    """
    first, last = int(day.min()), int(day.max())
    if last - first < 6:
        return [np.arange(len(day))] * 7, np.ones(7)
    monday = date(1970, 1, 1).weekday()
    weekday = (day + monday) % 7
    dates = np.bincount((np.arange(first, last + 1) + monday) % 7, minlength=7)
    busy = np.bincount(weekday, minlength=7) / dates
    return [np.flatnonzero(weekday == w) for w in range(7)], busy / busy.mean()


def _offers(world: World, table: OrderTable) -> Int:
    """Return the offer of each order: its merchant's, or the cheapest of the SKU where no merchant is named."""
    sku = _known(table, table.sku, "sku", world.cast.sku_name)
    offers = world.truth.offers
    if table.merchant is None:
        order = np.lexsort((np.arange(len(offers)), offers["price"], offers["sku"]))
        first = order[np.searchsorted(offers["sku"][order], np.arange(len(world.cast.sku_name)))]
        return first[sku].astype(np.int32)
    merchant = _known(table, table.merchant, "merchant", world.cast.merchant_name)
    pairs = zip(offers["sku"].tolist(), offers["merchant"].tolist(), strict=True)
    number = {pair: offer for offer, pair in enumerate(pairs)}
    found = [number.get(pair, -1) for pair in zip(sku.tolist(), merchant.tolist(), strict=True)]
    if -1 in found:
        row = found.index(-1)
        what, who = table.sku.known[table.sku.code[row]], table.merchant.known[table.merchant.code[row]]
        raise ScenarioError(table.where, f"merchant {who!r} does not list {what!r}")
    return np.array(found, np.int32)


def _known(table: OrderTable, names: Names, what: str, there: Sequence[str]) -> Int:
    """Return the world's number of each row's name."""
    number = {name: i for i, name in enumerate(there)}
    for name in names.known:
        if name not in number:
            raise ScenarioError(table.where, f"no {what} {name!r} in the world", guess(name, number))
    return np.array([number[name] for name in names.known], np.int32)[names.code]


def _consumers(world: World, table: OrderTable) -> Int:
    """Return who orders, -1 = somebody without a home.

    Where consumers are read, by name; where they are generated, each of the table's names is one of them.
    """
    consumers, names = len(world.truth.consumers), world.cast.consumer_name
    if not names:
        return np.asarray(table.consumer.code % consumers if consumers else np.full(len(table), -1), np.int32)
    number = {name: i for i, name in enumerate(names)}
    whose = np.array([number.get(name, -1) for name in table.consumer.known], np.int32)[table.consumer.code]
    strangers = whose < 0
    if strangers.mean() > MOST_STRANGERS:
        name = table.consumer.known[table.consumer.code[int(np.argmax(strangers))]]
        why = f"{strangers.sum():,} of {len(table):,} orders are of consumers who do not exist, {name!r} the first"
        raise ScenarioError(table.where, why, guess(name, number))
    if strangers.any():
        share = f"{strangers.sum():,} of {len(table):,}"
        world.notes.append(f"{table.where}: {share} orders are of consumers without a home")
    return whose
