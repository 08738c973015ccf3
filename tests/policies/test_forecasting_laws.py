"""What holds of every method of forecasting, whatever its formula."""

import numpy as np
import pytest

from policies.forecasting._one_by_one import FEWEST_DAYS
from sim.policy.lookup import kinds
from tests.policies.forecasts import QUICK, SLOW, method, shop, told, with_signals

ALL = kinds("forecasting")
APART = [kind for kind in QUICK if kind not in ("regression", "purchase_intent")]
"""Of the others all series share one model."""
ADDITIVE = sorted({*QUICK, *SLOW} - {"croston", "sba", "tsb", "purchase_intent", "regression"})


@pytest.mark.parametrize("kind", sorted(set(ALL) - {"sba"}))
def test_demand_that_never_changes_is_forecast_exactly(kind):
    forecast = method(kind).forecast(with_signals(np.full((3, 40), 7.0)))
    assert forecast.mean == pytest.approx(np.full((3, 6), 7.0), rel=1e-6)
    assert forecast.sd.max() < 1e-6
    assert forecast.quantiles == pytest.approx(np.full((3, 6, 3), 7.0), rel=1e-6)


def test_sba_is_below_steady_demand_by_half_its_weight():
    """Its correction is for intervals that vary: by the formula it is wrong where they do not."""
    forecast = method("sba", beta=0.3).forecast(with_signals(np.full((1, 40), 7.0)))
    assert forecast.mean == pytest.approx(np.full((1, 6), 7.0 * 0.85))


@pytest.mark.parametrize("kind", [*sorted(set(QUICK) - {"purchase_intent"}), *sorted(SLOW)])
@pytest.mark.parametrize("factor", [0.25, 1000.0])
def test_other_units_give_the_same_forecast_in_those_units(kind, factor):
    demand = shop(3 if kind in SLOW else 12)
    own, other = (told(method(kind).forecast(with_signals(each))) for each in (demand, demand * factor))
    for name in own:
        assert other[name] == pytest.approx(
            own[name] * factor, rel=5e-3 if kind in SLOW else 1e-9
        )  # a search ends near


@pytest.mark.parametrize("kind", ADDITIVE)
def test_more_on_every_day_is_as_much_more_in_the_forecast(kind):
    demand = shop(3 if kind in SLOW else 12)
    own, other = (told(method(kind).forecast(with_signals(each))) for each in (demand, demand + 500.0))
    close = {"rel": 1e-3 if kind in SLOW else 1e-6, "abs": 1e-6}
    assert other["mean"] == pytest.approx(own["mean"] + 500.0, **close)
    assert other["sd"] == pytest.approx(own["sd"], **close)


@pytest.mark.parametrize("kind", ALL)
def test_quantiles_rise_with_their_level_and_sums_of_days_are_less_sure(kind):
    """Errors add up, but for moving-average terms below zero: what came too much is followed by too little."""
    forecast = method(kind).forecast(with_signals(shop(2), horizon=10))
    assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    assert (np.diff(forecast.total_sd, axis=1) > 0).all()
    summed = np.sqrt(np.cumsum(forecast.sd**2, axis=1))
    assert kind == "arima" or (forecast.total_sd >= summed * (1 - 1e-9)).all()


@pytest.mark.parametrize("kind", APART)
def test_series_are_forecast_in_any_number_and_order(kind):
    demand = shop()
    whole = told(method(kind).forecast(with_signals(demand)))
    for row in (0, 7):
        alone = told(method(kind).forecast(with_signals(demand[row : row + 1])))
        assert all(np.array_equal(alone[name][0], whole[name][row]) for name in whole)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("days", [0, 1, 2, FEWEST_DAYS])
def test_a_short_history_has_a_forecast_too(kind, days):
    demand = shop(2)[:, :days]
    forecast = method(kind).forecast(with_signals(demand))
    assert np.isfinite(forecast.mean).all()
    assert (forecast.mean <= 3 * demand.max(initial=0)).all()


@pytest.mark.parametrize("kind", APART)
def test_days_before_an_item_was_on_sale_say_nothing_of_it(kind):
    demand = shop(days=84)
    late = np.concatenate((np.full((12, 35), np.nan), demand), axis=1)
    own, other = (told(method(kind).forecast(with_signals(each))) for each in (demand, late))
    for name in own:
        assert other[name] == pytest.approx(own[name])


@pytest.mark.parametrize("kind", QUICK)
def test_a_day_that_ended_out_of_stock_is_not_taken_for_little_demand(kind):
    """On one day in three only a fifth of demand could be sold."""
    demand = np.full((4, 60), 10.0)
    view = with_signals(demand)
    view.demand[:, ::3] = 2.0
    view.censored[:, ::3] = True
    usual = 10.0 if kind != "sba" else 9.5
    assert method(kind).forecast(view).mean == pytest.approx(np.full((4, 6), usual), rel=1e-6)
