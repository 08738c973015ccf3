"""Facts of who orders when, of whom, at what price.  Orders come as `sim.data.orders` lays them out."""

from collections.abc import Iterator
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.data.concentration import concentration
from sim.data.distances import kolmogorov_smirnov, total_variation
from sim.data.fact import Fact, quantile

Float = NDArray[np.float64]
Times = NDArray[np.datetime64]
Span = tuple[np.datetime64, np.datetime64]

PROFILE_WITHIN = 0.05
PRICE_WITHIN = 0.05
ONE_DAY = np.timedelta64(1, "D")
THURSDAY = 3
"""The weekday of 1970-01-01, counted from Monday."""


def hour_profile(real: pd.DataFrame, simulated: pd.DataFrame) -> Fact:
    """Return how orders are spread over the 24 hours of the day, local time."""
    own, other = (np.bincount(rows["placed"].dt.hour, minlength=24) for rows in (real, simulated))
    return Fact("orders_by_hour", "", "", nan, nan, "TV", total_variation(other, own), PROFILE_WITHIN)


def weekday_profile(real: pd.DataFrame, simulated: pd.DataFrame, window: Span) -> Fact:
    """Return how busy the weekdays are against each other, per day that there was of each.

    Parameters
    ----------
    window : (datetime64, datetime64)
        When simulated orders are counted; real ones are from the first to the last date that has any.
    """
    placed = real["placed"].to_numpy("M8[us]")
    dates = (placed.min().astype("M8[D]"), placed.max().astype("M8[D]") + 1)
    own, other = _per_weekday(placed, dates), _per_weekday(simulated["placed"].to_numpy("M8[us]"), window)
    seen = ~(np.isnan(own) | np.isnan(other))
    return Fact("orders_by_weekday", "", "", nan, nan, "TV", total_variation(other[seen], own[seen]))


def prices(real: pd.DataFrame, simulated: pd.DataFrame, currency: str) -> Fact:
    """Return what a unit cost, line by line; the values are medians."""
    own, other = (rows["price"].dropna().to_numpy(np.float64) for rows in (real, simulated))
    apart = kolmogorov_smirnov(other, own)
    return Fact("price", "", currency, quantile(own, 0.5), quantile(other, 0.5), "KS", apart, PRICE_WITHIN)


def sellers(real: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[Fact]:
    """Yield how unevenly lines are spread over the sellers that have any, of equally many lines of both."""
    own, other = (rows["merchant"].dropna().to_numpy() for rows in (real, simulated))
    n = min(len(own), len(other))
    pairs = zip(("gini", "top_10_percent"), concentration(own, n), concentration(other, n), strict=True)
    for name, a, b in pairs:
        yield Fact(f"sellers_{name}", "", "share", a, b, "difference", abs(b - a))


def _per_weekday(placed: Times, span: Span) -> Float:
    """Return orders a day per weekday from Monday; NaN for one that the span does not touch."""
    begins, ends = span
    dates = np.arange(begins.astype("M8[D]"), ends.astype("M8[D]") + 1)
    there = (np.minimum(dates + 1, ends) - np.maximum(dates, begins)) / ONE_DAY
    days = np.bincount(_weekday(dates), there, 7)
    orders = np.bincount(_weekday(placed), minlength=7)
    return np.asarray(np.divide(orders, days, out=np.full(7, nan), where=days > 0))


def _weekday(times: Times) -> NDArray[np.int64]:
    return np.asarray((times.astype("M8[D]").astype(np.int64) + THURSDAY) % 7)
