"""Intervals and paired tests over replications; a KPI that is missing in one counts in neither mean nor n."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit  # Student's t without scipy.stats, which takes a second to import

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications.

    Attributes
    ----------
    mean, half_width, sd : float
        NaN where too few values are present: no mean of none, no spread of one.  The interval is
        ``mean +- half_width`` (Student's t).
    n : int
        Replications in which the KPI is present.
    """

    mean: float
    half_width: float
    n: int
    sd: float


@dataclass(frozen=True, slots=True)
class Paired:
    """B against A over the replications that both have.

    Attributes
    ----------
    difference : Estimate
        Of ``b - a``.
    a : float
        Mean of A over those replications: what the difference is relative to.
    p_value : float
        Two-sided paired t; 1 where all differences are 0, NaN below two pairs.
    variance_ratio : float
        ``(var(a) + var(b)) / var(b - a)``: how many times the replications unpaired runs would need.
        NaN where all differences are alike.
    """

    difference: Estimate
    a: float
    p_value: float
    variance_ratio: float


def estimate(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Return mean, half-width and n of the values that are present."""
    present = _present(values)
    n = len(present)
    mean = float(present.mean()) if n else np.nan
    sd = float(present.std(ddof=1)) if n > 1 else np.nan
    half_width = float(stdtrit(n - 1, (1 + level) / 2) * sd / np.sqrt(n)) if n > 1 else np.nan
    return Estimate(mean, half_width, n, sd)


def paired(a: ArrayLike, b: ArrayLike, level: float = LEVEL) -> Paired:
    """Compare two arms, row by row the same replication."""
    left, right = np.asarray(a, np.float64), np.asarray(b, np.float64)
    both = ~(np.isnan(left) | np.isnan(right))
    left, right = left[both], right[both]
    difference = estimate(right - left, level)
    apart = float(left.var(ddof=1) + right.var(ddof=1)) if len(left) > 1 else np.nan
    ratio = apart / difference.sd**2 if difference.sd > 0 else np.nan
    return Paired(difference, float(left.mean()) if len(left) else np.nan, _p_value(difference), ratio)


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Return p-values adjusted for testing all of them (Holm 1979); missing ones are no tests and stay missing."""
    from statsmodels.stats.multitest import multipletests

    adjusted = np.asarray(p_values, np.float64).copy()
    tested = ~np.isnan(adjusted)
    if tested.any():
        adjusted[tested] = multipletests(adjusted[tested], method="holm")[1]
    return adjusted


def _present(values: ArrayLike) -> NDArray[np.float64]:
    numbers = np.asarray(values, np.float64)
    present: NDArray[np.float64] = numbers[~np.isnan(numbers)]
    return present


def _p_value(difference: Estimate) -> float:
    if difference.n < 2:
        return np.nan
    if difference.sd == 0:
        return 1.0 if difference.mean == 0 else 0.0
    t = difference.mean / (difference.sd / np.sqrt(difference.n))
    return float(2 * stdtr(difference.n - 1, -abs(t)))
