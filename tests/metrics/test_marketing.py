"""What marketing cost, and what followed it."""

import math

import pytest

from sim.schema.counters import Counter
from sim.schema.kinds import Surface
from sim.world.money import Money
from tests.metrics.handmade import (
    END,
    HORIZON,
    PARTY_SIZES,
    WARM_UP,
    called_off,
    counters,
    make_world,
    order,
    overall,
    replication,
    returned,
    scenario,
    snapshot,
    table,
)

DAY = 1440
RULES = scenario(marketing={"budget": 100, "visit_price": 0.25})


def test_what_marketing_costs_is_what_was_posted_less_the_coupons_that_came_back():
    money = Money(PARTY_SIZES)
    money.post("marketing", "platform", "outside", 900)
    opening = snapshot(WARM_UP, money)
    money.post("marketing", "platform", "outside", 700)
    money.post("coupons", "platform", "merchants", 500)
    money.post("coupons_returned", "merchants", "platform", 200)
    found = overall(replication(opening=opening, final=snapshot(END, money)))
    assert found["cost_marketing"] == 10.0
    assert found["cost_total"] == 0.0
    assert found["profit_platform"] == -10.0


def test_spend_is_of_the_windows_sessions_and_of_its_orders_that_were_kept():
    cells = counters((2, Surface.FEED, Counter.PAID_SESSIONS, 30), (3, Surface.LIVE, Counter.PAID_SESSIONS, 10))
    lines = [
        order(2000, coupon=300),
        order(2000, coupon=200),
        returned(2000, coupon=50),
        called_off(2000, coupon=50, paid=-1),
        order(10, coupon=5000),
    ]
    found = overall(replication(lines, world=make_world(RULES), daily=cells))
    assert found["paid_sessions"] == 40
    assert found["marketing_spend"] == 40 * 0.25 + 5.0


def test_the_return_is_what_was_kept_of_the_orders_that_followed():
    cells = counters((2, Surface.FEED, Counter.PAID_SESSIONS, 40))
    lines = [
        order(2000, 0, touch=0, units=3),  # 10 each
        order(2000, 1, touch=4, coupon=400),  # 20
        order(2000, 1, touch=-1),
        returned(2000, 0, touch=0),
        called_off(2000, 0, touch=0),
        order(10, 0, touch=0),
    ]
    found = overall(replication(lines, world=make_world(RULES), daily=cells))
    assert found["marketing_spend"] == 14.0
    assert found["return_on_marketing"] == pytest.approx((30 + 20) / 14.0)


def test_coupons_are_counted_when_they_are_sent_and_when_their_orders_are_paid():
    days = [{"time": WARM_UP, "coupons": 7}, {"time": WARM_UP + DAY, "coupons": 12}, {"time": HORIZON, "coupons": 8}]
    lines = [order(2000, coupon=300), returned(2000, coupon=300), called_off(2000, coupon=300, paid=-1), order(2000)]
    found = overall(replication(lines, tables=table("marketing_day", *days)))
    assert found["coupons_sent"] == 20
    assert found["coupon_redemptions"] == 2
    assert found["coupon_redemption_rate"] == 0.1


def test_without_marketing_nothing_returns_anything():
    found = overall(replication([order(2000, touch=-1)]))
    assert found["paid_sessions"] == found["marketing_spend"] == found["cost_marketing"] == 0
    assert found["coupons_sent"] == found["coupon_redemptions"] == 0
    assert math.isnan(found["return_on_marketing"])
    assert math.isnan(found["coupon_redemption_rate"])


def test_details_opened_from_an_advertisement_count_as_looked_at_where_orders_are_held_against_looks():
    cells = counters(
        (2, Surface.FEED, Counter.IMPRESSIONS, 80),
        (2, Surface.FEED, Counter.CLICKS, 20),
        (2, Surface.FEED, Counter.LANDINGS, 20),
        (2, Surface.FEED, Counter.ORDERS, 10),
    )
    found = overall(replication(daily=cells))
    assert (found["ctr"], found["cvr"], found["ctcvr"]) == (0.25, 0.25, 0.1)


def test_what_consumers_gain_counts_in_what_they_paid_themselves():
    full, half = (
        overall(replication([order(2000, 0, surplus=1.0, coupon=coupon)]))["consumer_surplus"] for coupon in (0, 500)
    )
    assert half == pytest.approx(full / 2)
