"""One value per group, for many groups at once."""

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int32]
Long = NDArray[np.int64]


def median_per_group(group: Int | Long, values: Float, n: int) -> Float:
    """Return each group's median of the values that are not NaN, float64[n]; NaN where there is none."""
    known = ~np.isnan(values)
    group, values = group[known], values[known]
    values = values[np.lexsort((values, group))]
    count = np.bincount(group, minlength=n)
    first = np.cumsum(count) - count
    medians = np.full(n, np.nan)
    some = count > 0
    low, high = first + (count - 1) // 2, first + count // 2
    medians[some] = (values[low[some]] + values[high[some]]) / 2
    return medians


def first_per_group(group: Int | Long, code: Int, n: int) -> Int:
    """Return each group's first code that is not negative, int32[n]; -1 where there is none."""
    known = np.flatnonzero(code >= 0)[::-1]
    first = np.full(n, -1, np.int32)
    first[group[known]] = code[known]  # of those with one place the last written stays: the first row
    return first
