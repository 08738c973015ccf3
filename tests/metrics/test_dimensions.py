"""The same KPIs by who, what and where: parts that make up the whole."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.long_form import Part
from sim.metrics.table import DEFINITIONS, kpis
from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.kinds import Act, Surface
from tests.metrics.handmade import (
    DAY,
    HORIZON,
    WARM_UP,
    acts,
    by,
    called_off,
    counters,
    order,
    overall,
    replication,
    snapshot,
    table,
)
from tests.metrics.handmade import returned as back

LINES = [
    order(2000, 0, units=2, consumer=0, surface=Surface.FEED, node=0),
    back(2000, 1, consumer=2, surface=Surface.LIVE, creator=0, node=1),
    order(3000, 2, consumer=3, surface=Surface.LIVE, creator=1, promised=3000),
    called_off(3000, 1, consumer=-1, session=-1, surface=Surface.MALL),
]
SUMMED = ("orders", "units_ordered", "gmv", "gmv_net", "gross_margin")


@pytest.mark.parametrize("dimension", ["category", "merchant", "surface", "day"])
def test_what_is_summed_adds_up_over_a_dimension(dimension):
    made = replication(LINES)
    parts, whole = by(made, dimension), overall(made)
    for name in SUMMED:
        found = sum(value for (kpi, _), value in parts.items() if kpi == name)
        assert found == pytest.approx(whole[name]), name


def test_orders_are_told_apart_by_what_was_ordered_and_from_whom():
    made = replication(LINES)
    category, merchant, sku = by(made, "category"), by(made, "merchant"), by(made, "sku")
    assert category["gmv", "tea"] == 2 * 10
    assert category["return_rate_units", "toys"] == 1 / 2
    assert category["cancel_rate", "toys"] == 1 / 3
    assert merchant["aov", "big"] == (20 + 20 + 20) / 3
    assert merchant["on_time_rate", "small"] == 0
    assert merchant["order_cycle_time_mean", "big"] == 48
    assert sku["units_ordered", "robot"] == 2
    assert ("gmv", "robot") not in sku


def test_orders_are_told_apart_by_who_ordered_where_and_when():
    made = replication(LINES)
    segment, creator, day, warehouse = (by(made, name) for name in ("segment", "creator", "day", "warehouse"))
    assert segment["gmv", "calm"] == 2 * 10
    assert segment["orders", "keen"] == 2  # the fourth is nobody's
    assert creator["gmv", "star"] == 20
    assert creator["gmv_net", "star"] == 0
    assert day["orders", "1"] == day["orders", "2"] == 2
    assert ("orders", "0") not in day
    assert warehouse["units_ordered", "a"] == 2 + 1
    assert warehouse["return_rate_units", "b"] == 1


def test_sessions_and_pages_are_told_apart_by_surface_and_day():
    daily = counters(
        (1, Surface.FEED, Counter.SESSIONS, 4),
        (1, Surface.FEED, Counter.IMPRESSIONS, 20),
        (1, Surface.FEED, Counter.CLICKS, 5),
        (2, Surface.LIVE, Counter.IMPRESSIONS, 10),
        (2, Surface.LIVE, Counter.CLICKS, 1),
        (2, Surface.LIVE, Counter.ORDERS, 1),
    )
    made = replication(daily=daily)
    surface, day = by(made, "surface"), by(made, "day")
    assert surface["ctr", "feed"] == 5 / 20
    assert surface["cvr", "live"] == 1
    assert math.isnan(surface["ctr", "search"])
    assert day["sessions", "1"] == 4
    assert day["ctr", "2"] == 1 / 10


def test_fill_rates_by_offer_make_up_the_whole():
    """Ten units wanted: what was had, was short, was not there, was substituted, is unmet or waits."""
    lines = [
        order(2000, 0, units=2, short=1),
        order(2000, 1, units=3),
        order(2001, 1, units=1, short=1, substitute=1),  # instead of offer 2
        order(2500, 2, units=1, retried=1),
        order(2000, 0, session=-1, units=1, short=1),
        order(2000, 1, session=-1, units=2),
    ]
    log = acts((2000, 1, Act.STOCKOUT, 2), (2200, 1, Act.STOCKOUT, 2), (HORIZON + 1, 1, Act.STOCKOUT, 2))
    log["value"][:2] = (2, 1)
    rows = table("unmet", {"time": 2000, "offer": 0, "units": 1}) | table(
        "backorder", {"time": 2000, "offer": 1, "units": 2}
    )
    daily = counters((1, Surface.FEED, Counter.INTENTS, 3 + 3 + 2 + 1), (1, Surface.FEED, Counter.SATISFIED, 2 + 3))
    made = replication(lines, acts=log, tables=rows, daily=daily)
    sku, category, whole = by(made, "sku"), by(made, "category"), overall(made)
    assert sku["fill_rate", "green"] == (2 + 1) / (3 + 2)
    assert sku["fill_rate", "robot"] == 3 / (3 + 2)
    assert sku["fill_rate", "ball"] == 0 / 3
    assert sku["unfilled_units", "ball"] == 2 + 1
    assert category["unfilled_units", "tea"] + category["unfilled_units", "toys"] == whole["unfilled_units"]
    assert whole["fill_rate"] == (3 + 3) / (5 + 5 + 3)


def test_warehouses_have_their_own_shelves():
    span = to_ticks(HORIZON - WARM_UP)
    closing = snapshot(
        HORIZON, held=[span, 0, 0, 2 * span, 0, 0], bare=[0, span, 0, 0, 0, 0], owed=[0, 0, 0, 0, 0, span]
    )
    found = by(replication(closing=closing), "warehouse")
    assert found["inventory_value_mean", "a"] == pytest.approx(4.00)
    assert found["inventory_value_mean", "b"] == pytest.approx(2 * 10.00)
    assert found["stockout_rate_node", "b"] == pytest.approx(1 / 3)
    assert found["ready_rate", "a"] == 1
    assert found["backorder_units_mean", "b"] == 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=10), st.integers(1, 12))
def test_the_top_keeps_the_largest_and_of_equals_the_first(values, most):
    part = Part("x", [str(i) for i in range(len(values))], {"gmv": np.array(values)}).top(most, "gmv")
    assert part.keys == [str(i) for i in sorted(range(len(values)), key=lambda i: (-values[i], i))[:most]]


def test_every_row_of_a_dimension_names_a_defined_kpi_and_no_row_comes_twice():
    rows = kpis(replication(LINES, tables=table("livestream", {"began": 2 * DAY, "creator": 1, "entries": 5})))
    assert set(rows["name"]) <= set(DEFINITIONS)
    assert not rows.duplicated(["name", "dimension", "key"]).any()
