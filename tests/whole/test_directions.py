"""Directions decided beforehand: what must rise or fall when one thing changes and nothing else.

Each holds by a paired 99.9 % interval over a few replications, seeds fixed: where a change had no effect, its test
would pass by chance with probability 0.05 %.  Sizes were tuned once so that every effect is over 10 standard errors.
"""

from typing import Any

from tests.whole.arms import change, falls, rises
from tests.whole.lively import Plain, merged
from tests.whole.random_worlds import EAGER

KEEN: Plain = {"name": "keen", "share": 1, "visits_per_day": 1, "budget": 20_000}
TOWN: Plain = {
    "name": "town",
    "horizon": "5 days",
    "warm_up": "1 day",
    "drain": "15 days",
    "population": {"consumers": 150, "segments": [KEEN]},
    "catalogue": {"items": 30, "launched_during": 0},
    "merchants": {"count": 5},
    "creators": {"count": 0},
    "behaviour": EAGER,
    "stock": {"opening": "units", "amount": 60},
    "policies": {"routing": {"kind": "nearest_neighbour"}, "inventory": {"kind": "none"}},
}
"""A plain shop that nobody fills again: about 170 orders a day, and stock for all of them."""
REPLICATIONS = 6


def town(**changes: Any) -> Plain:
    return merged(TOWN, changes)


def one_warehouse(**terms: Any) -> Plain:
    """Return a network with a single warehouse."""
    return {"warehouses": [{"name": "wh", "latitude": 30.3, "longitude": 120.1, **terms}]}


def test_more_packers_raise_the_share_delivered_on_time():
    slow = {"pack_seconds": 1500}
    base = town(network=one_warehouse(packers=1, **slow))
    assert rises(change("on_time_rate", base, {"network": one_warehouse(packers=4, **slow)}, REPLICATIONS))


def test_less_carrier_capacity_lowers_the_share_delivered_on_time():
    base = town(network=one_warehouse(vans=0))
    assert falls(change("on_time_rate", base, {"network": {"carrier": {"capacity_per_day": 15}}}, REPLICATIONS))


def test_where_stock_runs_out_consumers_whom_trust_does_not_move_come_back_more():
    """Trust falls with every stockout and late parcel, and visits follow it; who does not mind comes as before."""
    base = town(
        horizon="10 days",
        warm_up="0 min",
        population={"consumers": 1000},
        stock={"amount": 2},
        behaviour={"trust": {"stockout": -0.1}},
    )
    assert rises(change("retention_d7", base, {"behaviour": {"trust": {"activity": 0}}}, REPLICATIONS))


def test_a_higher_price_lowers_units():
    base = town(
        population={"consumers": 200},
        stock={"amount": 1000},
        policies={"pricing": {"kind": "tests.whole.dearer:Dearer", "with": {"factor": 1.0}}},
    )
    assert falls(change("units_ordered", base, {"policies": {"pricing": {"with": {"factor": 1.5}}}}, REPLICATIONS))


def test_more_stock_raises_the_fill_rate():
    assert rises(change("fill_rate", town(stock={"amount": 3}), {"stock": {"amount": 9}}, REPLICATIONS))


def test_a_flash_crowd_raises_stockouts():
    """2,500 of 3,000 consumers, who come a hundredth of a time a day otherwise, enter a room within the hour."""
    show = {"kind": "livestream", "creator": 0, "at": "44 h", "for": "1 h"}
    base = town(
        population={"consumers": 3000, "segments": [{**KEEN, "visits_per_day": 0.01}]},
        creators={"count": 2, "videos": 0, "livestreams": {"per_week": 0}},
        stock={"amount": 40},
        events=[{**show, "crowd": 0}],
    )
    crowded = {"events": [{**show, "crowd": 2500}]}
    assert rises(change("stockout_rate", base, crowded, REPLICATIONS))
    assert rises(change("unfilled_units", base, crowded, REPLICATIONS))


def test_a_brand_that_makes_less_a_day_keeps_merchants_waiting_longer():
    base = town(
        brands={"count": 3},
        stock={"amount": 5},
        policies={"inventory": {"kind": "base_stock", "with": {"level": 8}}},
    )
    assert rises(change("lead_time_mean", base, {"brands": {"capacity_per_day": 15}}, REPLICATIONS))
