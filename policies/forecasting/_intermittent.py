"""Demand that comes now and then: its size and how often it comes, smoothed apart."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._history import deviations
from sim.schema.compiled import compiled

Float = NDArray[np.float64]


class NowAndThen(NamedTuple):
    """Size of a demand, its standard deviation, days from one to the next, chance of one on a day; float64[n].

    All are zero where there never was any demand.
    """

    size: Float
    size_sd: Float
    interval: Float
    chance: Float


def now_and_then_of(history: Float, alpha: float, beta: float) -> NowAndThen:
    """Return what is left of each series after its last known day.

    The first demand gives the first size and, by the days it took to come, interval and chance.  After it
    ``z += alpha (y - z)`` and ``p += beta (q - p)`` at each demand y that came q days after the one before, and every
    day ``c += beta ([y > 0] - c)``.  Days that are unknown are not counted.

    Parameters
    ----------
    history : float64[n, days]
        NaN = unknown.
    """
    n = len(history)
    size, interval, chance = np.zeros(n), np.zeros(n), np.zeros(n)
    _follow(np.ascontiguousarray(history), alpha, beta, size, interval, chance)
    return NowAndThen(size, deviations(np.where(history > 0, history, np.nan)), interval, chance)


@compiled
def _follow(y, alpha, beta, size, interval, chance):  # type: ignore[no-untyped-def]
    for i in range(y.shape[0]):
        since = 0.0
        for t in range(y.shape[1]):
            value = y[i, t]
            if np.isnan(value):
                continue
            since += 1.0
            if size[i] == 0.0:
                if value > 0.0:
                    size[i], interval[i], chance[i] = value, since, 1.0 / since
                    since = 0.0
            elif value > 0.0:
                size[i] += alpha * (value - size[i])
                interval[i] += beta * (since - interval[i])
                chance[i] += beta * (1.0 - chance[i])
                since = 0.0
            else:
                chance[i] -= beta * chance[i]
