"""What merchants and creators know of the last week's sales."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sim.world.world import World

Long = NDArray[np.int64]
WEEK = 7


class SalesWeek:
    """Units ordered per offer over the last seven days, from a look at the counts every midnight.

    The days before the start count as days of expected sales (``Cast.base_rate``): nobody opens a shop in the
    belief that nothing has ever sold.
    """

    def __init__(self, world: World) -> None:
        self._offers = world.truth.offers
        sold, rate = self._offers["sold"], world.cast.base_rate
        before = (sold - np.rint(rate * days).astype(np.int64) for days in range(WEEK, 0, -1))
        self._counts: deque[Long] = deque(before, maxlen=WEEK)

    def close(self) -> Long:
        """Look at the counts now, a midnight, and return the last seven days' sales; orders that lapsed are off."""
        now = self._offers["sold"].copy()
        week: Long = np.maximum(0, now - self._counts[0])
        self._counts.append(now)
        return week
