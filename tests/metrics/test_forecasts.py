"""How good forecasts are: by hand, by theory, and as KPIs."""

import numpy as np
import pandas as pd
import pytest

from sim.metrics.forecast_errors import CLASSES, bias, mase, pinball, rmsse, scales, sku_class
from sim.metrics.forecasts import forecast_kpis


def test_the_measures_by_hand():
    history = np.array([[1.0, 3, 2, 6]])
    absolute, squared = scales(history, 1)
    assert (absolute[0], squared[0]) == (pytest.approx(7 / 3), pytest.approx(21 / 3))
    actual, mean = np.array([[4.0, 8]]), np.array([[5.0, 5]])
    assert mase(actual, mean, absolute)[0] == pytest.approx(2 / (7 / 3))
    assert rmsse(actual, mean, squared)[0] == pytest.approx(np.sqrt(5 / 7))
    assert bias(actual, mean, absolute)[0] == pytest.approx(-1 / (7 / 3))
    assert pinball(actual, mean, 0.9, absolute)[0] == pytest.approx((0.1 * 1 + 0.9 * 3) / 2 / (7 / 3))


def test_a_season_is_the_distance_of_the_scale():
    history = np.tile([1.0, 5, 9], 4)[None] + np.repeat(np.arange(4), 3)
    assert scales(history, 3)[0][0] == pytest.approx(1.0)


def test_unknown_days_count_for_nothing():
    history = np.array([[1.0, np.nan, 2, 6, np.nan]])
    assert scales(history, 1)[0][0] == pytest.approx(4.0)
    actual = np.array([[np.nan, 8.0]])
    assert mase(actual, np.array([[5.0, 5.0]]), np.array([1.0]))[0] == pytest.approx(3.0)
    assert np.isnan(mase(actual * np.nan, actual, np.array([1.0]))[0])


def test_a_series_that_never_changes_has_no_scale():
    assert np.isnan(scales(np.full((1, 9), 4.0), 1)).all()


def test_naive_forecasts_of_a_random_walk_have_a_mase_of_one():
    """Day ahead, season 1: the error is one more of the changes in the scale.

    4,000 walks of 2,000 days: the mean is within 0.05 of 1 with probability over 99.9 % (a standard error of 0.012).
    """
    rng = np.random.default_rng(1)
    walk = np.cumsum(rng.normal(size=(4000, 2001)), axis=1)
    found = mase(walk[:, -1:], walk[:, -2:-1], scales(walk[:, :-1], 1)[0])
    assert found.mean() == pytest.approx(1.0, abs=0.05)


def test_the_pinball_loss_is_least_at_the_quantile():
    rng = np.random.default_rng(2)
    demand = rng.gamma(2.0, 5.0, (1, 20_000))
    one = np.ones(1)
    best = pinball(demand, np.full_like(demand, np.quantile(demand, 0.9)), 0.9, one)[0]
    for other in (0.8, 0.85, 0.95):
        assert pinball(demand, np.full_like(demand, np.quantile(demand, other)), 0.9, one)[0] > best


@pytest.mark.parametrize(
    ("sizes", "seldom", "expected"),
    [
        ([5, 6, 5, 4], False, "smooth"), ([1, 20, 1, 30], False, "erratic"), ([5, 6, 5, 4], True, "intermittent"),
        ([1, 20, 1, 30], True, "lumpy"), ([0, 0, 0, 0], False, "none"),
    ],
)  # fmt: skip
def test_demand_has_the_class_of_its_intervals_and_sizes(sizes, seldom, expected):
    history = np.zeros(8)
    history[:: 2 if seldom else 1] = sizes if seldom else sizes * 2
    assert CLASSES[sku_class(history[None])[0]] == expected


def rows(method, made, ahead, mean, q90, items=2):
    """Return forecast rows of all items."""
    pairs = [(item, made + day) for item in range(items) for day in range(ahead)]
    item, day = zip(*pairs, strict=True)
    return pd.DataFrame({"method": method, "item": item, "made": made, "day": day, "mean": mean, "q90": q90})


def test_kpis_are_told_over_all_by_method_class_and_horizon():
    demand = pd.DataFrame(
        [(item, day, (item + 1) * (2.0 + day % 2)) for item in range(2) for day in range(12)],
        columns=["item", "day", "units"],
    )
    forecasts = pd.concat([rows("a", 10, 2, [2.0, 3, 4, 6], 5.0), rows("b", 10, 2, [3.0, 3, 6, 6], 5.0)])
    found = forecast_kpis(forecasts, demand, 1).set_index(["name", "dimension", "key"])["value"]
    assert found["forecast_mase", "method", "a"] == 0.0
    assert found["forecast_mase", "method", "b"] == pytest.approx(0.5)
    assert found["forecast_mase", "", ""] == pytest.approx(0.25)
    assert found["forecast_bias", "method_horizon", "b/1"] == pytest.approx(1.0)
    assert found["forecast_mase", "method_horizon", "b/2"] == 0.0
    assert found["forecast_mase", "method_class", "b/smooth"] == pytest.approx(0.5)
    by_hand = np.mean([0.1 * 3, 0.1 * 2, 0.1 * 1 / 2, 0.9 * 1 / 2])
    assert found["forecast_pinball_90", "method", "a"] == pytest.approx(by_hand)


def test_without_forecasts_the_kpis_are_missing():
    nothing = pd.DataFrame(columns=["method", "item", "made", "day", "mean", "q90"])
    demand = pd.DataFrame({"item": [0], "day": [0], "units": [1.0]})
    assert forecast_kpis(nothing, demand, 7)["value"].isna().all()
