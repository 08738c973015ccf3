"""A small world in which everything happens within a few days, for tests that play it several times."""

from typing import Any

from sim.processes.story import play
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from tests.whole.random_worlds import EAGER

Plain = dict[str, Any]
LIVELY: Plain = {
    "name": "lively",
    "horizon": "3 days",
    "warm_up": "12 h",
    "drain": "20 days",
    "population": {"consumers": 150, "segments": [{"name": "keen", "share": 1, "visits_per_day": 1}]},
    "catalogue": {"items": 30},
    "merchants": {"count": 5},
    "creators": {"count": 3, "livestreams": {"per_week": 10, "slots": 3, "allotment": 4, "notified_share": 0.3}},
    "stock": {"opening": "units", "amount": 6},
    "behaviour": EAGER,
    "serving": {"impression_log": 0.5},
    "policies": {
        "recommender": {"kind": "item_knn", "refit": "10 h"},
        "inventory": {"kind": "base_stock", "with": {"level": 5}, "review": "continuous"},
        "pricing": {"kind": "markdown"},
    },
}


def merged(base: Plain, changes: Plain) -> Plain:
    """Return a scenario with ``changes`` put in, key by key down to the values."""
    return {
        **base,
        **{
            key: merged(base.get(key, {}), value) if isinstance(value, dict) and key != "with" else value
            for key, value in changes.items()
        },
    }


def lively(replication: int = 0, trusted: tuple[str, ...] = (), **changes: Any) -> Replication:
    """Return the finished replication of the lively world with some parts changed."""
    return play(Scenario.model_validate(merged(LIVELY, changes)), replication, trusted)
