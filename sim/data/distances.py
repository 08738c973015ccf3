"""How far apart two samples or two profiles are.  Distances, not tests: a p-value would only tell their size."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


def relative(simulated: float, real: float) -> float:
    """Return |simulated / real - 1|; NaN where the real value is not positive."""
    return abs(simulated / real - 1) if real > 0 else math.nan


def kolmogorov_smirnov(simulated: ArrayLike, real: ArrayLike) -> float:
    """Return the largest difference of the distribution functions, 0 to 1; NaN where a sample is empty."""
    a, b = np.sort(np.asarray(simulated, np.float64)), np.sort(np.asarray(real, np.float64))
    if not len(a) or not len(b):
        return math.nan
    at = np.concatenate((a, b))
    below = [np.searchsorted(sample, at, side="right") / len(sample) for sample in (a, b)]
    return float(np.abs(below[0] - below[1]).max())


def wasserstein_over_iqr(simulated: ArrayLike, real: ArrayLike) -> float:
    """Return the mean way that values must move, in interquartile ranges of the real ones; NaN without any."""
    a, b = np.asarray(simulated, np.float64), np.asarray(real, np.float64)
    if not len(a) or not len(b):
        return math.nan
    low, high = np.quantile(b, (0.25, 0.75))
    return float(stats.wasserstein_distance(a, b) / (high - low)) if high > low else math.nan


def total_variation(simulated: ArrayLike, real: ArrayLike) -> float:
    """Return half the sum of |p - q| over the shares of two profiles of weights, 0 to 1; NaN where one is empty."""
    a, b = np.asarray(simulated, np.float64), np.asarray(real, np.float64)
    if not (a.sum() > 0 and b.sum() > 0):
        return math.nan
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
