"""Who comes back: from one bit per consumer and day."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.ratio import ratio

HORIZONS = (1, 7, 30)
"""Days after the first active day."""

Bool = NDArray[np.bool_]


def active_in_window(cohort: Cohort) -> Bool:
    """Tell who had a session on a day that overlaps the window, bool[n_consumers]."""
    days = range(cohort.start // TICKS_PER_DAY, ceil(cohort.end / TICKS_PER_DAY))
    active = np.zeros(len(cohort.replication.active), bool)
    for day in days:
        active |= _active(cohort.replication.active, day)
    return active


def retention(cohort: Cohort) -> dict[str, float]:
    """Return the share of those first active on a day of the window who were active again n days later."""
    first, last = ceil(cohort.start / TICKS_PER_DAY), cohort.end // TICKS_PER_DAY
    bits = cohort.replication.active
    seen = np.zeros(len(bits), bool)
    came, again = dict.fromkeys(HORIZONS, 0), dict.fromkeys(HORIZONS, 0)
    for day in range(first, last):
        new = _active(bits, day) & ~seen
        seen |= new
        for n in HORIZONS:
            if day + n < last:
                came[n] += int(new.sum())
                again[n] += int((new & _active(bits, day + n)).sum())
    return {f"retention_d{n}": ratio(again[n], came[n]) for n in HORIZONS}


def _active(bits: NDArray[np.uint8], day: int) -> Bool:
    return np.asarray(bits[:, day >> 3] >> (day & 7) & 1, bool)
