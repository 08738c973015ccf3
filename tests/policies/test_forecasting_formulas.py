"""Methods of forecasting against statsmodels, hand-made sums, and what theory says of errors."""

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing as StatsmodelsHoltWinters

from policies.forecasting._one_by_one import Fitted, one_by_one
from policies.forecasting._openings import level_alone, level_and_trend, level_trend_season
from policies.forecasting.arima import Order, _climb
from policies.recommenders._one_thread import one_thread
from sim.schema.forecasting import ForecastView, Signals
from tests.policies.forecasts import method

HORIZON = 15


def view_of(*rows, horizon=HORIZON, levels=(0.5, 0.9)):
    return ForecastView.of(np.array(rows, np.float64), horizon, levels)


def weekly(days=80, seed=0):
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    return 20 + 0.1 * day + 5 * np.sin(2 * np.pi * day / 7) + rng.normal(0, 1, days)


def reference(y, state, weights, trend=False, damped=False, season=False):
    """Return statsmodels' result with the same start and fixed weights."""
    known = {"initial_level": state.level[0]}
    known |= {"initial_trend": state.trend[0]} if trend else {}
    known |= {"initial_seasonal": state.season[0]} if season else {}
    model = ETSModel(
        y, error="add", trend="add" if trend else None, damped_trend=damped, seasonal="add" if season else None,
        seasonal_periods=7 if season else None, initialization_method="known", **known,
    )  # fmt: skip
    return model.smooth(weights)


def test_simple_smoothing_is_statsmodels():
    y = weekly()
    found = reference(y, level_alone(y[None]), [0.3])
    forecast = method("exponential_smoothing", alpha=0.3).forecast(view_of(y))
    assert forecast.mean[0] == pytest.approx(found.forecast(HORIZON))
    assert forecast.sd[0, 0] == pytest.approx(np.sqrt(found.sse / len(y)))


@pytest.mark.parametrize("damping", [1.0, 0.9])
def test_a_trend_is_statsmodels(damping):
    y = weekly()
    weights = [0.3, 0.3 * 0.1] + ([damping] if damping < 1 else [])
    found = reference(y, level_and_trend(y[None]), weights, trend=True, damped=damping < 1)
    forecast = method("damped_trend", alpha=0.3, beta=0.1, damping=damping).forecast(view_of(y))
    assert forecast.mean[0] == pytest.approx(found.forecast(HORIZON))
    if damping == 1.0:
        assert method("holt", alpha=0.3, beta=0.1).forecast(view_of(y)).mean == pytest.approx(forecast.mean)


def test_added_seasons_are_statsmodels():
    y = weekly()
    start = level_trend_season(y[None], 7, times=False, trending=True)
    found = reference(y, start, [0.3, 0.03, 0.2, 0.9], trend=True, damped=True, season=True)
    forecast = method("holt_winters", alpha=0.3, beta=0.1, gamma=0.2, damping=0.9).forecast(view_of(y))
    assert forecast.mean[0] == pytest.approx(found.forecast(HORIZON))


def test_multiplied_seasons_are_statsmodels_in_and_out_of_the_sample():
    """Six days ahead: of the seventh statsmodels forgets the last change."""
    y = weekly()
    start = level_trend_season(y[None], 7, times=True, trending=True)
    model = StatsmodelsHoltWinters(
        y, trend="add", seasonal="mul", seasonal_periods=7, initialization_method="known",
        initial_level=start.level[0], initial_trend=start.trend[0], initial_seasonal=start.season[0],
    )  # fmt: skip
    found = model.fit(optimized=False, smoothing_level=0.3, smoothing_trend=0.1, smoothing_seasonal=0.2)
    forecast = method("holt_winters", seasons="multiplied", alpha=0.3, beta=0.1, gamma=0.2, damping=1.0)
    answer = forecast.forecast(view_of(y, horizon=6))
    assert answer.mean[0] == pytest.approx(found.forecast(6))
    assert answer.sd[0, 0] == pytest.approx(np.sqrt(found.sse / len(y)))


def test_weights_that_are_not_given_are_the_best_of_the_grid():
    y = np.stack([weekly(seed=seed) for seed in range(5)])
    best = method("exponential_smoothing").forecast(ForecastView.of(y, 3)).sd[:, 0]
    for alpha in (0.02, 0.1, 0.3, 0.9):
        assert (best <= method("exponential_smoothing", alpha=alpha).forecast(ForecastView.of(y, 3)).sd[:, 0]).all()


def test_a_straight_line_with_a_season_is_carried_on():
    day = np.arange(50 + HORIZON)
    line = 30 + 0.5 * day + np.tile([3, 1, 0, -1, -3, 2, -2], 10)[: len(day)]
    assert method("holt_winters", damping=1.0).forecast(view_of(line[:50])).mean[0] == pytest.approx(line[50:])
    bare = 30 + 0.5 * day
    assert method("holt").forecast(view_of(bare[:50])).mean[0] == pytest.approx(bare[50:])


def test_errors_are_carried_on_as_the_model_that_made_them_says():
    """Of local levels (alpha 0.4) that are simulated, sums of h days lie from their forecast as far as is told.

    20,000 series: a root mean square is within 2.5 % of its expectation with probability over 99.9 %.
    """
    rng = np.random.default_rng(3)
    n, days, alpha = 20_000, 60, 0.4
    errors = rng.normal(0, 1, (n, days))
    level = 100 + alpha * np.cumsum(errors, axis=1) - alpha * errors
    y = level + errors
    forecast = method("exponential_smoothing", alpha=alpha).forecast(ForecastView.of(y[:, :50], 10))
    missed = y[:, 50:] - forecast.mean
    assert np.sqrt((missed**2).mean(axis=0)) == pytest.approx(np.sqrt(1 + alpha**2 * np.arange(10)), rel=0.025)
    sums = np.sqrt((np.cumsum(missed, axis=1) ** 2).mean(axis=0))
    assert sums == pytest.approx(np.sqrt(np.cumsum((1 + alpha * np.arange(10)) ** 2)), rel=0.025)
    assert forecast.total_sd.mean(axis=0) == pytest.approx(sums, rel=0.05)
    assert (y[:, 50:] <= forecast.quantiles[:, :, 1]).mean() == pytest.approx(0.9, abs=0.01)


def test_naive_methods_are_the_last_day_and_the_last_week():
    week = [5, 1, 2, 3, 4, 9, 8]
    history = [0, 0, 0, *week]
    assert method("naive").forecast(view_of(history)).mean[0] == pytest.approx(np.full(HORIZON, 8.0))
    assert method("seasonal_naive").forecast(view_of(history)).mean[0] == pytest.approx((week * 3)[:HORIZON])
    assert method("seasonal_naive").forecast(view_of([*history[:-1], np.nan])).mean[0, 6] == 0.0  # a week before


def test_a_moving_average_is_the_mean_of_its_window():
    forecast = method("moving_average", window=4).forecast(view_of([100, 2, 4, np.nan, 6]))
    assert forecast.mean[0] == pytest.approx(np.full(HORIZON, 4.0))
    assert forecast.sd[0, 0] == pytest.approx(2 * np.sqrt(1 + 1 / 3))
    assert forecast.total_sd[0, 2] == pytest.approx(2 * np.sqrt(3 + 9 / 3))


def test_croston_sba_and_tsb_by_hand():
    """Demands of 3, 6 and 2 come after 2, 3 and 1 days; then there are two days without."""
    view = view_of([0, 3, 0, 0, 6, 2, 0, 0], horizon=2)
    size, interval = 3.0, 2.0
    for demand, days in ((6, 3), (2, 1)):
        size, interval = size + 0.2 * (demand - size), interval + 0.3 * (days - interval)
    chance = 0.5
    for some in (0, 0, 1, 1, 0, 0):
        chance += 0.3 * (some - chance)
    for kind, mean in (("croston", size / interval), ("sba", 0.85 * size / interval), ("tsb", chance * size)):
        assert method(kind, alpha=0.2, beta=0.3).forecast(view).mean[0] == pytest.approx([mean, mean]), kind


def test_the_law_of_seldom_demand_is_nothing_or_a_size():
    """Demand comes on a tenth of days, sizes have a gamma law: quantiles are told as often as they say.

    40,000 days to come: a share within 0.6 percentage points with probability over 99.9 %.
    """
    rng = np.random.default_rng(4)
    history = np.where(rng.random((400, 300)) < 0.3, rng.gamma(4.0, 2.5, (400, 300)), 0.0)
    come = np.where(rng.random((400, 100)) < 0.3, rng.gamma(4.0, 2.5, (400, 100)), 0.0)
    levels = (0.5, 0.8, 0.95)
    forecast = method("tsb", alpha=0.02, beta=0.02).forecast(ForecastView.of(history, 1, levels))
    assert forecast.mean.mean() == pytest.approx(3.0, rel=0.03)
    assert forecast.sd.mean() == pytest.approx(np.sqrt(0.3 * (100 + 25) - 9), rel=0.03)
    for number, level in enumerate(levels):
        below = (come <= forecast.quantiles[:, :, number]).mean()
        assert below == pytest.approx(max(level, 0.7), abs=0.02)


def test_an_item_that_nobody_wants_any_more_is_forecast_less_by_tsb_alone():
    dying = [4, 5, 3, 6, *[0] * 60]
    before, after = view_of(dying[:4]), view_of(dying)
    assert method("croston").forecast(after).mean[0, 0] == method("croston").forecast(before).mean[0, 0]
    assert method("tsb").forecast(after).mean[0, 0] < 0.1 * method("tsb").forecast(before).mean[0, 0]


def autoregression(days=400, seed=2):
    rng = np.random.default_rng(seed)
    y = np.zeros(days)
    for day in range(1, days):
        y[day] = 0.8 * y[day - 1] + rng.normal()
    return 50 + y


def test_arima_finds_the_order_of_an_autoregression():
    with one_thread():  # many take longer
        found = _climb(autoregression(), 0, 0, 1, Order(3, 3, 0, 0))
    assert found.specification.order == (1, 0, 0)


def test_arima_forecasts_an_autoregression_as_it_dies_out():
    """By the seed; the coefficient's standard error is 0.03."""
    y = autoregression()
    forecast = method("arima", season=1).forecast(view_of(y))
    assert not forecast.simpler.any()
    expected = y.mean() + 0.8 ** np.arange(1, HORIZON + 1) * (y[-1] - y.mean())
    assert forecast.mean[0] == pytest.approx(expected, abs=0.4)
    assert forecast.sd[0, [0, -1]] == pytest.approx([1.0, 1 / np.sqrt(1 - 0.64)], rel=0.1)


def test_arima_differences_a_random_walk_and_a_strong_season():
    rng = np.random.default_rng(5)
    walk = 100 + np.cumsum(rng.normal(size=200))
    forecast = method("arima", season=1).forecast(view_of(walk))
    assert forecast.sd[0, -1] / forecast.sd[0, 0] > 3
    season = 20 + 6 * np.sin(np.arange(140) * 2 * np.pi / 7) + rng.normal(0, 0.5, 140)
    found = method("arima", season=7, most_terms=0).forecast(view_of(season, horizon=7))
    assert found.mean[0] == pytest.approx(20 + 6 * np.sin(np.arange(140, 147) * 2 * np.pi / 7), abs=0.6)


def test_ets_chooses_a_season_where_there_is_one():
    forecast = method("ets", season=7).forecast(view_of(weekly(140), horizon=7))
    truth = 20 + 0.1 * np.arange(140, 147) + 5 * np.sin(2 * np.pi * np.arange(140, 147) / 7)
    assert forecast.mean[0] == pytest.approx(truth, abs=1.0)
    flat = method("ets", season=7).forecast(view_of(np.random.default_rng(6).normal(50, 1, 140), horizon=7))
    assert np.ptp(flat.mean) < 0.5


def test_series_beyond_the_cap_are_smoothed_and_told():
    y = np.stack([weekly(40), 10 * weekly(40, seed=1)])
    forecast = method("ets", most_series=1).forecast(ForecastView.of(y, 3))
    assert forecast.simpler.tolist() == [True, False]
    spare = method("exponential_smoothing").forecast(ForecastView.of(y, 3))
    assert np.array_equal(forecast.mean[0], spare.mean[0])


def test_a_model_that_runs_off_is_not_believed():
    y = weekly(40)

    def fit(series, horizon):
        return Fitted(np.full(horizon, series.max() + 3 * np.ptp(series)), 1.0, np.zeros(horizon - 1))

    forecast = one_by_one(view_of(y), fit, most=1)
    assert forecast.simpler.all()
    assert forecast.mean == pytest.approx(method("exponential_smoothing").forecast(view_of(y)).mean)


def shoppers(n=60, days=100, horizon=10, seed=7):
    """Return a view and what comes: livestreams triple views and double the chance to buy."""
    rng = np.random.default_rng(seed)
    live = np.where(rng.random((n, days + horizon)) < 0.15, 60.0, 0.0)
    views = rng.poisson(rng.gamma(2, 15, (n, 1)) * np.where(live > 0, 3, 1))
    bought = rng.binomial(views, rng.uniform(0.05, 0.2, (n, 1)) * np.where(live > 0, 2, 1))
    carts = bought + rng.binomial(views - bought, 0.1)
    seen, nothing = slice(0, days), np.zeros((n, days))
    signals = Signals(views[:, seen].astype(float), carts[:, seen].astype(float), nothing, live)
    return ForecastView(bought[:, seen].astype(float), nothing > 0, horizon, (0.5, 0.9), signals), bought[:, days:]


@pytest.mark.parametrize("kind", ["regression", "purchase_intent"])
def test_planned_livestreams_are_read(kind):
    """By the seed; the best that does not read them misses by a third more."""
    view, came = shoppers()
    missed = np.abs(method(kind).forecast(view).mean - came).mean()
    blind = np.abs(method("moving_average").forecast(view).mean - came).mean()
    assert missed < 0.75 * blind
    live = view.signals.live_minutes[:, -10:] > 0
    forecast = method(kind).forecast(view).mean
    level = forecast[~live].mean()
    assert forecast[live].mean() / level == pytest.approx(came[live].mean() / came[~live].mean(), rel=0.25)


def test_purchase_intent_needs_views():
    with pytest.raises(ValueError, match="needs views"):
        method("purchase_intent").forecast(view_of(weekly()))


def test_the_chance_of_a_purchase_is_what_a_classifier_finds():
    """Of 60 items with the same visits, those who convert more are forecast more, near their own rate."""
    n, days, rng = 60, 90, np.random.default_rng(8)
    chance = rng.uniform(0.02, 0.5, n)
    views = np.full((n, days), 40.0)
    bought = rng.binomial(40, chance[:, None], (n, days)).astype(float)
    signals = Signals(views, 0 * views, 0 * views, np.zeros((n, days + 3)))
    forecast = method("purchase_intent").forecast(ForecastView(bought, views < 0, 3, (0.5,), signals))
    assert forecast.mean[:, 0] / 40 == pytest.approx(chance, abs=0.06)
