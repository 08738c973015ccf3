"""What is known of each series at the end of a day: means over the days before, of demand and of signals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

LEVEL_DAYS, WEEK = 28, 7
SEASONS = 4
"""Seasons that the mean of one of their days is taken over."""


@dataclass(frozen=True, slots=True)
class Running:
    """Running sums over days, so that any stretch's mean is one subtraction; unknown days are left out.

    Attributes
    ----------
    total, count : float64[n, days + 1]
    """

    total: Float
    count: Float

    @classmethod
    def of(cls, values: Float) -> "Running":
        """Return the sums of float64[n, days]."""
        there = ~np.isnan(values)
        zero = np.zeros((len(values), 1))
        filled = np.where(there, values, 0.0)
        return cls(
            np.concatenate((zero, np.cumsum(filled, axis=1)), axis=1),
            np.concatenate((zero, np.cumsum(there, axis=1)), axis=1),
        )

    def mean(self, until: int, days: int) -> Float:
        """Return the mean of the last ``days`` days before day ``until``, float64[n]; NaN where none is known."""
        first = max(until - days, 0)
        count = self.count[:, until] - self.count[:, first]
        total = self.total[:, until] - self.total[:, first]
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def sum(self, until: int, days: int) -> Float:
        """Return the sum of the last ``days`` days before day ``until``, float64[n]."""
        return np.asarray(self.total[:, until] - self.total[:, max(until - days, 0)])


def level_at(demand: Running, until: int) -> Float:
    """Return each series' level before a day: of four weeks, of all days where those are unknown, else 0."""
    near, all_days = demand.mean(until, LEVEL_DAYS), demand.mean(until, until)
    return np.nan_to_num(np.where(np.isnan(near), all_days, near))


def of_its_season(values: Float, until: int, horizon: int, season: int) -> Float:
    """Return the mean of the last seasons' days like each of the days from ``until`` on, float64[n, horizon].

    NaN where no such day is known.
    """
    found = np.full((len(values), min(season, horizon)), np.nan)
    for phase in range(found.shape[1]):
        newest = until + phase - season
        alike = values[:, [day for day in range(newest, newest - SEASONS * season, -season) if day >= 0]]
        there = ~np.isnan(alike)
        total, count = np.where(there, alike, 0.0).sum(axis=1), there.sum(axis=1)
        found[:, phase] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found[:, np.arange(horizon) % season]


def over(part: Float, whole: Float, usual: float = 1.0) -> Float:
    """Return part over whole, ``usual`` where either is unknown or there is no whole."""
    sound = (whole > 0) & ~np.isnan(part)
    return np.where(sound, part / np.where(sound, whole, 1.0), usual)


def origins_to_learn_from(days: int, horizon: int, n: int, most_rows: int) -> list[int]:
    """Return the days after which a forecast could have been made and judged, at most so many that rows fit.

    The first have four weeks, or half the days, behind them; those kept are spread evenly, the latest among them.
    """
    first, final = max(min(LEVEL_DAYS, days // 2), 1), days - horizon
    if final < first or n == 0:
        return []
    many = int(np.clip(most_rows // max(n * horizon, 1), 1, final - first + 1))
    return sorted(set(np.linspace(final, first, many).round().astype(int).tolist()))
