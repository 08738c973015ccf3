"""The laws of the stock ledger: units are conserved, and nothing is promised twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import InvariantError

if TYPE_CHECKING:  # the ledger itself calls these
    from sim.world.stock import StockLedger

Long = NDArray[np.int64]

TOLD = ("opening", "received", "issued", "written_off", "on_hand", "reserved", "on_order", "backorders")


def check_units(stock: StockLedger, where: str) -> None:
    """Raise `InvariantError` unless, per ledger key, what was there and came is there or went."""
    wrong = stock.opening + stock.received != stock.on_hand + stock.issued + stock.written_off
    wrong |= (stock.on_hand < 0) | (stock.reserved < 0) | (stock.on_order < 0) | (stock.backorders < 0)
    wrong |= stock.reserved > stock.on_hand
    if wrong.any():
        key = int(np.flatnonzero(wrong)[0])
        parts = ", ".join(f"{name} {getattr(stock, name)[key]}" for name in TOLD)
        raise InvariantError(where, f"units are not conserved at ledger key {key}: {parts}")


def check_promises(stock: StockLedger, where: str) -> None:
    """Raise `InvariantError` unless, per offer, what is available and the position are what their parts make."""
    offers = stock.offers
    free = _per_offer(stock, stock.on_hand - stock.reserved)
    available = free + offers["ahead"] - offers["promised"] - offers["allotted"]
    wrong = (offers["available"] != available) | (offers["available"] < 0)
    wrong |= (offers["ahead"] < 0) | (offers["promised"] < 0) | (offers["allotted"] < 0)
    if wrong.any():
        offer = int(np.flatnonzero(wrong)[0])
        row = offers[offer]
        parts = f"free {free[offer]}, ahead {row['ahead']}, promised {row['promised']}, allotted {row['allotted']}"
        raise InvariantError(where, f"offer {offer} has {row['available']} available, its parts are {parts}")
    position = free + _per_offer(stock, stock.on_order - stock.backorders) - offers["promised"]
    wrong = position != offers["position"]
    if wrong.any():
        offer = int(np.flatnonzero(wrong)[0])
        said = f"{offers['position'][offer]}, its parts make {position[offer]}"
        raise InvariantError(where, f"the inventory position of offer {offer} is {said}")


def _per_offer(stock: StockLedger, units: Long) -> Long:
    total = np.zeros(len(stock.offers), np.int64)
    np.add.at(total, stock.offer, units)
    return total
