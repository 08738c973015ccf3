"""The contract of forecasters, as a suite that authors run on their own."""

import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policy.contain_forecasts import ContainedForecaster
from sim.schema.forecasting import Forecast, ForecastView, Signals
from sim.testing.purity import frozen, is_policy, same

Factory = Callable[[], Any]
NUMBERS = ("mean", "sd", "total_sd", "quantiles")


def check_forecaster(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a forecaster breaks.

    It answers for many series, one and none; for long histories, short ones and none; with unknown days and days that
    stock ran out on.  The order of series does not matter, nor does who asks or how often.
    """
    for n, days in ((24, 70), (5, 3), (1, 0), (0, 30)):
        view = frozen(forecast_view(n, days))
        policy = factory()
        is_policy(policy, "forecast")
        guard = ContainedForecaster("forecasting", policy, policy)
        answer = guard.forecast(view)
        assert not guard.counts.first_error, guard.counts.first_error
        for other, how in (
            (policy.forecast(view), "asked twice"),
            (pickle.loads(pickle.dumps(policy)).forecast(view), "after pickling"),
            (factory().forecast(view), "a new copy"),
        ):
            _same(other, answer, how)
        _in_any_order(policy, view, answer)


def forecast_view(n: int = 24, days: int = 70, horizon: int = 9, seed: int = 11) -> ForecastView:
    """Return series of all kinds: steady, growing, seasonal, seldom, never, begun late, out of stock at times."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    kind = np.arange(n)[:, None] % 4
    rate = np.select([kind == 0, kind == 1, kind == 2], [6.0, 2 + 0.1 * day, 8 + 4 * np.sin(day * 2 * np.pi / 7)], 0.2)
    demand = rng.poisson(np.broadcast_to(rate, (n, days))).astype(np.float64)
    demand[n // 2 : n // 2 + 1] = 0.0
    demand[-2:, : days // 3] = np.nan
    views = np.nan_to_num(demand) + rng.poisson(5.0, (n, days))
    planned = np.where(rng.random((n, days + horizon)) < 0.1, 30.0, 0.0)
    carts = np.floor((np.nan_to_num(demand) + views) / 2)
    signals = Signals(views.astype(np.float64), carts, rng.poisson(0.1, (n, days)).astype(np.float64), planned)
    return ForecastView(demand, rng.random((n, days)) < 0.05, horizon, (0.1, 0.5, 0.9), signals)


def some_series(view: ForecastView, rows: NDArray[np.int64]) -> ForecastView:
    """Return the view of some of the series."""
    signals = view.signals
    if signals is not None:
        signals = Signals(*(getattr(signals, field.name)[rows] for field in fields(Signals)))
    return replace(view, demand=view.demand[rows], censored=view.censored[rows], signals=signals)


def _same(one: Forecast, other: Forecast, how: str) -> None:
    for name in NUMBERS:
        same(getattr(one, name), getattr(other, name), f"{how}: {name}")


def _in_any_order(policy: Any, view: ForecastView, answer: Forecast) -> None:
    order = np.random.default_rng(12).permutation(len(view))
    shuffled = policy.forecast(some_series(view, order))
    for name in NUMBERS:
        close = np.allclose(getattr(shuffled, name), getattr(answer, name)[order], rtol=1e-6, atol=1e-9)
        assert close, f"{name}: series in another order have other forecasts"
