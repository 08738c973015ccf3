"""How evenly something is spread over those who might have it."""

import math

import numpy as np
from numpy.typing import ArrayLike


def gini(shares: ArrayLike) -> float:
    """Return sum_i (2i - n - 1) e_(i) / (n sum e), e ascending: 0 for equals, (n - 1) / n where one has all.

    NaN where there is nothing to share.
    """
    e = np.sort(np.asarray(shares, np.float64))
    n, total = len(e), float(e.sum())
    if total <= 0:
        return math.nan
    return float(((2 * np.arange(1, n + 1) - n - 1) * e).sum() / (n * total))


def entropy(shares: ArrayLike) -> float:
    """Return the Shannon entropy in bits; log2(n) for equals, 0 where one has all, NaN without anything to share."""
    e = np.asarray(shares, np.float64)
    total = float(e.sum())
    if total <= 0:
        return math.nan
    p = e[e > 0] / total
    return float(-(p * np.log2(p)).sum()) + 0.0
