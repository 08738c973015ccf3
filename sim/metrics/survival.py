"""How long until something happens, when not everything is watched for as long."""

import math

import numpy as np
from numpy.typing import ArrayLike


def median_time(waited: ArrayLike, happened: ArrayLike) -> float:
    """Return the Kaplan-Meier median: the first time by which half have seen it happen; NaN where that is never.

    Parameters
    ----------
    waited : float[n]
        Until it happened, or until nobody watched any more.
    happened : bool[n]

    References
    ----------
    Kaplan & Meier (1958), JASA 53: the product-limit estimate, deaths before losses at ties.
    """
    times, events = np.asarray(waited, np.float64), np.asarray(happened, bool)
    order = np.lexsort((~events, times))
    at_risk = len(order) - np.arange(len(order))
    surviving = np.cumprod(1 - events[order] / at_risk)
    done = np.flatnonzero(surviving <= 0.5 + 1e-12)
    return float(times[order][done[0]]) if len(done) else math.nan
