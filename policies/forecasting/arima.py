"""ARIMA whose order is chosen by tests and a criterion."""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.forecasting._one_by_one import Fitted, expected_warnings, one_by_one
from sim.schema.forecasting import Forecast, ForecastView

Float = NDArray[np.float64]

STRONG_SEASON = 0.64
FITS = 24
"""Orders tried for a series at most."""


class Order(NamedTuple):
    """Autoregressive and moving-average terms of days, then of seasons."""

    p: int
    q: int
    sp: int
    sq: int


@dataclass(frozen=True)
class Arima:
    """Forecast each series by an ARIMA model whose order is found automatically.

    A season is differenced away where its strength is above 0.64 (how much of the variance that a trend leaves it
    explains); then the KPSS test at 5 % says whether days are differenced too.  From (0,0), (1,0), (0,1) and (2,2) the
    corrected Akaike criterion climbs step by step, over 24 orders at most, terms of the season among them where
    there are four seasons or more.  The ``most_series`` series with most demand are modelled;
    ``exponential_smoothing`` forecasts the rest, series under 12 days, and what nothing fits or what would run off.

    Parameters
    ----------
    season : int, days
        1 = there is none.
    most_terms : int
        Of p and of q.
    most_series : int
        A year of days takes about a second a series.

    References
    ----------
    Hyndman & Khandakar, Automatic time series forecasting, Journal of Statistical Software 27 (2008); strength of
    season: Wang, Smith & Hyndman, Data Mining and Knowledge Discovery 13 (2006); fitted by statsmodels.
    """

    season: Annotated[int, Field(ge=1, le=31)] = 7
    most_terms: Annotated[int, Field(ge=0, le=5)] = 3
    most_series: Annotated[int, Field(ge=0, le=100_000)] = 50

    def forecast(self, view: ForecastView) -> Forecast:
        """Return each series' own model's forecast."""
        return one_by_one(view, self._fit, self.most_series)

    def _fit(self, series: Float, horizon: int) -> Fitted | None:
        seasonal = self.season > 1 and len(series) >= 4 * self.season
        by_season = int(seasonal and strength(series, self.season) > STRONG_SEASON)
        left = series[self.season :] - series[: -self.season] if by_season else series
        by_day = int(needs_difference(left))
        limits = Order(self.most_terms, self.most_terms, int(seasonal), int(seasonal))
        found = _climb(series, by_day, by_season, self.season, limits)
        return None if found is None else _answer(found, by_day, by_season, self.season, horizon)


def strength(series: Float, season: int) -> float:
    """Return how much of the variance without trend the season explains, 0 to 1: ``1 - var(R) / var(S + R)``."""
    from statsmodels.tsa.seasonal import STL

    parts = STL(series, period=season, robust=False).fit()
    both = float(np.var(parts.seasonal + parts.resid))
    return max(0.0, 1 - float(np.var(parts.resid)) / both) if both > 0 else 0.0


def needs_difference(series: Float) -> bool:
    """Tell whether the KPSS test refuses, at 5 %, that the series keeps to a level."""
    import warnings

    from statsmodels.tools.sm_exceptions import InterpolationWarning
    from statsmodels.tsa.stattools import kpss

    if len(series) < 3 or series.min() == series.max():
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)  # the p-value lies beyond its table: far from 5 %
        warnings.filterwarnings("ignore", "kpss currently returns", FutureWarning)  # either answer has it at 1
        return bool(kpss(series, regression="c", nlags="auto")[1] < 0.05)


def _climb(series: Float, by_day: int, by_season: int, season: int, limits: Order) -> Any:
    """Return the model that no neighbour betters; the first neighbour that is better is taken at once."""
    tried: dict[Order, Any] = {}

    def criterion(order: Order) -> float:
        if order not in tried:
            tried[order] = _fitted(series, order, by_day, by_season, season)
        return np.inf if tried[order] is None else float(tried[order].aicc)

    def better(order: Order, than: float) -> bool:
        possible = min(order) >= 0 and all(a <= b for a, b in zip(order, limits, strict=True))
        return possible and (order in tried or len(tried) < FITS) and criterion(order) < than

    s = limits.sp
    starts = [Order(0, 0, 0, 0), Order(1, 0, s, 0), Order(0, 1, 0, s), Order(2, 2, s, s)]
    best = min((order for order in starts if better(order, np.inf)), key=criterion, default=None)
    while best is not None:
        following = next((order for order in _neighbours(best) if better(order, criterion(best))), None)
        if following is None:
            break
        best = following
    return None if best is None else tried[best]


def _neighbours(order: Order) -> list[Order]:
    steps = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)]
    seasons = [Order(order.p, order.q, order.sp + a, order.sq + b) for a, b in steps]
    return seasons + [Order(order.p + a, order.q + b, order.sp, order.sq) for a, b in steps]


def _fitted(series: Float, order: Order, by_day: int, by_season: int, season: int) -> Any:
    """Return the fitted model; None where it cannot be fitted, does not converge, or has no criterion."""
    from statsmodels.tsa.arima.model import ARIMA

    with_seasons = order.sp or order.sq or by_season
    with expected_warnings():
        try:
            found = ARIMA(
                series, order=(order.p, by_day, order.q), trend="n" if by_day + by_season else "c",
                seasonal_order=(order.sp, by_season, order.sq, season) if with_seasons else (0, 0, 0, 0),
            ).fit()  # fmt: skip
        except (ValueError, np.linalg.LinAlgError):  # no starting values, or none that is stationary
            return None
    return found if np.isfinite(found.aicc) and found.mle_retvals["converged"] else None


def _answer(found: Any, by_day: int, by_season: int, season: int, horizon: int) -> Fitted:
    from statsmodels.tsa.arima_process import arma2ma

    past = found.polynomial_reduced_ar
    for _ in range(by_day):
        past = np.polymul(past, [1.0, -1.0])
    if by_season:
        past = np.polymul(past, np.r_[-1.0, np.zeros(season - 1), 1.0])
        past = past * np.sign(past[0])
    carried = arma2ma(past, found.polynomial_reduced_ma, lags=max(horizon, 1))[1:]
    sigma = float(np.sqrt(found.params[list(found.param_names).index("sigma2")]))
    return Fitted(np.asarray(found.forecast(horizon), np.float64), sigma, np.asarray(carried, np.float64))
