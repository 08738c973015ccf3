"""A star creator sells what nobody stocked for."""

import numpy as np
import pytest

from sim.processes.story import play
from sim.scenario.load import load
from sim.schema.clock import TICKS_PER_MINUTE
from tests.scenarios.arms import above, below, gain, played

STOCKED = ("stock.opening=units", "stock.amount=2000")


@pytest.fixture(scope="module")
def arms(tmp_path_factory):
    """Return the scenario as it is, without the show, and stocked for anything; five replications, fixed seed.

    Each difference asserted is 6 or more standard errors.
    """
    worlds = [("horizon=7 days", *sets) for sets in ((), ("events=[]",), STOCKED)]
    return played(tmp_path_factory.mktemp("shock"), "creator_shock", worlds, replications=5)


@pytest.fixture(scope="module")
def replication():
    return play(load("creator_shock").scenario, 0)


@pytest.fixture(scope="module")
def slot(replication):
    """Return the slot of the star's show."""
    slots = replication.tables["slot"]
    began = 92 * 60 * TICKS_PER_MINUTE
    of_the_show = (slots["creator"] == 0) & (slots["time"] >= began) & (slots["time"] <= began + 30 * TICKS_PER_MINUTE)
    return slots[of_the_show].iloc[0]


def test_the_show_leaves_more_people_without_what_they_wanted(arms):
    shock, calm, _ = arms
    assert below(gain(calm, shock, "fill_rate"))
    assert above(gain(calm, shock, "lost_sales_units"))


def test_with_enough_on_the_shelf_the_show_sells_more(arms):
    shock, _, stocked = arms
    assert above(gain(shock, stocked, "gmv_net"))
    assert above(gain(shock, stocked, "fill_rate"))


def test_the_item_runs_out_at_a_known_minute_and_nothing_is_sold_until_more_has_come(replication, slot):
    orders, receipts = replication.world.orders.rows, replication.tables["receipt"]
    item = replication.world.truth.offers[slot["offer"]]
    arrival = receipts["time"][receipts["offer"] == slot["offer"]].min()
    assert slot["sold"] == slot["allotted"]
    assert 0 < slot["sold_out_at"] - 92 * 60 * TICKS_PER_MINUTE < 10 * TICKS_PER_MINUTE
    assert item["sold"] >= slot["sold"]
    of_it = orders[orders["offer"] == slot["offer"]]
    between = of_it[(of_it["placed"] > slot["sold_out_at"]) & (of_it["placed"] < arrival)]
    lapsed = of_it["units"][of_it["paid"] < 0].sum()  # what was not paid for is sold once more
    assert between["units"].sum() <= lapsed


def test_more_is_ordered_at_that_very_minute_and_comes_after_the_lead_time(replication, slot):
    purchases, receipts = replication.tables["purchase"], replication.tables["receipt"]
    ordered = np.sort(purchases["time"][purchases["offer"] == slot["offer"]])
    came = receipts[receipts["offer"] == slot["offer"]].sort_values("time").iloc[0]
    days = (came["time"] - came["ordered"]) / (1440 * TICKS_PER_MINUTE)
    assert ordered[0] <= slot["sold_out_at"]
    assert slot["sold_out_at"] - ordered[0] < 30 * TICKS_PER_MINUTE
    assert days > 1.5  # the mean lead time is 3 days, travel and receiving take 1.2 more


def test_what_is_ordered_on_the_strength_of_one_evening_stays_on_the_shelf(replication, slot):
    orders, purchases = replication.world.orders.rows, replication.tables["purchase"]
    bought = purchases["units"][purchases["offer"] == slot["offer"]].sum()
    later = orders["units"][(orders["offer"] == slot["offer"]) & (orders["placed"] > slot["sold_out_at"])].sum()
    assert bought > 10 * slot["sold"]
    assert later < bought / 10
