"""Who waits for goods that are on their way: first come, first served, per offer."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sim.world.stock import StockLedger

Long = NDArray[np.int64]


class Backlog:
    """Orders with backorders: the ledger says how many units came for those who wait, the queues whose they are."""

    def __init__(self, stock: StockLedger) -> None:
        self._stock = stock
        self._queues: dict[int, deque[list[int]]] = {}

    @property
    def waiting(self) -> bool:
        """Whether anybody waits."""
        return bool(self._queues)

    def add(self, numbers: range, offers: NDArray[np.int32], units: Long) -> None:
        """Put orders at the end of their offers' queues, each with the units it is owed."""
        for number, offer, owed in zip(numbers, offers.tolist(), units.tolist(), strict=True):
            self._queues.setdefault(offer, deque()).append([number, owed])

    def take_complete(self) -> Long:
        """Return the orders whose last unit has come since the last call, and let them go."""
        complete: list[int] = []
        for offer, units in sorted(self._stock.take_served().items()):
            complete += self._serve(offer, units)
        return np.array(complete, np.int64)

    def _serve(self, offer: int, units: int) -> list[int]:
        queue, complete = self._queues[offer], []
        while units:
            first = queue[0]
            served = min(units, first[1])
            first[1] -= served
            units -= served
            if first[1] == 0:
                complete.append(queue.popleft()[0])
        if not queue:
            del self._queues[offer]
        return complete
