"""What is measured: the orders and sessions that start in [warm-up, horizon), followed to the drain's end."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.ratio import CENTS
from sim.record.replication import Replication
from sim.record.rows import KINDS
from sim.schema.clock import MINUTES_PER_DAY, TICKS_PER_MINUTE
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from sim.world.orders import Status
from sim.world.state import Rows
from sim.world.world import World

Long = NDArray[np.int64]
Bool = NDArray[np.bool_]
T = TypeVar("T")

TICKS_PER_DAY = int(MINUTES_PER_DAY) * TICKS_PER_MINUTE
TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE


class Cohort:
    """A replication seen through the window between its opening and its closing snapshot.

    Attributes
    ----------
    start, end : int
        Ticks.
    """

    def __init__(self, replication: Replication) -> None:
        self.replication = replication
        self.start = replication.opening.at
        self.end = replication.closing.at
        self._made: dict[Callable[[Cohort], Any], Any] = {}

    def once(self, make: "Callable[[Cohort], T]") -> T:
        """Return ``make(cohort)``, made at the first call: what several groups of KPIs read."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])

    @property
    def world(self) -> World:
        """The world as it is after the drain."""
        return self.replication.world

    @property
    def span(self) -> int:
        """Length of the window, ticks."""
        return self.end - self.start

    @property
    def days(self) -> float:
        """Length of the window, days."""
        return self.span / TICKS_PER_DAY

    @property
    def calendar(self) -> range:
        """The days, counted from the start, that the window touches."""
        return range(self.start // TICKS_PER_DAY, -(-self.end // TICKS_PER_DAY))

    def day(self, day: int) -> tuple[int, int]:
        """Return the part of a day that lies in the window: from when until when, ticks."""
        return max(self.start, day * TICKS_PER_DAY), min(self.end, (day + 1) * TICKS_PER_DAY)

    # -- orders --------------------------------------------------------------------------------------------

    @cached_property
    def orders(self) -> Long:
        """Row numbers in the order book of the orders placed in the window."""
        placed = self.world.orders.rows["placed"]
        return np.flatnonzero((placed >= self.start) & (placed < self.end))

    def order(self, column: str) -> NDArray[Any]:
        """Return a column of the window's orders."""
        values: NDArray[Any] = self.world.orders.rows[column][self._where]
        return values

    @cached_property
    def _where(self) -> slice | Long:
        """The window's rows as an index; as a slice where they are neighbours, which is faster."""
        rows = self.orders
        together = len(rows) > 0 and rows[-1] - rows[0] == len(rows) - 1
        return slice(int(rows[0]), int(rows[-1]) + 1) if together else rows

    def offer(self, column: str) -> NDArray[Any]:
        """Return a column of the offers that the window's orders are for."""
        values: NDArray[Any] = self.world.truth.offers[column][self.order_offer]
        return values

    @cached_property
    def order_offer(self) -> NDArray[np.int32]:
        """Which offer each order is for."""
        return self.order("offer")

    @cached_property
    def units(self) -> Long:
        """Units per order."""
        return self.order("units").astype(np.int64)

    @cached_property
    def value(self) -> Long:
        """Price x units per order, cents."""
        return self.order("price") * self.units

    @cached_property
    def cost(self) -> Long:
        """Unit cost x units per order, cents."""
        costs: Long = self.offer("unit_cost") * self.units
        return costs

    @cached_property
    def status(self) -> NDArray[np.int8]:
        """Where each order is after the drain."""
        return self.order("status")

    @cached_property
    def delivered(self) -> Bool:
        """Which orders reached their door, whether they came back or not."""
        return np.asarray(self.order("delivered") >= 0)

    @cached_property
    def on_time(self) -> Bool:
        """Which orders reached their door by the promised time."""
        return np.asarray(self.delivered & (self.order("delivered") <= self.order("promised")))

    @cached_property
    def called_off(self) -> Bool:
        """Which orders ended before they were shipped: never paid, no stock by the ship-by time, no way to the door."""
        return np.asarray(np.isin(self.status, (Status.LAPSED, Status.CANCELLED, Status.UNDELIVERABLE)))

    @cached_property
    def kept(self) -> Bool:
        """Which orders were neither called off nor brought back."""
        return np.asarray(~self.called_off & (self.status != Status.RETURNED))

    @cached_property
    def sold(self) -> Bool:
        """Which orders were shipped and kept: what the accounts of goods call sales."""
        return np.asarray(self.kept & (self.order("shipped") >= 0))

    @cached_property
    def browsed(self) -> Bool:
        """Which orders consumers made in a session, as against demand that comes by itself."""
        return np.asarray(self.order("session") >= 0)

    # -- counters and rows ---------------------------------------------------------------------------------

    @cached_property
    def counters(self) -> Long:
        """The kernel's counters of the window's sessions, int64[days, surfaces, counters]."""
        measured: Long = self.replication.daily[1]
        return measured

    def count(self, counter: Counter) -> int:
        """Return a counter's total."""
        return int(self.counters[..., counter].sum())

    @cached_property
    def stockouts(self) -> Rows:
        """Acts of the window that found nothing to buy."""
        acts = self.replication.acts
        first, last = np.searchsorted(acts["time"], (self.start, self.end))
        within = acts[first:last]
        found: Rows = within[within["act"] == Act.STOCKOUT]
        return found

    def table(self, kind: str) -> pd.DataFrame:
        """Return all rows of a kind, none where nothing wrote any."""
        found = self.replication.tables.get(kind)
        if found is None:
            return pd.DataFrame({column.name: np.zeros(0, np.int64) for column in KINDS[kind].columns})
        return found

    def rows(self, kind: str, instant: str = "time") -> pd.DataFrame:
        """Return the rows of a kind whose instant lies in the window."""
        table = self.table(kind)
        return table[(table[instant] >= self.start) & (table[instant] < self.end)]

    def days_closed(self, kind: str) -> pd.DataFrame:
        """Return the rows of a kind written at a day's end, for the days that lie in the window."""
        table = self.table(kind)
        return table[(table["time"] > self.start) & (table["time"] <= self.end)]

    # -- money ---------------------------------------------------------------------------------------------

    def posted(self, account: str) -> float:
        """Return what was posted to an account after the warm-up, money."""
        return (_total(self.replication.final.flows, account) - _total(self.replication.opening.flows, account)) / CENTS

    def earned(self, party: str) -> float:
        """Return what a class of parties received less what it paid after the warm-up, money."""
        final, opening = self.replication.final.balances, self.replication.opening.balances
        return int(final[party].sum() - opening[party].sum()) / CENTS


def _total(flows: dict[tuple[str, str, str], int], account: str) -> int:
    return sum(cents for (name, _, _), cents in flows.items() if name == account)
