"""Orders go to fulfilment at fixed instants."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError
from sim.processes.allocation import Allocation
from sim.processes.backlog import Backlog
from sim.processes.payment import Payment
from sim.processes.scene import Scene
from sim.processes.ways import Ways
from sim.schema.clock import to_ticks
from sim.schema.rows import ORDER_ROW
from sim.world.state import Rows

Long = NDArray[np.int64]


class Source(Protocol):
    """Where orders come from: the consumers."""

    def take_orders(self) -> Rows:
        """Return the orders (`ORDER_ROW`) since the last call, in order of time."""


class Release:
    """Takes the orders placed strictly before a release instant, and sends on those that are paid.

    It sleeps while nothing waits: whoever knows of an order calls `notify` or `place`.
    """

    def __init__(self, scene: Scene, ways: Ways, payment: Payment, allocation: Allocation, source: Source) -> None:
        self._scene = scene
        self._ways = ways
        self._payment = payment
        self._allocation = allocation
        self._source = source
        self._every = to_ticks(scene.world.scenario.orders.release_every)
        self._planned: set[int] = set()
        self._early: list[Rows] = []
        self._backlog = Backlog(scene.world.stock)
        self._presold: list[tuple[int, int, int, int]] = []
        payment.on_freed = allocation.on_freed = self.stock_came

    def notify(self, minute: float) -> None:
        """Have a release at the first release instant at or after ``minute``."""
        self._plan(to_ticks(minute))

    def place(self, lines: Rows) -> None:
        """Take orders (`ORDER_ROW`) that come by themselves; they go out at the first instant after each."""
        if len(lines):
            self._early.append(lines)
            for period in dict.fromkeys((lines["placed"] // self._every).tolist()):
                self._plan((period + 1) * self._every)

    def owe(self, lines: Rows, units: Long) -> None:
        """Take orders (`ORDER_ROW`) of which ``units`` are backorders: paid now, sent on when all has come."""
        numbers = self._enter(lines)
        self._payment.book(numbers)
        self._backlog.add(numbers, lines["offer"], units)

    def postpone(self, offer: int, since: int, until: int, ships: int) -> None:
        """Promise that what is ordered of an offer in [since, until) ships from ``ships`` on (ticks)."""
        self._presold.append((offer, since, until, ships))

    def stock_came(self) -> None:
        """Have lines that wait for stock looked at again, at the next release instant."""
        if self._allocation.waiting or self._backlog.waiting:
            self._plan(self._scene.now)

    @property
    def pending(self) -> bool:
        """Whether a release is to come: an order waits for it, or a payment."""
        return bool(self._planned)

    def enter_rest(self) -> None:
        """Write what was placed and not released into the book, where it stays open: nothing comes after now."""
        self._enter(self._lines_before(self._scene.now))

    def watch_binding(self, watcher: Callable[[list[int]], None]) -> None:
        """Have ``watcher(keys)`` told the ledger keys that lines were just bound to."""
        self._allocation.on_bound = watcher

    def _plan(self, earliest: int) -> None:
        instant = -(-earliest // self._every) * self._every
        if instant < self._scene.now:
            raise InvariantError("release", f"orders became known after the release at {instant} ticks they belong to")
        if instant not in self._planned:
            self._planned.add(instant)
            self._scene.call_at(instant, self._release)

    def _release(self) -> None:
        """Enter the orders placed before now, collect the payments that are due, bind what is paid to stock."""
        self._planned.discard(self._scene.now)
        self._payment.expect(self._enter(self._lines_before(self._scene.now)))
        self._allocation.bind(np.concatenate((self._backlog.take_complete(), self._payment.collect())))
        if self._payment.next_due is not None:
            self._plan(self._payment.next_due)

    def _lines_before(self, now: int) -> Rows:
        pieces = [piece for piece in (*self._early, self._source.take_orders()) if len(piece)]
        if not pieces:
            return np.zeros(0, ORDER_ROW)
        lines = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
        lines = lines[np.argsort(lines["placed"], kind="stable")]
        n = int(np.searchsorted(lines["placed"], now))
        self._early = []
        self.place(lines[n:])
        return lines[:n]

    def _enter(self, lines: Rows) -> range:
        """Write new orders into the book, with the promises made to their consumers."""
        world = self._scene.world
        rules = world.scenario.orders
        numbers = world.orders.place(lines)
        rows = world.orders.rows[numbers.start : numbers.stop]
        node, consumer = world.truth.offers["node"][rows["offer"]], rows["consumer"]
        metres = self._ways.metres(node, consumer).tolist()
        ways = zip(node.tolist(), consumer.tolist(), metres, strict=True)
        within = [to_ticks(self._ways.median_minutes(*way) + rules.promise_slack) for way in ways]
        starts = self._starts(rows)
        rows["promised"] = starts + np.array(within, np.int64)
        rows["ship_by"] = starts + to_ticks(rules.ship_promise)
        return numbers

    def _starts(self, rows: Rows) -> Long:
        """Return from when on orders may ship: at once, but what is sold in a presale when it has come."""
        starts = rows["placed"].astype(np.int64)
        for offer, since, until, ships in self._presold:
            presold = (rows["offer"] == offer) & (rows["placed"] >= since) & (rows["placed"] < until)
            starts[presold] = np.maximum(starts[presold], ships)
        return starts
