"""A creator's room: who is in it, and what is on show.  One row that the consumers' kernel shares."""

from sim.world.state import Rows
from sim.world.stock import StockLedger

COUNTS = ("viewers", "peak", "entries", "watched")


class Room:
    """Opens and closes a room, and puts items on show; allotted units are never anywhere else than on show.

    Parameters
    ----------
    row : structured scalar
        The room's row, `sim.world.state.room_rows`.
    """

    def __init__(self, row: Rows, stock: StockLedger) -> None:
        self._row = row
        self._stock = stock

    def open(self, live: int) -> None:
        """Begin livestream number ``live`` with nobody there."""
        self._row["live"] = live
        for name in COUNTS:
            self._row[name] = 0

    def close(self, now: int) -> dict[str, int]:
        """Count everybody out; return entries, peak and the ticks watched by all together."""
        row = self._row
        watched = int(row["watched"]) + int(row["viewers"]) * now
        counted = {"entries": int(row["entries"]), "peak": int(row["peak"]), "watched": watched}
        self.open(live=0)
        return counted

    def put_on_show(self, slot: int, offer: int, units: int, price: int, purchase_limit: int) -> None:
        """Begin a slot with ``units`` of its allotment; what a consumer sees in the room from now on."""
        shown = {"slot": slot, "offer": offer, "left": units, "price": price, "purchase_limit": purchase_limit}
        for name, value in shown.items():
            self._row[name] = value

    def add(self, units: int) -> None:
        """Put more units of the item on show."""
        self._row["left"] += units

    def take_down(self, now: int) -> int:
        """End the slot: what is left returns to everybody.  Return how many units that is."""
        offer, left = int(self._row["offer"]), int(self._row["left"])
        if offer >= 0:
            self._stock.return_allotment(offer, left, now)
        self.put_on_show(-1, -1, 0, 0, 0)
        return left
