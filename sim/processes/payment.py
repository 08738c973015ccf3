"""Consumers pay, or their reservations lapse."""

from collections.abc import Callable
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from sim.processes.scene import Scene
from sim.schema.clock import to_ticks
from sim.world.orders import Status
from sim.world.state import Rows
from sim.world.world import World

Long = NDArray[np.int64]


class Payment:
    """Waits for payments: each is booked at its own instant, and goes on at the next release instant.

    Attributes
    ----------
    on_freed : callable
        Called when a reservation lapsed: somebody may wait for its units.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._reservation = to_ticks(scene.world.scenario.orders.reservation)
        self._due: list[tuple[int, int]] = []
        self.on_freed: Callable[[], None] = lambda: None

    @property
    def next_due(self) -> int | None:
        """The instant of the next payment, None while none is expected."""
        return self._due[0][0] if self._due else None

    def expect(self, numbers: range) -> None:
        """Await the payment of new orders; one that does not come in time never comes."""
        rows = self._scene.orders[numbers.start : numbers.stop]
        now = self._scene.now
        deadline = rows["placed"] + self._reservation
        for number, pays_at, until in zip(numbers, rows["pays_at"].tolist(), deadline.tolist(), strict=True):
            if 0 <= pays_at <= until:
                heappush(self._due, (max(pays_at, now), number))
            else:
                self._scene.call_at(max(until, now), self._lapse, number)

    def collect(self) -> Long:
        """Book all payments due by now; return the paid orders in order of payment."""
        now = self._scene.now
        paid: list[tuple[int, int]] = []
        while self._due and self._due[0][0] <= now:
            paid.append(heappop(self._due))
        for instant, number in paid:
            self._book(number, instant)
        return np.array([number for _, number in paid], np.int64)

    def book(self, numbers: range) -> None:
        """Book orders that are paid at this instant."""
        for number in numbers:
            self._book(number, self._scene.now)

    def _book(self, number: int, instant: int) -> None:
        world, row = self._scene.world, self._scene.orders[number]
        row["paid"] = instant
        row["status"] = Status.PAID
        merchant, coupon = int(world.truth.offers["merchant"][row["offer"]]), int(row["coupon"])
        cents = int(row["price"] * row["units"]) - coupon
        world.money.post("sales", "consumers", "merchants", cents, 0, merchant)
        if coupon:
            world.money.post("coupons", "platform", "merchants", coupon, 0, merchant)
            self._scene.record.row("redemption", time=instant, order=number, content=int(row["touch"]), cents=coupon)

    def _lapse(self, number: int) -> None:
        """The reservation lapses, and everybody may buy the units again."""
        row = self._scene.orders[number]
        self._scene.world.stock.lapse(int(row["offer"]), int(row["units"]), self._scene.now)
        row["status"] = Status.LAPSED
        row["ended"] = self._scene.now
        self.on_freed()


def merchants(world: World, numbers: Long) -> Rows:
    """Return who sold the orders."""
    sellers: Rows = world.truth.offers["merchant"][world.orders.rows["offer"][numbers]]
    return sellers


def value(rows: Rows) -> Long:
    """Return price x units of orders, cents: what consumers paid and coupons added."""
    return np.asarray(rows["price"] * rows["units"], np.int64)


def refund(world: World, numbers: Long) -> None:
    """Pay back what consumers paid for orders, and to the platform what its coupons added."""
    rows = world.orders.rows[numbers]
    world.money.post("refunds", "merchants", "consumers", value(rows) - rows["coupon"], merchants(world, numbers), 0)
    if rows["coupon"].any():
        world.money.post("coupons_returned", "merchants", "platform", rows["coupon"], merchants(world, numbers), 0)
