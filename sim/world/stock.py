"""The stock ledger: units per (owner, SKU, node), and what an offer may promise over its nodes.

``position = on_hand - reserved + on_order - backorders``, summed over an offer's keys, less what is promised
and not yet bound.  Every change goes through a method here or a function of `sim.world.availability`.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.world.availability import give, reserve, take
from sim.world.held import TimeTotals
from sim.world.state import Rows
from sim.world.stock_laws import check_promises, check_units

Long = NDArray[np.int64]
Int = NDArray[np.int32]

COUNTS = ("reserved", "on_order", "backorders", "received", "issued", "written_off", "bound")


@dataclass(slots=True)
class StockLedger:
    """Units of every ledger key.  Keys of one offer are neighbours: ``first_key[offer] : first_key[offer + 1]``.

    Attributes
    ----------
    offers : structured array
        The world's offers; ``available``, ``promised``, ``allotted``, ``ahead`` and ``position`` live there.
    owner, sku, node, offer : int32[n_keys]
    on_hand, reserved, on_order, backorders : int64[n_keys]
    received, issued, written_off : int64[n_keys]
        Since the start; ``opening + received = on_hand + issued + written_off`` is the law of units.
    bound : int64[n_keys]
        Units of orders bound to the key since the start.
    main_key : int32[n_offers]
        The key at the node that mainly serves the offer.
    presales : set of int
        Offers that may be sold ahead of their stock now.
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
    bound: Long = field(init=False)
    main_key: Int = field(init=False)
    presales: set[int] = field(init=False, default_factory=set)
    _times: TimeTotals = field(init=False)
    _served: dict[int, int] = field(init=False, default_factory=dict)
    _came: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for name in COUNTS:
            setattr(self, name, np.zeros(len(self.on_hand), np.int64))
        self.opening = self.on_hand.copy()
        self._times = TimeTotals(self.on_hand, self.backorders)
        self.main_key = self.first_key[:-1].copy()
        at_home = np.flatnonzero(self.node == self.offers["node"][self.offer])
        self.main_key[self.offer[at_home]] = at_home
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
        """Take in units that were on order."""
        self.on_order[key] -= units
        self.received[key] += units
        self._arrive(key, units, now)

    def lose_on_order(self, key: int, units: int) -> None:
        """Note units on order that will not come."""
        self.on_order[key] -= units
        self.offers["position"][self.offer[key]] -= units

    def restock(self, key: int, units: int, now: int) -> None:
        """Put returned units back on the shelf."""
        self.received[key] += units
        self.offers["position"][self.offer[key]] += units
        self._arrive(key, units, now)

    def _arrive(self, key: int, units: int, now: int) -> None:
        """Put units on the shelf: first for who bought ahead, then for who waits, the rest for everybody."""
        offer = int(self.offer[key])
        self._change_on_hand(key, units, now)
        row = self.offers[offer]
        bought_ahead = min(units, max(0, int(row["ahead"] - row["available"])))
        row["ahead"] -= bought_ahead
        self._came.add(offer)
        self._hand_out(offer, units - bought_ahead, now)

    def _hand_out(self, offer: int, units: int, now: int) -> None:
        """Promise units to those who wait, and let everybody have the rest."""
        left = units - self._serve_backorders(offer, units, now)
        if left:
            give(self.offers, offer, left, now)

    def _serve_backorders(self, offer: int, units: int, now: int) -> int:
        """Promise up to ``units`` to those who wait for the offer; return how many."""
        left = units
        for key in self.keys_of(offer):
            served = min(left, int(self.backorders[key]))
            if served:
                self._change_backorders(key, -served, now)
                left -= served
        if left < units:
            self.offers["promised"][offer] += units - left
            self._served[offer] = self._served.get(offer, 0) + units - left
        return units - left

    # -- demand ----------------------------------------------------------------------------------------------

    def demand(self, offer: int, units: int, now: int) -> int:
        """Promise what is available of ``units``; return how many that is (exogenous demand)."""
        taken = min(units, max(0, int(self.offers["available"][offer])))
        if taken:
            reserve(self.offers, offer, taken, now)
        return taken

    def backorder(self, offer: int, units: int, now: int) -> None:
        """Owe units, at the main node, to a customer who waits; they count as sold."""
        self._change_backorders(int(self.main_key[offer]), units, now)
        row = self.offers[offer]
        row["position"] -= units
        row["sold"] += units

    def bind(self, key: int, units: int) -> None:
        """Bind promised units to a node: they become reserved there.  A negative number unbinds."""
        self.offers["promised"][self.offer[key]] -= units
        self.reserved[key] += units
        self.bound[key] += units
        if units < 0:
            self._came.add(int(self.offer[key]))

    def lapse(self, offer: int, units: int, now: int) -> None:
        """Take back a promise (unpaid, cancelled) that was not bound."""
        row = self.offers[offer]
        row["promised"] -= units
        row["position"] += units
        row["sold"] -= units
        self._give_back(offer, units, now)

    def issue(self, key: int, units: int, now: int) -> None:
        """Hand reserved units over: they leave the node."""
        self.reserved[key] -= units
        self.issued[key] += units
        self._change_on_hand(key, -units, now)

    def discard(self, key: int, units: int) -> None:
        """Note returned units that nobody will sell: they come and go."""
        self.received[key] += units
        self.written_off[key] += units

    def write_off(self, key: int, units: int, now: int) -> None:
        """Remove units that nobody will sell; only units nobody was promised."""
        self.written_off[key] += units
        self._change_on_hand(key, -units, now)
        self.offers["position"][self.offer[key]] -= units
        take(self.offers, self.offer[key], units, now)

    # -- news for those who wait -----------------------------------------------------------------------------

    def take_served(self) -> dict[int, int]:
        """Return the units per offer promised since the last call to those who wait: the first come first."""
        served, self._served = self._served, {}
        return served

    def take_came(self) -> set[int]:
        """Return the offers of which units came free at a node since the last call."""
        came, self._came = self._came, set()
        return came

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
        self._give_back(offer, units, now)

    # -- presale ---------------------------------------------------------------------------------------------

    def open_presale(self, offer: int, units: int, now: int) -> None:
        """Let ``units`` be sold before they are there."""
        self.presales.add(offer)
        self.offers["ahead"][offer] += units
        give(self.offers, offer, units, now)

    def close_presale(self, offer: int, now: int) -> int:
        """Withdraw what was not sold ahead; return the units that were and are not there yet."""
        self.presales.discard(offer)
        row = self.offers[offer]
        unsold = min(int(row["ahead"]), int(row["available"]))
        row["ahead"] -= unsold
        if unsold:
            take(self.offers, offer, unsold, now)
        return int(row["ahead"])

    def _give_back(self, offer: int, units: int, now: int) -> None:
        """Hand units out again; after a presale those that are not there yet are withdrawn instead."""
        if offer not in self.presales:
            gone = min(units, int(self.offers["ahead"][offer]))
            self.offers["ahead"][offer] -= gone
            units -= gone
        self._hand_out(offer, units, now)

    # -- what it costs to keep, and the law --------------------------------------------------------------------

    def settle_holding(self, now: int) -> Long:
        """Return unit-ticks on hand per key since the last call, and start anew."""
        return self._times.settle(now)

    def held_total(self, now: int) -> Long:
        """Return unit-ticks on hand per key since the start."""
        return self._times.held(now)

    def bare_total(self, now: int) -> Long:
        """Return ticks with nothing on hand per key since the start."""
        return self._times.bare(now)

    def owed_total(self, now: int) -> Long:
        """Return unit-ticks of backorders per key since the start."""
        return self._times.owed(now)

    def check(self, where: str) -> None:
        """Raise `InvariantError` unless units are conserved and every part is where it should be."""
        check_units(self, where)
        check_promises(self, where)

    def _change_on_hand(self, key: int, units: int, now: int) -> None:
        self._times.on_hand_changes(key, now)
        self.on_hand[key] += units

    def _change_backorders(self, key: int, units: int, now: int) -> None:
        self._times.backorders_change(key, now)
        self.backorders[key] += units
