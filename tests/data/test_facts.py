"""Each fact on orders made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.data.concentration import concentration
from sim.data.fact import Fact
from sim.data.habits import hour_profile, prices, sellers, weekday_profile
from sim.data.journeys import lateness, stars, transit, transit_medians, waits
from tests.data.handmade import START, lines

WEEK = (START.to_datetime64().astype("M8[us]"), START.to_datetime64().astype("M8[us]") + np.timedelta64(7, "D"))


def test_transit_is_from_hand_over_to_door_in_the_band_of_its_distance():
    real = lines(60, km=[20.0] * 30 + [300.0] * 30, delivered=[3.0] * 30 + [9.0] * 30)
    simulated = lines(60, km=[49.9] * 30 + [200.0] * 30, delivered=[3.2] * 30 + [9.0] * 30)
    near, empty, far = list(transit_medians(real, simulated))[:3]
    assert (near.key, near.real, near.simulated) == ("0-50 km", 2.0, pytest.approx(2.2))
    assert near.distance == pytest.approx(0.1)
    assert (far.key, far.real, far.distance, far.within) == ("200-500 km", 8.0, 0.0, True)
    assert np.isnan([empty.real, empty.simulated, empty.distance]).all()


def test_a_median_beyond_its_tolerance_is_told():
    near = next(transit_medians(lines(30, km=1.0), lines(30, km=1.0, delivered=3.31)))
    assert near.within is False


def test_too_few_lines_tell_nothing_of_a_band():
    near = next(transit_medians(lines(29, km=1.0), lines(90, km=1.0)))
    assert near.within is None


def test_lines_without_distance_or_door_count_for_no_band():
    real = lines(32, km=[1.0] * 31 + [np.nan], delivered=[3.0] * 30 + [np.nan, 9.0])
    near = next(transit_medians(real, real))
    assert near.real == 2.0


def test_hours_are_those_of_the_orders():
    fact = hour_profile(lines(4, placed=[0.5, 0.51, 1.5, 0.75]), lines(2, placed=[0.5, 0.75]))
    assert fact.distance == pytest.approx(0.25)
    assert fact.within is False


def test_weekdays_are_compared_per_day_that_there_was_of_each():
    real = lines(15, placed=[*range(7), *range(7), 7.0])  # two Mondays; an order on Monday, a second, one a day more
    simulated = lines(7, placed=[*range(7)])
    assert weekday_profile(real, simulated, WEEK).distance == pytest.approx(1 / 13 * (6 / 7 / 1), abs=0.08)
    assert weekday_profile(simulated, lines(70, placed=[*range(7)] * 10), WEEK).distance == pytest.approx(0)


def test_weekdays_that_the_window_does_not_touch_are_left_out():
    two_days = (WEEK[0], WEEK[0] + np.timedelta64(2, "D"))
    fact = weekday_profile(lines(7, placed=[*range(7)]), lines(3, placed=[0.0, 1.0, 1.0]), two_days)
    assert fact.distance == pytest.approx(2 / 3 - 1 / 2)


def test_half_a_day_in_the_window_counts_as_half():
    window = (WEEK[0], WEEK[0] + np.timedelta64(36, "h"))
    fact = weekday_profile(lines(7, placed=[*range(7)]), lines(3, placed=[0.1, 0.2, 1.1]), window)
    assert fact.distance == pytest.approx(0)


def test_prices_are_compared_line_by_line():
    fact = prices(lines(2, price=[1.0, 3.0]), lines(4, price=[1.0, 1.0, 1.0, 3.0]), "BRL")
    assert (fact.real, fact.simulated, fact.unit, fact.distance) == (2.0, 1.0, "BRL", 0.25)


def test_waits_are_from_the_order_on():
    real, simulated = lines(11, delivered=np.arange(1.0, 12.0)), lines(11, shipped=2.0, delivered=6.0)
    carrier, door, slow = waits(real, simulated)
    assert (carrier.real, carrier.simulated, carrier.distance) == (1.0, 2.0, 1.0)
    assert (door.real, door.simulated) == (6.0, 6.0)
    assert (slow.fact, slow.real) == ("order_to_door_p90", 10.0)


def test_all_transit_is_compared_as_a_distribution():
    by_shape, by_way = transit(lines(4, delivered=[2.0, 3.0, 4.0, 5.0]), lines(4, delivered=[3.0, 4.0, 5.0, 6.0]))
    assert (by_shape.measure, by_shape.distance) == ("KS", 0.25)
    assert (by_way.measure, by_way.distance) == ("W/IQR", pytest.approx(1 / 1.5))


def test_late_is_after_the_promise_and_what_never_came_is_not_judged():
    real = lines(4, delivered=[3.0, 4.0, 5.0, np.nan])
    assert lateness(real, lines(2)).real == pytest.approx(1 / 3)
    assert lateness(real, lines(2)).simulated == 0.0
    assert lateness(real, lines(2)).within is None


def test_stars_are_split_by_lateness_and_unrated_lines_left_out():
    real = lines(4, delivered=[3.0, 3.0, 5.0, 5.0], stars=[5.0, np.nan, 1.0, 2.0])
    on_time, late = stars(real, lines(2, stars=4.0))
    assert (on_time.real, on_time.simulated, on_time.distance) == (5.0, 4.0, 1.0)
    assert late.real == 1.5
    assert np.isnan(late.simulated)


def test_sellers_are_compared_at_equally_many_lines():
    real = lines(4, merchant=["ann", "bob", "cid", "dee"])
    gini, top = sellers(real, lines(4000, merchant=["ann", "bob", "cid", "dee"] * 1000))
    assert (gini.real, top.real) == (0.0, 0.25)
    assert gini.simulated > 0  # four lines of four sellers rarely name all
    assert top.simulated > 0.25


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30))
def test_concentration_lies_between_equals_and_one_who_has_all(names):
    gini, top = concentration(np.array(names, object), len(names))
    assert 0 <= gini < 1
    assert 1 / len(set(names)) <= top <= 1


def test_concentration_of_one_seller_and_of_none():
    assert concentration(np.array(["a"] * 9, object), 9) == (0.0, 1.0)
    assert np.isnan(concentration(np.array([], object), 0)).all()


def test_a_fact_without_tolerance_is_neither_within_nor_beyond():
    assert Fact("x", "", "", 1.0, 2.0, "relative", 1.0).within is None
    assert Fact("x", "", "", 1.0, 2.0, "relative", 1.0, 1.0).within is True
