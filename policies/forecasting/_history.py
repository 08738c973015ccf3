"""Past demand with what is not known of it left out."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.forecasting import ForecastView

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


def known(view: ForecastView) -> Float:
    """Return demand, float64[n, days], NaN where it is unknown: off sale, or out of stock for part of the day.

    What is sold on a day that ends in a stockout is no less than demand only by luck: to count it would bias
    forecasts down.
    """
    return np.where(view.censored, np.nan, view.demand)


def means(history: Float) -> Float:
    """Return the mean of what is known of each row, float64[n]; 0 where nothing is."""
    there = ~np.isnan(history)
    count = there.sum(axis=1)
    total = np.where(there, history, 0.0).sum(axis=1)
    # a mean of equal numbers may differ from them in the last digit: it is held between the extremes
    mean = total / np.maximum(count, 1)
    low = np.where(there, history, np.inf).min(axis=1, initial=np.inf)
    high = np.where(there, history, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(count > 0, np.clip(mean, low, high), 0.0)


def deviations(history: Float, spent: int = 1) -> Float:
    """Return the standard deviation of what is known of each row, ``spent`` degrees of freedom gone; else 0."""
    there = ~np.isnan(history)
    squares = np.where(there, history - means(history)[:, None], 0.0) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=1) / np.maximum(there.sum(axis=1) - spent, 1)))


def last(history: Float) -> Float:
    """Return the newest known number of each row, float64[n]; 0 where nothing is known."""
    if history.shape[1] == 0:
        return np.zeros(len(history))
    there = ~np.isnan(history)
    newest = history.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    return np.where(there.any(axis=1), history[np.arange(len(history)), newest], 0.0)


def forward(history: Float) -> Float:
    """Return the history with each unknown day as the known one before it; NaN before the first."""
    there = ~np.isnan(history)
    at = np.where(there, np.arange(history.shape[1]), -1)
    newest = np.maximum.accumulate(at, axis=1) if at.size else at
    rows = np.arange(len(history))[:, None]
    return np.where(newest >= 0, history[rows, np.maximum(newest, 0)], np.nan)


def without_gaps(row: Float) -> Float:
    """Return one series from its first known day on, gaps filled in a straight line."""
    there = np.flatnonzero(~np.isnan(row))
    if len(there) == 0:
        return np.zeros(0)
    days = np.arange(there[0], len(row))
    return np.interp(days, there, row[there])


def rough(errors: Float) -> Float:
    """Return the root mean square of each row's known errors, 0 where there is none."""
    there = ~np.isnan(errors)
    squares = np.where(there, errors, 0.0) ** 2
    return np.asarray(np.sqrt(squares.sum(axis=1) / np.maximum(there.sum(axis=1), 1)))
