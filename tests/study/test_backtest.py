"""Forecasts are judged by what came after them, and by nothing that they could have seen."""

from dataclasses import dataclass, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.metrics.forecast_errors import scales
from sim.policy.contain_forecasts import contained
from sim.policy.faults import Faults
from sim.policy.lookup import build
from sim.study.backtest import Plan, backtest
from sim.study.demand_panel import DemandPanel
from sim.study.forecasters import check_signals, forecasters


def panel(demand, views=None, live=None, censored=None):
    """Return a panel of made-up items."""
    demand = np.asarray(demand, np.float64)
    nothing = np.zeros(demand.shape)
    return DemandPanel(
        items=tuple(f"item-{i}" for i in range(len(demand))),
        first=np.datetime64("2026-11-01"),
        demand=demand,
        censored=nothing > 0 if censored is None else censored,
        views=views,
        carts=nothing,
        follows=nothing,
        live_minutes=nothing if live is None else live,
    )


def judged(table, kind, plan, **parameters):
    """Return the scores of a shipped method."""
    return backtest(table, kind, contained(build("forecasting", kind, parameters), Faults()), plan, lambda share: None)


def arrays(value):
    """Return every array in a view."""
    if isinstance(value, np.ndarray):
        return [value]
    return [part for field in fields(value) for part in arrays(getattr(value, field.name))] if _holds(value) else []


def _holds(value):
    return hasattr(value, "__dataclass_fields__")


@settings(max_examples=50, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_a_view_is_the_same_whatever_comes_after_but_for_planned_livestreams(data):
    days, horizon = data.draw(st.integers(2, 30)), data.draw(st.integers(1, 9))
    until = data.draw(st.integers(1, days))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    tables = rng.poisson(5.0, (4, 3, days)).astype(float)
    later = [np.where(np.arange(days) < until, table, table + 100) for table in tables]
    live = rng.random((3, days + 4))
    views = [
        panel(demand, seen, live, stockout > 5).view(until, horizon, (0.5,))
        for demand, seen, _, stockout in (tables, later)
    ]
    assert all(np.array_equal(one, other) for one, other in zip(*map(arrays, views), strict=True))
    planned = views[0].signals.live_minutes
    assert planned.shape == (3, until + horizon)
    told = min(until + horizon, days + 4)
    assert np.array_equal(planned[:, :told], live[:, :told])
    assert not planned[:, told:].any()


@dataclass(frozen=True)
class Spy:
    """Forecast nothing; note what was seen."""

    seen: list

    def forecast(self, view):
        self.seen.append(view)
        return build("forecasting", "naive").forecast(view)


def test_every_origin_sees_its_own_past_and_is_judged_by_its_own_future():
    demand = np.random.default_rng(1).poisson(9.0, (2, 60)).astype(float)
    plan, seen = Plan.of(60, 5, 7, 4), []
    scores = backtest(panel(demand), "spy", contained(Spy(seen), Faults()), plan, lambda share: None)
    assert [view.days for view in seen] == list(plan.origins) == [40, 45, 50, 55]
    by_hand = [
        np.abs(demand[:, until : until + 5] - demand[:, until - 1 : until]).mean(axis=1)
        / scales(demand[:, :until], 7)[0]
        for until in plan.origins
    ]
    assert scores.measures["mase"] == pytest.approx(np.mean(by_hand, axis=0))
    assert scores.by_day.mean(axis=1) == pytest.approx(scores.measures["mase"])


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(st.integers(1, 900), st.integers(1, 40), st.integers(1, 30), st.integers(1, 20))
def test_origins_fit_the_days_or_are_refused(days, horizon, season, many):
    try:
        plan = Plan.of(days, horizon, season, many)
    except ScenarioError:
        assert days < 2 * season + horizon + many
        return
    assert len(plan.origins) == many
    assert plan.origins[0] >= 2 * season + 1
    assert plan.origins[-1] + horizon == days
    assert set(np.diff(plan.origins)) <= {min(horizon, max(np.diff(plan.origins), default=1))}


def test_out_of_stock_and_unknown_days_are_not_judged():
    demand = np.random.default_rng(2).poisson(9.0, (1, 40)).astype(float)
    stockout = np.zeros((1, 40), bool)
    stockout[0, 36] = True
    demand[0, 38] = np.nan
    plan = Plan.of(40, 5, 1, 1)
    before = judged(panel(demand, censored=stockout), "naive", plan).measures["mase"]
    demand[0, 36] = 900.0
    assert judged(panel(demand, censored=stockout), "naive", plan).measures["mase"] == pytest.approx(before)


def test_the_seasonal_naive_method_has_a_mase_near_one_and_no_bias_on_noise():
    """400 series of independent days: both within 0.06 with probability over 99.9 % (standard errors of 0.01)."""
    demand = np.random.default_rng(3).normal(50, 5, (400, 120))
    scores = judged(panel(demand), "seasonal_naive", Plan.of(120, 7, 7, 6))
    assert np.mean(scores.measures["mase"]) == pytest.approx(1.0, abs=0.06)
    assert np.mean(scores.measures["bias"]) == pytest.approx(0.0, abs=0.06)


@dataclass(frozen=True)
class Broken:
    """Answer what no forecaster should."""

    how: str

    def forecast(self, view):
        answer = build("forecasting", "naive").forecast(view)
        if self.how == "raises":
            raise ArithmeticError("no")
        if self.how == "shape":
            return type(answer)(answer.mean[:, :1], answer.sd, answer.total_sd, answer.quantiles)
        if self.how == "nothing":
            return None
        {"nan": answer.mean, "infinite": answer.sd, "crossing": answer.quantiles[:, :, 0], "below": answer.mean}[
            self.how
        ][1] = {"nan": np.nan, "infinite": np.inf, "crossing": 1e9, "below": -1.0}[self.how]
        return answer


@pytest.mark.parametrize("how", ["raises", "shape", "nothing", "nan", "infinite", "crossing", "below"])
def test_a_broken_forecaster_is_replaced_by_a_moving_average_and_counted(how):
    demand = np.random.default_rng(4).poisson(9.0, (3, 50)).astype(float)
    guard = contained(Broken(how), Faults())
    view = panel(demand).view(50, 4, (0.5, 0.9))
    forecast, spare = guard.forecast(view), build("forecasting", "moving_average").forecast(view)
    whole = how in ("raises", "shape", "nothing")
    assert np.array_equal(forecast.mean[1], spare.mean[1])
    assert np.array_equal(forecast.mean[0], spare.mean[0]) == whole
    assert guard.counts.served_by_fallback == (3 if whole else 1)
    assert (guard.counts.raised, guard.counts.malformed) == ((1, 0) if how == "raises" else (0, 3 if whole else 1))
    assert guard.counts.first_error


def test_methods_are_named_with_parameters_and_take_the_season():
    found = forecasters(["holt,alpha=0.2", "seasonal_naive", "seasonal_naive,season=3"], 5)
    policies = [one.policy for one in found.values()]
    assert (policies[0].alpha, policies[1].season, policies[2].season) == (0.2, 5, 3)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["crostn"], "--method crostn: no policy 'crostn'. Did you mean 'croston'?"),
        (["holt,alpha=2"], "--method holt,alpha=2: alpha: found 2, allowed <= 1"),
        (["holt,alfa=0.2"], "--method holt,alfa=0.2: alfa: Holt has no such parameter. Did you mean 'alpha'?"),
        (["holt,0.2"], "--method holt,0.2: '0.2' is not of the form parameter=value. As in --method croston,alpha="),
        (["naive", "naive"], "--method naive: is given twice"),
        (["no_module:Mine"], "--method no_module:Mine: 'no_module:Mine' would import code from 'no_module', which is"),
    ],
)
def test_a_method_that_cannot_be_is_told_in_a_line(texts, said):
    with pytest.raises(ScenarioError) as caught:
        forecasters(texts, 7)
    assert str(caught.value).startswith(said)


def test_a_method_that_needs_signals_is_refused_without_them():
    methods = forecasters(["purchase_intent"], 7)
    check_signals(methods, has_views=True)
    with pytest.raises(ScenarioError, match="needs a column views"):
        check_signals(methods, has_views=False)
