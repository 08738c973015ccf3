"""Views to forecast from, and what tests of forecasters ask of them."""

import numpy as np

from sim.policy.lookup import build, kinds
from sim.schema.forecasting import ForecastView, Signals

SLOW = {"arima", "ets"}
QUICK = [kind for kind in kinds("forecasting") if kind not in SLOW]
ONE_BY_ONE = {"arima": {"season": 1, "most_terms": 1}, "ets": {"season": 1}}


def method(kind, **parameters):
    """Build a forecaster; the slow ones without a season, unless they are told one."""
    return build("forecasting", kind, {**ONE_BY_ONE.get(kind, {}), **parameters})


def with_signals(demand, horizon=6, levels=(0.1, 0.5, 0.9)):
    """Return a view in which consumers look five times as often as they buy."""
    demand = np.asarray(demand, np.float64)
    seen = np.nan_to_num(demand)
    planned = np.zeros((len(demand), demand.shape[1] + horizon))
    signals = Signals(5 * seen, 2 * seen, 0 * seen, planned)
    return ForecastView(demand, np.zeros(demand.shape, np.bool_), horizon, levels, signals)


def told(forecast):
    """Return all its numbers by name."""
    return {name: getattr(forecast, name) for name in ("mean", "sd", "total_sd", "quantiles")}


def shop(n=12, days=84, seed=1):
    """Return demand of a shop: some items weekly, some growing, all noisy, none ever at zero for long."""
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    rate = rng.uniform(20, 60, (n, 1)) + 6 * np.sin(day * 2 * np.pi / 7) + rng.uniform(0, 0.2, (n, 1)) * day
    return rng.poisson(rate).astype(np.float64)
