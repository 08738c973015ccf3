"""Models that are fitted to one series after the other: which series, and who answers for the rest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policies.forecasting._history import known, without_gaps
from policies.forecasting._spread import additive
from policies.forecasting.exponential_smoothing import ExponentialSmoothing
from policies.recommenders._one_thread import one_thread
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]

FEWEST_DAYS = 12
"""A shorter series has no model of its own."""
EXPECTED_WARNINGS = (
    "Non-invertible starting MA parameters",
    "Non-stationary starting autoregressive parameters",
    "Non-invertible starting seasonal moving average",
    "Non-stationary starting seasonal autoregressive",
    "Too few observations to estimate starting parameters",
    "invalid value encountered",
    "divide by zero encountered",
    "overflow encountered",
    "Maximum Likelihood optimization failed to converge",
    "Optimization failed to converge",
    "Random walk warning",
)
"""What the library says of a candidate that does not fit: such a candidate is judged by its criterion, or dropped."""


class Fitted(NamedTuple):
    """A model's answer: means, standard deviation of one-day errors, and how much of one is carried on.

    ``mean`` float64[horizon]; ``carried`` float64[horizon - 1].
    """

    mean: Float
    sigma: float
    carried: Float


Fit = Callable[[Float, int], Fitted | None]
"""``fit(series, horizon)``; None where no candidate could be fitted."""


def one_by_one(view: ForecastView, fit: Fit, most: int) -> Forecast:
    """Fit a model to each of the ``most`` series with most demand; simple exponential smoothing forecasts the rest.

    So it does what is too short, and what no candidate could be fitted to; `Forecast.simpler` tells which.  What
    never changed is forecast to stay.
    """
    history = known(view)
    spare = ExponentialSmoothing().forecast(view)
    mean, sigma = spare.mean.copy(), np.zeros(len(view))
    carried = np.zeros((len(view), max(view.horizon - 1, 0)))
    done = np.zeros(len(view), np.bool_)
    with one_thread():
        for i in _largest(history, most):
            series = without_gaps(history[i])
            if len(series) and series.min() == series.max():
                mean[i], done[i] = series[0], True
            elif len(series) >= FEWEST_DAYS and (found := _scaled(fit, series, view.horizon)) is not None:
                (mean[i], sigma[i], carried[i]), done[i] = found, True
    return additive(view, mean, sigma, carried).with_spare(spare, ~done)


@contextmanager
def expected_warnings() -> Iterator[None]:
    """Keep quiet about candidates that do not fit; any other warning is shown."""
    import warnings

    with warnings.catch_warnings():
        for said in EXPECTED_WARNINGS:
            warnings.filterwarnings("ignore", message=f".*{said}")
        yield


def _largest(history: Float, most: int) -> list[int]:
    """Return the series with most demand, ties in their order."""
    total = np.where(np.isnan(history), 0.0, history).sum(axis=1)
    return np.argsort(-total, kind="stable")[:most].tolist()  # type: ignore[no-any-return]  # numpy does not tell


def _runs_off(mean: Float, series: Float) -> bool:
    """Tell whether a forecast leaves the series' range by more than its width, or so much more as it is long."""
    margin = np.ptp(series) * (1 + len(mean) / len(series))
    return not bool(((mean >= series.min() - margin) & (mean <= series.max() + margin)).all())


def _scaled(fit: Fit, series: Float, horizon: int) -> Fitted | None:
    """Fit in units of the series' own spread: then starting values and tolerances suit every series."""
    unit = float(series.std())
    found = fit(series / unit, horizon)
    if found is None or not np.isfinite(found.sigma) or _runs_off(found.mean, series / unit):
        return None
    return Fitted(found.mean * unit, found.sigma * unit, found.carried)
