"""Whether a consumer was new when a page was served, something was done, or ordered."""

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import Cohort
from sim.metrics.interest import Interest
from sim.world.state import Rows

HISTORIES = ("known", "new")
"""A consumer is new in the session in which they first click, cart or order anything, and in all sessions before."""


def histories(cohort: Cohort, rows: Rows, time: str = "time") -> NDArray[np.int64]:
    """Return which of `HISTORIES` the consumer of each row (a page, an act, an order) had then; -1: nobody."""
    new = cohort.once(Interest).is_first(rows["consumer"], rows["session"], rows[time])
    return np.where(rows["consumer"] < 0, -1, new).astype(np.int64)
