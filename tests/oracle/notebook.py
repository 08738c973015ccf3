"""What the oracle writes down: counters, impressions, acts, orders."""

from typing import Any

import numpy as np

from sim.schema.counters import Counter
from sim.schema.kinds import Act, Surface
from sim.schema.rows import ACT_ROW, ORDER_ROW
from sim.world.state import Rows
from tests.oracle.visitor import Visitor
from tests.oracle.worlds import DAY, Small


class Notebook:
    """Counters by cohort, day the session began, and surface; acts and orders in the order they happen."""

    def __init__(self, world: Small) -> None:
        self._warm_up = world.c["warm_up"].item()
        self._acts: list[tuple[Any, ...]] = []
        self._orders: list[tuple[Any, ...]] = []
        self.daily = np.zeros((2, world.days, len(Surface), len(Counter)), np.int64)
        self.exposure = np.zeros((world.days, len(world.truth.contents)), np.int64)
        self.active = np.zeros((len(world.truth.consumers), -(-world.days // 8)), np.uint8)

    def arrived(self, who: Visitor) -> None:
        """Count a session and its consumer's active day."""
        day = who.started // DAY
        self.active[who.consumer, day // 8] |= 1 << day % 8
        self._add(who, who.began, Counter.SESSIONS, 1)

    def brought(self, who: Visitor) -> None:
        """Count a session that an advertisement brought."""
        self._add(who, who.began, Counter.PAID_SESSIONS, 1)

    def first_order(self, who: Visitor) -> None:
        """Count a session with an order."""
        self._add(who, who.began, Counter.SESSIONS_WITH_ORDER, 1)

    def count(self, who: Visitor, counter: Counter, amount: int = 1) -> None:
        """Count under the surface the visitor is on."""
        self._add(who, surface_of(who), counter, amount)

    def exposed(self, who: Visitor, content: int) -> None:
        """Count an impression of a content."""
        if who.started >= self._warm_up:
            self.exposure[who.started // DAY, content] += 1

    def _add(self, who: Visitor, surface: int, counter: Counter, amount: int) -> None:
        self.daily[int(who.started >= self._warm_up), who.started // DAY, surface, counter] += amount

    def act(self, who: Visitor, time: int, act: Act, content: int, offer: int, value: float = 1.0) -> None:
        """Write an act down."""
        self._acts.append(
            (time, who.session, who.consumer, content, offer, act, surface_of(who), who.page, who.place, value,
             who.propensity[who.place])
        )  # fmt: skip

    def order(self, **columns: Any) -> None:
        """Write an order down."""
        self._orders.append(tuple(columns[name] for name in ORDER_ROW.names or ()))

    def acts(self) -> Rows:
        """Return all acts so far."""
        return np.array(self._acts, ACT_ROW)

    def take_orders(self) -> Rows:
        """Return the orders since the last call."""
        orders, self._orders = self._orders, []
        return np.array(orders, ORDER_ROW)


def surface_of(who: Visitor) -> int:
    """Return the surface a visitor is on: live in a room."""
    return int(Surface.LIVE) if who.room >= 0 else who.surface
