"""Simulated time: minutes since the scenario's start, on a grid of 2^-16 minute.

On that grid float sums and comparisons are exact up to 2^37 minutes, so SimPy may carry float minutes while
the compiled kernels carry the same instants as int64 *ticks*.
"""

import math

TICKS_PER_MINUTE = 65536
MINUTES_PER_HOUR = 60.0
MINUTES_PER_DAY = 1440.0


def to_ticks(minutes: float) -> int:
    """Return the first grid instant at or after ``minutes``, in ticks."""
    return math.ceil(minutes * TICKS_PER_MINUTE)


def to_minutes(ticks: int) -> float:
    """Return ``ticks`` as minutes; exact."""
    return ticks / TICKS_PER_MINUTE


def on_grid(minutes: float) -> float:
    """Round a duration up to the grid; a duration of a real thing is at least one tick."""
    return max(1, to_ticks(minutes)) / TICKS_PER_MINUTE
