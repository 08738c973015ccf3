"""How unevenly order lines are spread over sellers, at a given number of lines."""

from math import ceil, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.inequality import gini

DRAWS = 20
"""Times that a longer list is thinned; the mean is taken."""
TOP = 0.1


def concentration(names: NDArray[np.object_], n: int) -> tuple[float, float]:
    """Return the Gini of lines over sellers, and the share of the largest tenth of them; NaN without lines.

    A list longer than ``n`` is thinned to ``n`` without replacement: both numbers depend on how much was seen.
    """
    if n == 0:
        return nan, nan
    codes, _ = pd.factorize(names)
    if len(codes) == n:
        return _of(codes)
    rng = np.random.default_rng(0)
    found = np.array([_of(rng.choice(codes, n, replace=False)) for _ in range(DRAWS)])
    return float(found[:, 0].mean()), float(found[:, 1].mean())


def _of(codes: NDArray[np.int64]) -> tuple[float, float]:
    lines = np.sort(np.bincount(codes))[::-1]
    lines = lines[lines > 0]
    return gini(lines), float(lines[: ceil(TOP * len(lines))].sum() / lines.sum())
