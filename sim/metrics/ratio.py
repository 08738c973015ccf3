"""Numbers that may be missing: an empty denominator gives NaN, never 0."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
CENTS = 100.0
"""Money is kept in cents and shown in whole units."""


def ratio(part: float, whole: float) -> float:
    """Return part / whole; NaN where there is no whole."""
    return float(part / whole) if whole else math.nan


def ratios(part: ArrayLike, whole: ArrayLike) -> Float:
    """Return part / whole row by row; NaN where there is no whole."""
    wholes = np.asarray(whole, np.float64)
    missing = np.full(wholes.shape, np.nan)
    return np.asarray(np.divide(np.asarray(part, np.float64), wholes, out=missing, where=wholes != 0))


def mean(values: Any) -> float:
    """Return the mean; NaN of nothing."""
    return ratio(float(np.sum(values)), len(values))


def quantile(values: Any, q: float) -> float:
    """Return a quantile, linear between the values; NaN of nothing."""
    return float(np.quantile(values, q)) if len(values) else math.nan


def spread(name: str, values: Any, *quantiles: int) -> dict[str, float]:
    """Return ``name_mean`` and ``name_pNN`` per percentile asked for."""
    found = {f"{name}_mean": mean(values)}
    return found | {f"{name}_p{q}": quantile(values, q / 100) for q in quantiles}
