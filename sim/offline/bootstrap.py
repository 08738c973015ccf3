"""Intervals of means over users: the same resamples for every measure of every recommender."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

RESAMPLES = 1000
BATCH = 50
"""Resamples at a time: memory."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval (percentiles over users); NaN where there is none."""

    mean: float
    low: float
    high: float


def intervals(values: Float, counts: Float, seed: int) -> list[Interval]:
    """Return the weighted mean of each column, and the interval that resampled users (rows) give it.

    Parameters
    ----------
    values : float64[n, m]
        NaN where a user has none.
    counts : float64[n, m]
        How much the user counts in that mean.
    """
    counted = np.where(np.isnan(values), 0.0, counts)
    summed = counted * np.nan_to_num(values)
    resampled = np.concatenate([_means(often, summed, counted) for often in _resamples(len(values), seed)])
    means = _means(np.ones((1, len(values))), summed, counted)[0]
    return [Interval(float(mean), *_ends(column)) for mean, column in zip(means, resampled.T, strict=True)]


def _resamples(n: int, seed: int) -> Iterator[Float]:
    """Yield how often each user is in each resample, float64[BATCH, n]."""
    rng = np.random.default_rng(seed)
    for _ in range(0, RESAMPLES, BATCH):
        yield np.stack([np.bincount(one, minlength=n) for one in rng.integers(0, n, (BATCH, n))]).astype(np.float64)


def _means(often: Float, summed: Float, counted: Float) -> Float:
    total, n = often @ summed, often @ counted
    means: Float = np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)
    return means


def _ends(resampled: Float) -> tuple[float, float]:
    present = resampled[~np.isnan(resampled)]
    if not len(present):
        return np.nan, np.nan
    low, high = np.percentile(present, (2.5, 97.5))
    return float(low), float(high)
