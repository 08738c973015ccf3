"""New offers: did they sell their first lot, and how much was thrown away."""

import math

from sim.schema.clock import to_ticks
from tests.metrics.handmade import DAY, make_world, order, overall, replication, scenario, snapshot, table


def launched_world():
    """Return a window of 60 days: offers 0 and 1 are listed on days 10 and 20, offer 2 too late for 30 days."""
    world = make_world(scenario(horizon="61 days"))
    world.truth.offers["listed"] = [to_ticks(day * DAY) for day in (10, 20, 40)]
    world.stock.opening[:] = (3, 2, 0, 0, 5, 5)
    return world


def test_a_launch_succeeds_where_thirty_days_sell_the_first_lot():
    lines = [
        order(11 * DAY, 0, units=4),
        order(39 * DAY, 0, units=1),  # makes five, the opening lot, in time
        order(21 * DAY, 1, units=2),
        order(51 * DAY, 1, units=9),  # on day 31: too late
    ]
    receipts = table(
        "receipt",
        {"time": 20 * DAY, "offer": 1, "units": 3},  # opened with nothing: this is its first lot
        {"time": 15 * DAY, "offer": 0, "units": 99},
        {"time": 25 * DAY, "offer": 1, "units": 1},
    )
    made = replication(lines, world=launched_world(), tables=receipts, closing=snapshot(61 * DAY))
    assert overall(made)["launch_success_rate"] == 1 / 2


def test_launched_goods_that_were_thrown_away_are_counted_at_cost():
    receipts = table("receipt", {"time": 20 * DAY, "offer": 1, "units": 3})
    returns = table(
        "return",
        {"time": 30 * DAY, "offer": 1, "units": 2, "fate": "written_off"},
        {"time": 30 * DAY, "offer": 0, "units": 1, "fate": "seconds"},
    )
    world = launched_world()
    world.truth.offers["listed"][2] = 0  # before the window
    made = replication(world=world, tables=receipts | returns, closing=snapshot(61 * DAY))
    assert overall(made)["launch_writeoff_share"] == (2 * 10) / (5 * 4 + 3 * 10)


def test_without_launches_or_before_thirty_days_their_rates_are_missing():
    assert math.isnan(overall(replication())["launch_success_rate"])
    assert math.isnan(overall(replication())["launch_writeoff_share"])
