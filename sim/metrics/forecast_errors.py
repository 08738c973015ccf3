"""How good a forecast was: measures that can be compared over series of any size.

Errors of a series are told in units of what the simplest forecast misses by on the series' own past: the scale of
Hyndman & Koehler, Another look at measures of forecast accuracy, International Journal of Forecasting 22 (2006).
"""

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "none")
SELDOM, VARIED = 1.32, 0.49


def scales(history: Float, season: int) -> tuple[Float, Float]:
    """Return mean absolute and mean squared change from each day to the one a season later, float64[n] each.

    What a seasonal naive forecast misses by in sample; NaN where a series never changes or there are no such pairs of
    known days: errors of that series cannot be told in its own units.

    Parameters
    ----------
    history : float64[n, days]
        NaN = unknown.
    season : int, days
        1 = day to day.
    """
    change = history[:, season:] - history[:, :-season]
    there = ~np.isnan(change)
    count = there.sum(axis=1)
    filled = np.where(there, change, 0.0)
    absolute = np.abs(filled).sum(axis=1) / np.maximum(count, 1)
    squared = (filled**2).sum(axis=1) / np.maximum(count, 1)
    return np.where(absolute > 0, absolute, np.nan), np.where(squared > 0, squared, np.nan)


def mase(actual: Float, mean: Float, absolute: Float) -> Float:
    """Return mean absolute scaled errors per series: ``mean |y - f| / scale``; NaN where nothing is known.

    Parameters
    ----------
    actual, mean : float64[n, horizon]
        NaN in ``actual`` = unknown: the day counts for nothing.
    absolute : float64[n]
        From `scales`.
    """
    return _mean(np.abs(actual - mean)) / absolute


def rmsse(actual: Float, mean: Float, squared: Float) -> Float:
    """Return root mean squared scaled errors per series: ``sqrt(mean (y - f)^2 / scale)``.

    References
    ----------
    Makridakis, Spiliotis & Assimakopoulos, M5 accuracy competition, International Journal of Forecasting 38 (2022),
    with scales from day to day.
    """
    return np.asarray(np.sqrt(_mean((actual - mean) ** 2) / squared))


def pinball(actual: Float, quantile: Float, level: float, absolute: Float) -> Float:
    """Return mean scaled pinball losses per series: ``level (y - q)`` above it, ``(1 - level) (q - y)`` below.

    References
    ----------
    Koenker & Bassett, Regression quantiles, Econometrica 46 (1978); scaled as in the M5 uncertainty competition.
    """
    over = actual - quantile
    return _mean(np.where(over >= 0, level * over, (level - 1) * over)) / absolute


def bias(actual: Float, mean: Float, absolute: Float) -> Float:
    """Return mean scaled errors per series, forecast less actual: above zero = too much was forecast."""
    return _mean(mean - actual) / absolute


def sku_class(history: Float) -> NDArray[np.int64]:
    """Return the place in `CLASSES` of each series' demand, int64[n].

    By the mean interval between days with demand (1.32 days) and the squared coefficient of variation of their sizes
    (0.49): smooth, erratic (often, varied), intermittent (seldom, alike), lumpy (seldom, varied); none = no demand.

    References
    ----------
    Syntetos, Boylan & Croston, On the categorization of demand patterns, Journal of the Operational Research Society
    56 (2005).
    """
    sizes = np.where(history > 0, history, np.nan)
    times = (~np.isnan(sizes)).sum(axis=1)
    interval = (~np.isnan(history)).sum(axis=1) / np.maximum(times, 1)
    mean = _mean(sizes)
    variation = _mean((sizes - mean[:, None]) ** 2) / mean**2
    found = np.where(variation >= VARIED, 1, 0) + np.where(interval >= SELDOM, 2, 0)
    return np.where(times > 0, found, CLASSES.index("none")).astype(np.int64)


def _mean(values: Float) -> Float:
    """Return each row's mean of what is known; NaN where nothing is."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    return np.where(count > 0, np.where(there, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
