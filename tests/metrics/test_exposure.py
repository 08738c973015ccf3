"""Who is seen, against who sells."""

import math

import numpy as np
import pytest

from sim.schema.clock import to_ticks
from tests.metrics.handmade import DAY, ROOM_0, ROOM_1, VIDEO, by, make_world, order, overall, replication


def exposure(*cells: tuple[int, int, int]) -> np.ndarray:
    """Return impressions with some cells (day, content, count) filled."""
    seen = np.zeros((4, 6), np.int64)
    for day, content, count in cells:
        seen[day, content] += count
    return seen


def test_a_video_shows_its_offer_and_a_room_none_in_particular():
    seen = exposure((1, 0, 10), (2, 1, 5), (3, VIDEO, 15), (3, ROOM_0, 99))
    found = overall(replication(exposure=seen))
    assert found["gini_exposure"] == pytest.approx((-2 * 0 + 0 * 10 + 2 * 20) / (3 * 30))
    assert found["entropy_exposure"] == pytest.approx(-(1 / 3) * math.log2(1 / 3) - (2 / 3) * math.log2(2 / 3))


def test_providers_share_what_is_seen_of_them():
    seen = exposure((1, 0, 10), (1, 2, 30), (1, VIDEO, 20), (1, ROOM_0, 40), (1, ROOM_1, 20))
    found = overall(replication(exposure=seen))
    assert found["merchant_exposure_gini"] == pytest.approx(0)  # 10 + 20 and 30
    assert found["creator_exposure_gini"] == pytest.approx((60 - 20) / (2 * 80))  # 20 + 40 and 20


def test_new_offers_are_those_listed_less_than_a_week_before_the_day():
    world = make_world()
    world.truth.offers["listed"][:2] = (to_ticks(2 * DAY - 7 * DAY), to_ticks(1 * DAY))
    seen = exposure((1, 0, 10), (2, 0, 20), (2, VIDEO, 30), (2, 2, 40))
    assert overall(replication(world=world, exposure=seen))["new_item_exposure"] == (10 + 30) / 100


def test_new_offers_wait_for_their_first_order_or_for_the_horizon():
    world = make_world()
    world.truth.offers["listed"] = [to_ticks(day * DAY) for day in (1, 1.5, 2)]
    lines = [order(2 * DAY, 0), order(3 * DAY, 0), order(1.75 * DAY, 1)]
    assert overall(replication(lines, world=world))["new_item_time_to_first_sale"] == 1.0  # of 0.25, 1, and at least 2
    unsold = [order(2 * DAY, 0)]
    assert math.isnan(overall(replication(unsold, world=world))["new_item_time_to_first_sale"])


def test_small_merchants_are_the_half_that_has_fewer_offers():
    world = make_world(n=4)  # big has three offers, small one
    world.truth.offers["merchant"] = (1, 0, 1, 1)
    seen = np.zeros((4, 7), np.int64)
    seen[1, :4] = (10, 5, 10, 15)
    assert overall(replication(world=world, exposure=seen))["small_merchant_exposure"] == 5 / 40


def test_each_day_spreads_its_own_impressions():
    world = make_world()
    world.truth.offers["listed"][0] = to_ticks(2 * DAY - 7 * DAY)
    seen = exposure((1, 0, 10), (1, VIDEO, 10), (2, 0, 20), (3, 2, 5), (3, ROOM_1, 4))
    day = by(replication(world=world, exposure=seen), "day")
    assert [day["entropy_exposure", str(d)] for d in (1, 2, 3)] == [1, 0, 0]
    assert day["gini_exposure", "1"] == pytest.approx(1 / 3)
    assert [day["new_item_exposure", str(d)] for d in (1, 2, 3)] == [10 / 20, 0, 0]
    assert [day["small_merchant_exposure", str(d)] for d in (1, 2, 3)] == [0, 0, 1]
    assert [day["merchant_exposure_gini", str(d)] for d in (1, 3)] == [0.5, 0.5]
    assert day["creator_exposure_gini", "3"] == 0.5


def test_days_that_share_counters_are_told_under_the_first_of_them():
    seen = np.zeros((2, 6), np.int64)  # days 0 and 1, days 2 and 3; the window begins on day 1
    seen[0, 0], seen[1, 2] = 3, 4
    day = by(replication(exposure=seen, bucket_days=2), "day")
    assert {key for name, key in day if name == "gini_exposure"} == {"1", "2"}
    assert (day["small_merchant_exposure", "1"], day["small_merchant_exposure", "2"]) == (0, 1)


def test_disparity_is_the_most_favoured_groups_share_of_views_over_its_share_of_orders():
    # The two merchants are groups of their own: big has two offers, small one.
    seen = exposure((1, 0, 20), (1, 2, 80))
    lines = [order(2000, 0)] * 3 + [order(2000, 2)] + [order(2000, 2, session=-1)] * 5
    found = overall(replication(lines, exposure=seen))
    assert found["merchant_exposure_disparity"] == pytest.approx((80 / 100) / (1 / 4))


def test_without_impressions_nothing_is_shared():
    found = overall(replication([order(2000)]))
    names = ("gini_exposure", "entropy_exposure", "merchant_exposure_gini", "creator_exposure_gini")
    others = ("merchant_exposure_disparity", "new_item_exposure", "new_item_time_to_first_sale")
    assert np.isnan([found[name] for name in (*names, *others)]).all()
