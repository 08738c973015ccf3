"""What was on the shelves, what was wanted and not there, and what the stock was worth."""

import math

import numpy as np
import pytest

from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.kinds import Surface
from sim.world.money import Money
from tests.metrics.handmade import (
    DAY,
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
    snapshot,
    table,
)
from tests.metrics.handmade import returned as back

T = to_ticks(HORIZON - WARM_UP)
FEED = Surface.FEED


def ticks_of(*minutes: float) -> list[int]:
    """Return spans in ticks."""
    return [to_ticks(span) for span in minutes]


def test_fill_rate_counts_what_was_tried_by_consumers_and_by_demand_that_comes_by_itself():
    daily = counters((1, FEED, Counter.INTENTS, 10), (2, FEED, Counter.SATISFIED, 7))
    lines = [order(2000), order(2000, session=-1, units=4), order(2100, session=-1, units=2, short=1)]
    unmet = table("unmet", {"time": 2100, "units": 1, "value": 1000}, {"time": HORIZON, "units": 99, "value": 99})
    owed = table("backorder", {"time": 2000, "units": 3}, {"time": WARM_UP - 1, "units": 99})
    found = overall(replication(lines, daily=daily, tables=unmet | owed))
    assert found["fill_rate"] == (7 + (4 - 3) + 2) / (10 + 4 + 2 + 1)
    assert found["unfilled_units"] == (10 - 7) + 3 + 1


def test_lost_sales_are_the_units_never_had_at_the_price_shown():
    daily = counters((1, FEED, Counter.LOST_UNITS, 5), (2, FEED, Counter.LOST_CENTS, 5_550))
    unmet = table("unmet", {"time": 2000, "units": 2, "value": 2_000})
    found = overall(replication(daily=daily, tables=unmet))
    assert found["lost_sales_units"] == 5 + 2
    assert found["lost_sales_value"] == 55.50 + 20.00


def test_times_without_stock_are_counted_between_the_snapshots():
    opening = snapshot(WARM_UP, empty=ticks_of(0, 100, 0), bare=ticks_of(10, 0, 0, 0, 0, 0))
    closing = snapshot(HORIZON, empty=ticks_of(0, 500, 200), bare=ticks_of(100, 50, 0, 0, 0, 0))
    found = overall(replication(opening=opening, closing=closing))
    assert found["stockout_rate"] == (400 + 200) / (3 * 3 * DAY)
    assert found["stockout_rate_node"] == pytest.approx((90 + 50) / (6 * 3 * DAY))
    assert found["ready_rate"] == pytest.approx(1 - (90 + 50) / (6 * 3 * DAY))


def test_an_offer_is_out_of_stock_only_once_it_is_listed():
    world = make_world()
    world.truth.offers["listed"][2] = to_ticks(HORIZON - 300)  # and empty from the start
    world.truth.offers["listed"][1] = to_ticks(HORIZON + 300)
    closing = snapshot(HORIZON, empty=[0, T, T])
    found = overall(replication(world=world, closing=closing))
    assert found["stockout_rate"] == 300 / (3 * DAY + 300)


def test_backorders_are_averaged_over_time():
    opening = snapshot(WARM_UP, owed=[5, 0, 0, 0, 0, 0])
    closing = snapshot(HORIZON, owed=[5 + 2 * T, T // 2, 0, 0, 0, 0])
    assert overall(replication(opening=opening, closing=closing))["backorder_units_mean"] == 2.5


def test_stock_is_worth_what_it_cost_averaged_over_time():
    opening = snapshot(WARM_UP, held=[7, 0, 0, 0, 0, 0])
    closing = snapshot(HORIZON, held=[7 + 3 * T, T, 0, 0, 2 * T, 0])  # keys of offers 0, 0, 1, 1, 2, 2
    lines = [order(2000, units=3), back(2000), called_off(2000), order(2000, 1)]
    found = overall(replication(lines, opening=opening, closing=closing))
    value, sold, margin = (3 + 1) * 4.00 + 2 * 0.50, 3 * 4.00 + 10.00, 3 * (10 - 4) + (20 - 10)
    assert found["inventory_value_mean"] == pytest.approx(value)
    assert found["inventory_turns"] == pytest.approx(sold / 3 * 365 / value)
    assert found["days_of_supply"] == pytest.approx(value / (sold / 3))
    assert found["gross_margin"] == margin
    assert found["gmroi"] == pytest.approx(margin / 3 * 365 / value)


def test_cash_is_tied_up_for_the_days_of_supply_less_the_days_consumers_pay_ahead():
    closing = snapshot(HORIZON, held=[3 * T, 0, 0, 0, 0, 0])
    lines = [
        order(2000, paid=2000, shipped=2000 + 1 * DAY),  # 10.00
        order(2000, 1, paid=2000, shipped=2000 + 4 * DAY),  # 20.00
    ]
    found = overall(replication(lines, closing=closing))
    ahead = (10 * 1 + 20 * 4) / (10 + 20)
    assert found["cash_to_cash_days"] == pytest.approx(3 * 4.00 / ((4 + 10) / 3) - ahead)


def test_what_merchants_earn_counts_the_stock_they_end_with():
    receipts = table(
        "receipt",
        {"time": WARM_UP - 1, "offer": 0, "units": 99},
        {"time": WARM_UP, "offer": 0, "units": 10},
        {"time": HORIZON + 1, "offer": 1, "units": 1},
    )
    returns = table(
        "return",
        {"time": 20 * DAY, "offer": 0, "units": 2, "fate": "restocked"},
        {"time": 20 * DAY, "offer": 0, "units": 4, "fate": "written_off"},
        {"time": 20 * DAY, "offer": 0, "units": 5, "fate": "seconds"},
        {"time": WARM_UP - 1, "offer": 0, "units": 99, "fate": "restocked"},
    )
    lines = [order(100, 0, units=3), order(2000, 2, units=4), order(10, shipped=20), called_off(2000)]
    money = Money(PARTY_SIZES)
    money.post("cost_purchase", "merchants", "brands", 5_000, 1, 0)
    found = overall(replication(lines, tables=receipts | returns, final=snapshot(END, money)))
    change = (10 + 2 - 3) * 4.00 + 1 * 10.00 - 4 * 0.50  # the first line shipped after the warm-up
    assert found["inventory_change"] == change
    assert found["contribution_merchants"] == -50.00 + change


def test_waste_is_what_came_back_from_the_windows_orders_and_was_written_off():
    returns = table(
        "return",
        {"time": 9000, "order": 1, "units": 2, "fate": "written_off"},
        {"time": 9000, "order": 2, "units": 4, "fate": "restocked"},
        {"time": 9000, "order": 0, "units": 8, "fate": "written_off"},
    )
    lines = [back(WARM_UP - 1, units=8), back(2000, units=2), back(2000, units=4)]
    assert overall(replication(lines, tables=returns))["waste_units"] == 2


def test_without_stock_or_sales_the_ratios_are_missing():
    found = overall(replication())
    names = ("fill_rate", "inventory_turns", "days_of_supply", "gmroi", "cash_to_cash_days")
    assert np.isnan([found[name] for name in names]).all()
    assert found["unfilled_units"] == found["inventory_value_mean"] == found["gross_margin"] == 0
    assert not math.isnan(found["ready_rate"])
