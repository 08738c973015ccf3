"""Whole replications, from the first visit to the last parcel: the kernel equals one process per session."""

from typing import Any

import pytest

from sim.processes.story import play
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from tests.oracle.on_stage import Stage, differing
from tests.oracle.worlds import EAGER

PLAIN: dict[str, Any] = {
    "name": "story",
    "horizon": "2 days",
    "warm_up": "12 h",
    "drain": "4 days",
    "population": {"consumers": 250},
    "catalogue": {"items": 25},
    "creators": {"count": 3, "livestreams": {"per_week": 14, "slots": 3, "allotment": 4, "notified_share": 0.5}},
    "merchants": {"count": 4},
    "behaviour": EAGER,
    "serving": {"impression_log": 0.5},
    "stock": {"opening": "units", "amount": 14},
}
CONTINUOUS = {"kind": "base_stock", "with": {"level": 5}, "review": "continuous"}
WORLDS = {
    "plain": {"policies": {"routing": {"kind": "nearest_neighbour"}}},
    "learning": {
        "seed": 8,
        "policies": {
            "recommender": {"kind": "item_knn", "refit": "5 h"},
            "routing": {"kind": "nearest_neighbour"},
            "pricing": {"kind": "markdown"},
        },
        "serving": {"impression_log": 0.5, "refresh": "7 min", "hide_sold_out": True},
    },
    "continuous": {
        "seed": 9,
        "policies": {"inventory": CONTINUOUS, "routing": {"kind": "nearest_neighbour"}},
        "orders": {"release_every": "7 min", "unpaid_share": 0.2},
    },
    "advertised": {
        "seed": 10,
        "marketing": {"budget": 150, "visit_price": 0.2, "coupon": {"value": 3, "minimum_spend": 9, "valid": "20 h"}},
        "policies": {"marketing": {"kind": "roi", "with": {"coupons": 0.6}}, "routing": {"kind": "nearest_neighbour"}},
    },
}


def story(world: str) -> Replication:
    return play(Scenario.model_validate(PLAIN | WORLDS[world]), 0)


@pytest.mark.parametrize("world", WORLDS)
def test_a_replication_told_by_the_kernel_equals_one_process_per_session(world, monkeypatch):
    by_kernel = story(world)
    Stage(monkeypatch)
    assert differing(by_kernel, story(world)) == []
    assert len(by_kernel.world.orders.rows) > 200
    assert len(by_kernel.tables["livestream"]) > 3
    assert (len(by_kernel.tables["redemption"]) > 5) == (world == "advertised")
