"""Where exponential smoothing starts: level, trend and season from the first days of each series."""

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._history import means
from policies.forecasting._smoothing import State

Float = NDArray[np.float64]

FIRST_DAYS = 14
"""Days that the first level, or level and trend, is taken of."""


def level_alone(history: Float) -> State:
    """Start at the mean of the first known days."""
    return _plain(means(_first(history, FIRST_DAYS)), np.zeros(len(history)))


def level_and_trend(history: Float) -> State:
    """Start on the straight line through the first known days (least squares), a day before they begin."""
    return _plain(*_line(_first(history, FIRST_DAYS)))


def level_trend_season(history: Float, season: int, times: bool, trending: bool) -> State:
    """Start with what the first two seasons show.

    The line joins the seasons' means; the season is how far, on average, each of its days lies from the line (or over
    it).  Where a day of the season is known in neither, it starts neutral; where the line is not above zero, or there
    is a day without demand, seasons are added, not multiplied.
    """
    first = _first(history, 2 * season, season)
    one, two = means(first[:, :season]), means(first[:, season:])
    known = ~np.isnan(first)
    both = known[:, :season].any(axis=1) & known[:, season:].any(axis=1)
    slope = np.where(both & trending, (two - one) / season, 0.0)
    middle = np.where(both, (one + two) / 2, means(first))
    line = middle[:, None] + slope[:, None] * (np.arange(2 * season) - season + 0.5)
    positive = (line > 0).all(axis=1) & ((first > 0) | np.isnan(first)).all(axis=1) & times
    over = first / np.where(positive[:, None], line, 1.0)
    apart = np.where(positive[:, None], over - 1, first - line).reshape(len(history), 2, season)
    found = _mean_of_two(apart)
    shape = np.where(positive[:, None], found + 1, found)
    return State(line[:, 0] - slope, slope, np.ascontiguousarray(shape), np.ascontiguousarray(positive))


def _plain(level: Float, trend: Float) -> State:
    return State(level, trend, np.zeros((len(level), 1)), np.zeros(len(level), np.bool_))


def _first(history: Float, days: int, season: int = 1) -> Float:
    """Return the first ``days`` days of each series, NaN where there are not so many.

    A series begins with the season that its first known day lies in.
    """
    if history.shape[1] == 0:
        return np.full((len(history), days), np.nan)
    begins = (~np.isnan(history)).argmax(axis=1) // season * season
    at = begins[:, None] + np.arange(days)
    inside = at < history.shape[1]
    return np.where(inside, np.take_along_axis(history, np.where(inside, at, 0), axis=1), np.nan)


def _line(first: Float) -> tuple[Float, Float]:
    """Return level a day before the first, and slope, of the line through each row's known days."""
    there = ~np.isnan(first)
    day = np.arange(1, first.shape[1] + 1)
    days = np.where(there, day, np.nan)
    middle, mean = means(days), means(first)
    off = np.where(there, day - middle[:, None], 0.0)
    across = (off * np.where(there, first - mean[:, None], 0.0)).sum(axis=1)
    width = (off**2).sum(axis=1)
    slope = np.where(width > 0, across / np.where(width > 0, width, 1.0), 0.0)
    return mean - slope * middle, slope


def _mean_of_two(apart: Float) -> Float:
    there = ~np.isnan(apart)
    total = np.where(there, apart, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(there.sum(axis=1), 1))
