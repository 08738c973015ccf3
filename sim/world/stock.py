"""The stock ledger: units per (owner, SKU, node), and what an offer may promise over its nodes.

``position = on_hand - reserved + on_order - backorders``, summed over an offer's keys, less what is promised
and not yet bound.  Every change goes through a method here or a function of `sim.world.availability`.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError
from sim.world.availability import give, reserve, take
from sim.world.state import Rows

Long = NDArray[np.int64]
Int = NDArray[np.int32]


@dataclass(slots=True)
class StockLedger:
    """Units of every ledger key.  Keys of one offer are neighbours: ``first_key[offer] : first_key[offer + 1]``.

    Attributes
    ----------
    offers : structured array
        The world's offers; ``available``, ``promised``, ``allotted`` and ``position`` live there.
    owner, sku, node, offer : int32[n_keys]
    on_hand, reserved, on_order, backorders : int64[n_keys]
    received, issued, written_off : int64[n_keys]
        Since the start; ``opening + received = on_hand + issued + written_off`` is the law of units.
    """

    offers: Rows
    owner: Int
    sku: Int
    node: Int
    offer: Int
    first_key: Int
    on_hand: Long
    reserved: Long = field(init=False)
    on_order: Long = field(init=False)
    backorders: Long = field(init=False)
    opening: Long = field(init=False)
    received: Long = field(init=False)
    issued: Long = field(init=False)
    written_off: Long = field(init=False)
    held: Long = field(init=False)
    """Unit-ticks on hand since the last `settle_holding`."""
    held_since: Long = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.on_hand)
        for name in ("reserved", "on_order", "backorders", "received", "issued", "written_off", "held", "held_since"):
            setattr(self, name, np.zeros(n, np.int64))
        self.opening = self.on_hand.copy()
        total = np.zeros(len(self.offers), np.int64)
        np.add.at(total, self.offer, self.on_hand)
        self.offers["available"] = total
        self.offers["position"] = total
        self.offers["empty_since"] = np.where(total > 0, -1, 0)

    def __len__(self) -> int:
        return len(self.on_hand)

    def keys_of(self, offer: int) -> range:
        """Return the ledger keys that may serve an offer."""
        return range(self.first_key[offer], self.first_key[offer + 1])

    # -- replenishment ---------------------------------------------------------------------------------------

    def order(self, key: int, units: int) -> None:
        """Note units ordered from a supplier."""
        self.on_order[key] += units
        self.offers["position"][self.offer[key]] += units

    def receive(self, key: int, units: int, now: int) -> None:
        """Take in units that were on order; backorders are served first (they stay on hand, reserved)."""
        served = min(units, int(self.backorders[key]))
        self.on_order[key] -= units
        self.backorders[key] -= served
        self.reserved[key] += served
        self.received[key] += units
        self._change_on_hand(key, units, now)
        if units > served:
            give(self.offers, self.offer[key], units - served, now)

    def lose_on_order(self, key: int, units: int) -> None:
        """Note units on order that will not come."""
        self.on_order[key] -= units
        self.offers["position"][self.offer[key]] -= units

    # -- demand ----------------------------------------------------------------------------------------------

    def demand(self, offer: int, units: int, now: int) -> int:
        """Promise what is available of ``units``; return how many that is (exogenous demand)."""
        taken = min(units, max(0, int(self.offers["available"][offer])))
        if taken:
            reserve(self.offers, offer, taken, now)
        return taken

    def backorder(self, key: int, units: int) -> None:
        """Owe units to a customer who waits."""
        self.backorders[key] += units
        self.offers["position"][self.offer[key]] -= units

    def bind(self, key: int, units: int) -> None:
        """Bind promised units to a node: they become reserved there."""
        self.offers["promised"][self.offer[key]] -= units
        self.reserved[key] += units

    def lapse(self, offer: int, units: int, now: int) -> None:
        """Take back a promise (unpaid, cancelled) that was not bound."""
        row = self.offers[offer]
        row["promised"] -= units
        row["position"] += units
        row["sold"] -= units
        give(self.offers, offer, units, now)

    def issue(self, key: int, units: int, now: int) -> None:
        """Hand reserved units over: they leave the node."""
        self.reserved[key] -= units
        self.issued[key] += units
        self._change_on_hand(key, -units, now)

    def restock(self, key: int, units: int, now: int) -> None:
        """Put returned units back on the shelf."""
        self.received[key] += units
        self._change_on_hand(key, units, now)
        self.offers["position"][self.offer[key]] += units
        give(self.offers, self.offer[key], units, now)

    def write_off(self, key: int, units: int, now: int) -> None:
        """Remove units that nobody will sell; only units nobody was promised."""
        self.written_off[key] += units
        self._change_on_hand(key, -units, now)
        self.offers["position"][self.offer[key]] -= units
        take(self.offers, self.offer[key], units, now)

    # -- slots -----------------------------------------------------------------------------------------------

    def allot(self, offer: int, units: int, now: int) -> int:
        """Set up to ``units`` aside for a slot; return how many."""
        taken = min(units, max(0, int(self.offers["available"][offer])))
        if taken:
            take(self.offers, offer, taken, now)
            self.offers["allotted"][offer] += taken
        return taken

    def return_allotment(self, offer: int, units: int, now: int) -> None:
        """Give what a slot did not sell back to everybody."""
        self.offers["allotted"][offer] -= units
        if units:
            give(self.offers, offer, units, now)

    # -- what it costs to keep, and the law --------------------------------------------------------------------

    def settle_holding(self, now: int) -> Long:
        """Return unit-ticks on hand per key since the last call, and start anew."""
        held = self.held + self.on_hand * (now - self.held_since)
        self.held[:] = 0
        self.held_since[:] = now
        return held

    def check(self, where: str) -> None:
        """Raise `InvariantError` unless units are conserved and every part is where it should be."""
        wrong = self.opening + self.received != self.on_hand + self.issued + self.written_off
        wrong |= (self.on_hand < 0) | (self.reserved < 0) | (self.on_order < 0) | (self.reserved > self.on_hand)
        if wrong.any():
            key = int(np.flatnonzero(wrong)[0])
            raise InvariantError(where, f"units are not conserved at ledger key {key}: {self._describe(key)}")
        free = np.zeros(len(self.offers), np.int64)
        np.add.at(free, self.offer, self.on_hand - self.reserved)
        o = self.offers
        wrong = (o["available"] != free + o["ahead"] - o["promised"] - o["allotted"]) | (o["available"] < 0)
        if wrong.any():
            offer = int(np.flatnonzero(wrong)[0])
            raise InvariantError(where, f"offer {offer} promises {o['available'][offer]}, its nodes hold {free[offer]}")

    def _describe(self, key: int) -> str:
        names = ("opening", "received", "issued", "written_off", "on_hand", "reserved", "on_order")
        return ", ".join(f"{name} {getattr(self, name)[key]}" for name in names)

    def _change_on_hand(self, key: int, units: int, now: int) -> None:
        self.held[key] += self.on_hand[key] * (now - self.held_since[key])
        self.held_since[key] = now
        self.on_hand[key] += units
