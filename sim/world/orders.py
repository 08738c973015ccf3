"""The order book: every order line ever placed, and the instant of each step of its life."""

from enum import IntEnum

import numpy as np

from sim.errors import InvariantError
from sim.schema.rows import ORDER_ROW
from sim.world.state import Rows


class Status(IntEnum):
    """Where an order is.  The last five are ends; an order still before them after the drain is reported open."""

    PLACED = 0
    PAID = 1
    ALLOCATED = 2
    PACKED = 3
    SHIPPED = 4
    RETURNING = 5
    DELIVERED = 6
    LAPSED = 7
    CANCELLED = 8
    RETURNED = 9
    UNDELIVERABLE = 10


STEPS = ("paid", "allocated", "picked", "packed", "shipped", "delivered", "returned", "ended")
"""Instants, ticks; -1 = has not happened."""

BOOK_ROW = np.dtype(
    [
        *((name, ORDER_ROW.fields[name][0]) for name in ORDER_ROW.names),  # type: ignore[index,union-attr]  # has fields
        *((step, "i8") for step in STEPS),
        ("promised", "i8"),  # the delivery promise
        ("ship_by", "i8"),
        ("parcel", "i8"),  # lines of one consumer packed together share it; -1 = none yet
        ("key", "i4"),  # ledger key that serves it
        ("node", "i4"),
        ("stars", "i4"),  # 0 = no review
        ("returned_units", "i4"),
        ("distance", "f4"),  # metres from node to door
        ("status", "i1"),
        ("by", "i1"),  # By
    ],
    align=True,
)


class By(IntEnum):
    """Who brought the parcel."""

    NOBODY = 0
    VAN = 1
    CARRIER = 2
    DIRECT = 3


class OrderBook:
    """A growing table of `BOOK_ROW`; an order's number is its row."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(1024, BOOK_ROW)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    @property
    def rows(self) -> Rows:
        """All orders so far, as a view that later growth may leave behind."""
        return self._rows[: self._n]

    def place(self, lines: Rows) -> range:
        """Append order rows (`ORDER_ROW`); return their numbers."""
        first, last = self._n, self._n + len(lines)
        if last > len(self._rows):
            grown = np.zeros(max(last, 2 * len(self._rows)), BOOK_ROW)
            grown[:first] = self._rows[:first]
            self._rows = grown
        new = self._rows[first:last]
        for name in ORDER_ROW.names or ():
            new[name] = lines[name]
        for name in (*STEPS, "promised", "ship_by", "parcel", "key", "node"):
            new[name] = -1
        self._n = last
        return range(first, last)

    def check(self, where: str) -> None:
        """Raise `InvariantError` where a step came before the one it needs."""
        rows = self.rows
        before = rows["placed"]
        for step in ("paid", "allocated", "picked", "packed", "shipped", "delivered", "returned"):
            happened = rows[step] >= 0
            wrong = happened & (rows[step] < before)
            if wrong.any():
                order = int(np.flatnonzero(wrong)[0])
                raise InvariantError(where, f"order {order} was {step} before the step it needs")
            before = np.where(happened, rows[step], before)
