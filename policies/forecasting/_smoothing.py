"""Exponential smoothing of many series at once: level, trend and season, with weights given or found by search."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._spread import additive
from sim.schema.compiled import compiled, inner
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much of each error goes into level, trend and season, and how much of a trend stays; float64[n] each."""

    level: Float
    trend: Float
    season: Float
    damping: Float


@dataclass(frozen=True, slots=True)
class State:
    """Where n series stand after a day.

    Attributes
    ----------
    level, trend : float64[n]
    season : float64[n, m]
        Of the days to come, the next one first; added, or where ``times`` says so multiplied.
    times : bool[n]
    """

    level: Float
    trend: Float
    season: Float
    times: Bool


@dataclass(frozen=True, slots=True)
class Smoothed:
    """State after the last day, the weights that led to it, and the spread of one-day errors, float64[n]."""

    state: State
    weights: Weights
    sigma: Float

    def forecast(self, view: ForecastView) -> Forecast:
        """Return level plus trend plus (or times) season of each day to come, and how errors are carried on.

        ``c_j = alpha (1 + beta (phi + ... + phi^j)) + gamma [j is a whole season]``; with seasons that multiply this
        holds of errors relative to the season, and here about.
        """
        state, weights = self.state, self.weights
        steps = np.arange(1, view.horizon + 1)
        kept = np.cumsum(weights.damping[:, None] ** steps, axis=1)
        base = state.level[:, None] + kept * state.trend[:, None]
        season = state.season[:, (steps - 1) % state.season.shape[1]]
        mean = np.where(state.times[:, None], base * season, base + season)
        carried = weights.level[:, None] * (1 + weights.trend[:, None] * kept[:, :-1])
        carried += weights.season[:, None] * (steps[:-1] % state.season.shape[1] == 0)
        return additive(view, mean, self.sigma, carried)


def smoothed(history: Float, start: State, grid: Sequence[Sequence[float]]) -> Smoothed:
    """Smooth by each combination of weights; keep, per series, the one whose one-day errors are smallest in square.

    ``l_t = alpha (y_t - s_{t-m}) + (1 - alpha) (l_{t-1} + phi b_{t-1})``,
    ``b_t = beta (l_t - l_{t-1}) + (1 - beta) phi b_{t-1}``,
    ``s_t = gamma (y_t - l_{t-1} - phi b_{t-1}) + (1 - gamma) s_{t-m}``; with seasons that multiply, ``y`` over instead
    of ``y`` less.  A day that is unknown changes nothing.

    Parameters
    ----------
    history : float64[n, days]
        NaN = unknown.
    start : State
        Before the first day; of a series that begins later, before the season that it begins in.
    grid : sequence of sequences of float
        Values to try of alpha, beta, gamma and phi in every combination; among equals the first is taken.
    """
    n, tries = len(history), np.array(list(product(*grid)))
    level, trend, season, best = np.zeros(n), np.zeros(n), np.zeros_like(start.season), np.zeros(n, np.int64)
    squares = np.zeros(n)
    scratch = np.zeros((3, len(tries))), np.zeros((start.season.shape[1], len(tries)))
    _search(
        np.ascontiguousarray(history), np.ascontiguousarray(tries.T), start.level, start.trend, start.season,
        start.times, *scratch, level, trend, season, best, squares,
    )  # fmt: skip
    count = np.maximum((~np.isnan(history)).sum(axis=1), 1)
    return Smoothed(State(level, trend, season, start.times), Weights(*tries[best].T), np.sqrt(squares / count))


@compiled
def _search(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    y, tries, level0, trend0, season0, times, now, seasons, level, trend, season, best, squares
):
    """Take each series through its days once, all weights side by side: that is what processors do fast."""
    m = season0.shape[1]
    for i in range(y.shape[0]):
        now[0, :], now[1, :], now[2, :] = level0[i], trend0[i], 0.0
        for place in range(m):
            seasons[place, :] = season0[i, place]
        place, first = 0, 0
        while first < y.shape[1] and np.isnan(y[i, first]):
            first += 1
        for t in range(first - first % m, y.shape[1]):
            if np.isnan(y[i, t]):
                _unknown(tries, now)
            elif times[i]:
                _multiplied(y[i, t], tries, now, seasons[place])
            else:
                _added(y[i, t], tries, now, seasons[place])
            place = place + 1 if place + 1 < m else 0
        k = 0
        for other in range(now.shape[1]):
            if now[2, other] < now[2, k]:
                k = other
        best[i], level[i], trend[i], squares[i] = k, now[0, k], now[1, k], now[2, k]
        for ahead in range(m):
            season[i, ahead] = seasons[(place + ahead) % m, k]


@inner
def _unknown(tries, now):  # type: ignore[no-untyped-def]
    for k in range(now.shape[1]):
        now[1, k] *= tries[3, k]
        now[0, k] += now[1, k]


@inner
def _added(value, tries, now, season):  # type: ignore[no-untyped-def]
    for k in range(now.shape[1]):
        kept = tries[3, k] * now[1, k]
        base = now[0, k] + kept
        error = value - base - season[k]
        new = base + tries[0, k] * error
        now[1, k] = tries[1, k] * (new - now[0, k]) + (1.0 - tries[1, k]) * kept
        now[0, k] = new
        season[k] += tries[2, k] * error
        now[2, k] += error * error


@inner
def _multiplied(value, tries, now, season):  # type: ignore[no-untyped-def]
    for k in range(now.shape[1]):
        kept = tries[3, k] * now[1, k]
        base, s = now[0, k] + kept, season[k]
        error = value - base * s
        new = tries[0, k] * value / s + (1.0 - tries[0, k]) * base if s > 0.0 else base
        if base > 0.0:
            season[k] = tries[2, k] * value / base + (1.0 - tries[2, k]) * s
        now[1, k] = tries[1, k] * (new - now[0, k]) + (1.0 - tries[1, k]) * kept
        now[0, k] = new
        now[2, k] += error * error
