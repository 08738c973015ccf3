"""What else happens in a small world: SimPy processes that act alike whoever plays the consumers."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import simpy

from sim.behaviour.advertising import coupon_holders, visits_to_offers, visits_to_rooms
from sim.behaviour.arrivals import day_arrivals, flash_crowd
from sim.behaviour.coupon import hand_out
from sim.schema.clock import TICKS_PER_MINUTE, to_minutes, to_ticks
from sim.world.state import Rows
from sim.world.topics import TOPICS
from tests.oracle.worlds import DAY, Small

Story = Generator[simpy.Event, Any, None]
MINUTE = TICKS_PER_MINUTE


class Side(Protocol):
    """Whoever plays the consumers: the kernel, or one process per session."""

    come: Callable[[Rows], None]
    flock: Callable[[Rows], None]
    take_orders: Callable[[], Rows]


@dataclass
class Town:
    """Days, deliveries, reviews, livestreams, price changes, payments; all at multiples of the world's grid.

    Attributes
    ----------
    on_sold_out : callable
        ``on_sold_out(room)`` returns the event that the room's slot is sold out.
    rearms, late, release_priority
        As they should be; tests break them on purpose.
    ledger : list
        What happened when: (what, ticks, ...).
    orders : list
        Released orders, `ORDER_ROW`.
    """

    env: simpy.Environment
    world: Small
    side: Side
    on_sold_out: Callable[[int], simpy.Event]
    rearms: bool = True
    late: int = 1
    release_priority: int = 1
    ledger: list[tuple[Any, ...]] = field(default_factory=list)
    orders: list[Any] = field(default_factory=list)
    _planned: set[int] = field(default_factory=set)

    @property
    def now(self) -> int:
        """The present instant, ticks."""
        return to_ticks(self.env.now)

    def open(self) -> simpy.Event:
        """Begin everything; return the event of the end."""
        rng, span = self.world.rng, self.world.days * DAY
        self.env.process(self._days())
        for _ in range(20 * self.world.days):
            offer, units = self._some_offer(), int(rng.integers(1, 9))
            self.env.process(self._deliver(offer, units, self._some_instant(span)))
            offer, price = self._some_offer(), int(rng.integers(400, 3_000))
            self.env.process(self._reprice(offer, price, self._some_instant(span)))
        self._arm()
        self._announce(span)
        return self.env.process(self._end(span + DAY))

    def _end(self, instant: int) -> Story:
        yield self._until(instant)

    def _until(self, instant: int, priority: int = 1) -> simpy.Event:
        return Instant(self.env, to_minutes(instant) - self.env.now, priority)

    def _some_offer(self) -> int:
        return int(self.world.rng.integers(0, len(self.world.truth.offers)))

    def _some_instant(self, span: int) -> int:
        """Return an instant of the evening, when most consumers are about, on the grid of the world."""
        day = int(self.world.rng.integers(0, span // DAY))
        minute = self.world.rng.uniform(18 * 60, 23 * 60)
        return day * DAY + int(minute * MINUTE) // self.world.grid * self.world.grid

    # -- who comes ---------------------------------------------------------------------------------------------

    def _days(self) -> Story:
        evening = np.zeros((1, 24))
        evening[0, 17:] = 1.0, 2.0, 4.0, 6.0, 6.0, 3.0, 1.0
        topics = np.eye(3, len(TOPICS), dtype=np.float32)
        for day in range(self.world.days):
            yield self._until(day * DAY)
            if self.world.scenario.marketing.budget:
                self._advertise(day, evening)
            arrivals = day_arrivals(
                self.world.truth.consumers, self.world.c, self.world.key, day=day, factor=1.0, hours=evening,
                surfaces=np.array([[0.6, 0.3, 0.1]]), categories=topics, hour_of_start=0.0,
            )  # fmt: skip
            self.side.come(arrivals)
            self.world.truth.consumers["budget_left"] = self.world.truth.consumers["budget"]

    def _advertise(self, day: int, evening: np.ndarray) -> None:
        """Bring a few visits to every offer, more to rooms that may be live; hand out coupons that expire at ten."""
        truth, c, key = self.world.truth, self.world.c, self.world.key
        offers, rooms = np.arange(len(truth.offers)), np.arange(len(truth.rooms))
        cards = len(truth.contents) - len(rooms) + rooms
        self.side.flock(
            visits_to_offers(
                truth.consumers, c, key, day=day, offer=offers, visits=np.full(len(offers), 4), hours=evening,
                hour_of_start=0.0,
            )
        )  # fmt: skip
        spans = day * DAY + np.tile([18 * 60 * MINUTE, 20 * 60 * MINUTE], (len(rooms), 1))
        self.side.flock(
            visits_to_rooms(
                truth.consumers, c, key, day=day, room=rooms, content=cards, visits=np.full(len(rooms), 40),
                begins=spans, ends=spans + 60 * MINUTE,
            )
        )  # fmt: skip
        for content in [*offers[::3].tolist(), *cards.tolist()]:
            who = coupon_holders(len(truth.consumers), key, day=day, content=content, number=12)
            hand_out(truth.consumers, who, content, self.now, day * DAY + 22 * 60 * MINUTE)

    # -- stock and prices --------------------------------------------------------------------------------------

    def _deliver(self, offer: int, units: int, instant: int) -> Story:
        yield self._until(instant, self.late)
        self.world.stock.order(offer, units)
        self.world.stock.receive(offer, units, self.now)
        self.ledger.append(("delivery", self.now, offer, units))

    def _reprice(self, offer: int, price: int, instant: int) -> Story:
        yield self._until(instant)
        self.world.truth.offers["price"][offer] = price
        self.ledger.append(("price", self.now, offer, price))

    def _arm(self) -> None:
        """Review half of the offers continuously."""
        offers = self.world.truth.offers
        self._level = self.world.rng.integers(2, 6, len(offers))
        self._lot = self.world.rng.integers(1, 6, len(offers))
        self._lead = self.world.rng.integers(1, 120 * MINUTE // self.world.grid, len(offers)) * self.world.grid
        offers["reorder_level"][::2] = self._level[::2]

    def review(self, offer: int) -> None:
        """Order a lot as often as it takes to get above the level, and arm the trigger anew."""
        position = self.world.truth.offers["position"]
        while True:
            lot = int(self._lot[offer])
            self.world.stock.order(offer, lot)
            self.env.process(self._arrive(offer, lot, self.now + int(self._lead[offer])))
            self.ledger.append(("review", self.now, offer, int(position[offer]), self._crowd()))
            if position[offer] > self._level[offer] or not self.rearms:
                break
        self.world.truth.offers["reorder_level"][offer] = self._level[offer]

    def _crowd(self) -> int:
        """Return what tells whether anybody acted too early or too late: units sold by now."""
        return int(self.world.truth.offers["sold"].sum())

    def _arrive(self, offer: int, units: int, instant: int) -> Story:
        yield self._until(instant, self.late)
        self.world.stock.receive(offer, units, self.now)
        self.ledger.append(("receipt", self.now, offer, units, self._crowd()))

    # -- livestreams -------------------------------------------------------------------------------------------

    def _announce(self, span: int) -> None:
        """Two livestreams per room and day, the second close behind the first."""
        number = 0
        for room in range(len(self.world.truth.rooms)):
            for day in range(span // DAY):
                begins = day * DAY + int(self.world.rng.integers(18 * 60, 20 * 60)) * MINUTE + 3 * self.world.grid
                self.env.process(self._creator(room, number, begins))
                number += 2

    def _creator(self, room: int, number: int, begins: int) -> Story:
        yield self._until(begins)
        yield from self._livestream(room, number)
        yield self._until(self.now + self.world.grid)
        yield from self._livestream(room, number + 1)

    def _livestream(self, room: int, number: int) -> Story:
        row = self.world.truth.rooms[room]
        row["live"] = number + 1
        for name in ("viewers", "entries", "peak", "watched"):
            row[name] = 0
        self.side.flock(
            flash_crowd(
                self.world.truth.consumers, self.world.c, self.world.key, room=room, livestream=number, now=self.now,
                share=0.5, within=3 * MINUTE, crowd=5,
            )
        )  # fmt: skip
        for place in range(3):
            yield from self._slot(room, 10 * number + place)
            yield self._until(self.now + 2 * self.world.grid)
        row["watched"] += int(row["viewers"]) * self.now
        counted = [int(row[name]) for name in ("viewers", "entries", "peak", "watched")]
        self.ledger.append(("livestream", self.now, number, *counted))
        row["live"] = row["viewers"] = 0

    def _slot(self, room: int, slot: int) -> Story:
        row, offer = self.world.truth.rooms[room], self._some_offer()
        allotted = self.world.stock.allot(offer, 4, self.now)
        row["offer"], row["slot"], row["left"], row["purchase_limit"] = offer, slot, allotted, 2
        row["price"] = max(1, int(self.world.truth.offers["price"][offer]) * 3 // 4)
        sold_out = self.on_sold_out(room)
        yield self._until(self.now + 6 * MINUTE) | sold_out
        left = int(row["left"])
        self.world.stock.return_allotment(offer, left, self.now)
        row["offer"] = row["slot"] = -1
        row["left"] = 0
        self.ledger.append(("slot", self.now, slot, allotted, left, sold_out.triggered))

    # -- orders ------------------------------------------------------------------------------------------------

    def notify(self, minute: float) -> None:
        """Have orders released at ``minute``."""
        if (instant := to_ticks(minute)) not in self._planned:
            self._planned.add(instant)
            self.env.process(self._release(instant))

    def _release(self, instant: int) -> Story:
        yield self._until(instant, self.release_priority)
        self._planned.discard(instant)
        orders = self.side.take_orders()
        self.ledger.append(("release", self.now, len(orders)))
        for row in orders:
            self.orders.append(row.copy())
            self.env.process(self._pay(int(row["offer"]), int(row["units"]), int(row["placed"]), int(row["pays_at"])))

    def _pay(self, offer: int, units: int, placed: int, pays_at: int) -> Story:
        """Pay in time, and the units leave at once; or the reservation lapses and others may have them."""
        until = placed + to_ticks(self.world.scenario.orders.reservation)
        if 0 <= pays_at <= until:
            yield self._until(max(self.now, pays_at))
            self.world.stock.bind(offer, units)
            self.world.stock.issue(offer, units, self.now)
        else:
            yield self._until(max(self.now, until))
            self.world.stock.lapse(offer, units, self.now)
            self.ledger.append(("lapse", self.now, offer, units))


class Instant(simpy.Event):
    """An event some time from now, with its own place among those of the same instant."""

    def __init__(self, env: simpy.Environment, delay: float, priority: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority, delay)  # type: ignore[arg-type]  # any integer orders
