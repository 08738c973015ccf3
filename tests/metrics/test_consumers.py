"""What consumers saw, did, spent, kept and came back for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.metrics.cohort import Cohort
from sim.metrics.retention import retention
from sim.schema.counters import Counter
from sim.schema.kinds import Surface
from sim.world.orders import Status
from tests.metrics.handmade import DAY, HORIZON, WARM_UP, active, called_off, counters, order, overall, replication
from tests.metrics.handmade import returned as back

FEED, MALL = Surface.FEED, Surface.MALL


def test_counts_are_those_of_the_measured_sessions_over_all_days_and_surfaces():
    daily = counters(
        (1, FEED, Counter.SESSIONS, 4),
        (2, MALL, Counter.SESSIONS, 6),
        (1, FEED, Counter.SLATE_ITEMS, 90),
        (1, FEED, Counter.IMPRESSIONS, 30),
        (2, MALL, Counter.IMPRESSIONS, 20),
        (2, MALL, Counter.OOS_IMPRESSIONS, 5),
        (1, FEED, Counter.CLICKS, 8),
        (1, FEED, Counter.CARTS, 3),
        (1, FEED, Counter.ORDERS, 2),
        (1, FEED, Counter.SESSIONS_WITH_ORDER, 1),
    ) + counters((0, FEED, Counter.SESSIONS, 99), (0, FEED, Counter.CLICKS, 99), cohort=0)
    found = overall(replication(daily=daily))
    assert found["sessions"] == 4 + 6
    assert found["slate_items"] == 90
    assert found["impressions"] == 30 + 20
    assert found["clicks"] == 8
    assert found["carts"] == 3
    assert found["ctr"] == 8 / 50
    assert found["cvr"] == 2 / 8
    assert found["ctcvr"] == 2 / 50
    assert found["session_conversion"] == 1 / 10
    assert found["oos_impression_rate"] == 5 / 50


def test_orders_belong_to_the_window_they_were_placed_in():
    placed = (WARM_UP - 1, WARM_UP, HORIZON - 1, HORIZON)
    found = overall(replication([order(minute, units=2) for minute in placed]))
    assert found["orders"] == 2
    assert found["units_ordered"] == 2 * 2
    assert found["gmv"] == 2 * 2 * 10.00


def test_net_sales_leave_out_what_was_called_off_or_came_back_but_not_what_is_still_open():
    lines = [
        order(2000, 0, units=3),
        order(2000, 1, status=Status.RETURNING, ended=-1),
        order(2000, 1, status=Status.SHIPPED, delivered=-1, ended=-1),
        back(2000, 1),
        called_off(2000, 2, Status.LAPSED, paid=-1),
        called_off(2000, 2, Status.CANCELLED),
        called_off(2000, 2, Status.UNDELIVERABLE),
    ]
    found = overall(replication(lines))
    assert found["gmv"] == 3 * 10 + 3 * 20 + 3 * 5
    assert found["gmv_net"] == 3 * 10 + 2 * 20
    assert found["aov"] == (3 * 10 + 3 * 20 + 3 * 5) / 7
    assert found["cancel_rate"] == 3 / 7
    assert found["open_orders"] == 2


def test_sales_per_impression_and_per_consumer_leave_out_demand_that_comes_by_itself():
    lines = [order(2000), order(2000, 1, session=-1, consumer=-1)]
    daily = counters((1, FEED, Counter.IMPRESSIONS, 40))
    found = overall(replication(lines, daily=daily, active=active((1,), (2, 3), (), ())))
    assert found["gmv"] == 30
    assert found["consumers_active"] == 2
    assert found["rpm"] == 1000 * 10 / 40
    assert found["arpu"] == 10 / 2


def test_returns_are_counted_against_what_was_delivered():
    lines = [order(2000, 0, units=2), back(2000, 1, units=3), called_off(2000, 2), back(100, 2)]
    found = overall(replication(lines))
    assert found["return_rate_units"] == 3 / (2 + 3)
    assert found["return_rate_value"] == 3 * 20 / (2 * 10 + 3 * 20)


def test_retention_follows_those_who_could_come_back_before_the_horizon():
    # Measured days are 1, 2, 3; who was there in the warm-up (day 0) counts from the first measured day on.
    found = overall(replication(active=active((0, 1, 2), (1,), (2, 3), (3,))))
    assert found["retention_d1"] == (1 + 0 + 1) / 3  # the last one's next day lies beyond the horizon
    assert math.isnan(found["retention_d7"])
    assert math.isnan(found["retention_d30"])


@settings(deadline=None)  # each example makes a world
@given(st.lists(st.sets(st.integers(0, 3)), min_size=4, max_size=4))
def test_retention_equals_what_counting_consumer_by_consumer_gives(days):
    came = again = 0
    for own in days:
        measured = sorted(day for day in own if day >= WARM_UP / DAY)
        if measured and measured[0] + 1 < HORIZON / DAY:
            came += 1
            again += measured[0] + 1 in own
    found = retention(Cohort(replication(active=active(*days))))["retention_d1"]
    assert found == pytest.approx(again / came if came else math.nan, nan_ok=True)


def test_a_world_in_which_nothing_happens_counts_zero_and_has_no_ratios():
    found = overall(replication())
    counts = ("sessions", "consumers_active", "impressions", "orders", "units_ordered", "gmv", "gmv_net")
    assert all(found[name] == 0 for name in counts)
    ratios = ("ctr", "cvr", "ctcvr", "session_conversion", "aov", "rpm", "arpu", "return_rate_units")
    assert np.isnan([found[name] for name in (*ratios, "return_rate_value", "cancel_rate", "retention_d1")]).all()
