"""A small world played from end to end: its KPIs agree with its ledgers and with each other."""

from functools import cache

import numpy as np
import pytest

from sim.metrics import DEFINITIONS
from sim.metrics.ratio import CENTS
from sim.processes.story import play
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from sim.world.money import PARTIES
from tests.metrics.handmade import by, overall


@cache
def played() -> Replication:
    """Return two days without a warm-up: consumers, livestreams, demand that comes by itself, and little stock."""
    rules = {
        "name": "small",
        "horizon": "2 days",
        "warm_up": "0 min",
        "drain": "40 days",
        "population": {"consumers": 800},
        "catalogue": {"items": 30},
        "creators": {"count": 3, "livestreams": {"per_week": 7}},
        "stock": {"opening": "units", "amount": 1},
        "demand": [{"per_day": 0.5}],
        "policies": {"inventory": {"kind": "base_stock", "with": {"level": 6}}},
    }
    return play(Scenario.model_validate(rules), 0)


def test_the_change_in_stock_at_cost_is_what_the_ledger_holds_more_than_at_the_start():
    stock = played().world.stock
    cost = stock.offers["unit_cost"][stock.offer]
    assert overall(played())["inventory_change"] == ((stock.on_hand - stock.opening) * cost).sum() / CENTS


def test_what_all_parties_earned_is_what_consumers_and_the_outside_paid():
    found, final = overall(played()), played().final.balances
    earned = sum(found.get(f"profit_{party}", 0) for party in PARTIES)
    assert earned == pytest.approx(-int(final["consumers"].sum() + final["outside"].sum()) / CENTS)


def test_orders_are_those_the_kernel_counted_before_the_horizon_and_those_that_came_by_themselves():
    book = played().world.orders.rows
    late = ((book["placed"] >= played().closing.at) & (book["session"] >= 0)).sum()
    by_itself = (book["session"] < 0).sum()
    counted = played().daily[1, :, :, Counter.ORDERS].sum()
    assert overall(played())["orders"] == counted - late + by_itself
    assert by_itself > 0


def test_what_was_not_had_at_once_adds_up_over_the_categories():
    acts, book = played().acts, played().world.orders.rows
    late = acts["value"][(acts["act"] == Act.STOCKOUT) & (acts["time"] >= played().closing.at)].sum()
    late += book["short"][(book["placed"] >= played().closing.at) & (book["substitute"] == 0)].sum()
    parts = sum(value for (name, _), value in by(played(), "category").items() if name == "unfilled_units")
    assert parts + late == overall(played())["unfilled_units"] > 0


def test_shares_lie_between_zero_and_one():
    for name, value in overall(played()).items():
        if DEFINITIONS[name].unit == "share" and not np.isnan(value):
            assert 0 <= value <= 1, name
