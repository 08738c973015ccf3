"""The worlds that are timed."""

from typing import Any

from sim.scenario.scenario import Scenario


def serving_day(consumers: int, recommender: str) -> Scenario:
    """Return a day of browsing: 5,000 items, slates of 10, a session per consumer, about 3.7 pages each."""
    return _scenario(
        f"serving-{consumers}",
        horizon="1 day",
        warm_up="0 min",
        consumers=consumers,
        visits_per_day=1.0,
        items=5000,
        recommender=recommender,
        routing="nearest_neighbour",
        refit="6 h",
        next_page=0.73,
    )


def month(consumers: int, recommender: str, routing: str, days: int = 30) -> Scenario:
    """Return the long world: a session of two to three pages per consumer every other day."""
    return _scenario(
        f"month-{consumers}-{days}",
        horizon=f"{days} days",
        warm_up="2 days",
        consumers=consumers,
        visits_per_day=0.5,
        items=2000,
        recommender=recommender,
        routing=routing,
        refit="1 day",
    )


def _scenario(
    name: str, *, consumers: int, visits_per_day: float, items: int, recommender: str, routing: str, refit: str,
    next_page: float = 0.6, **times: str,
) -> Scenario:  # fmt: skip
    segment: dict[str, Any] = {"name": "all", "share": 1, "visits_per_day": visits_per_day}
    return Scenario.model_validate(
        {
            "name": name,
            "population": {"consumers": consumers, "segments": [segment]},
            "catalogue": {"items": items},
            "behaviour": {"browsing": {"next_page": next_page}},
            "network": _network(consumers),
            "policies": {
                "recommender": {"kind": recommender, "refit": refit},
                "routing": {"kind": routing},
            },
            "record": "off",
            **times,
        }
    )


def _network(consumers: int) -> dict[str, Any]:
    """Return two warehouses staffed for so many consumers."""
    size = max(1, consumers // 5000)
    places = [("port-wh", 30.30, 120.10), ("inland-wh", 30.62, 114.20)]
    staff = {"pickers": 4 * size, "packers": 4 * size, "vans": 6 * size}
    return {
        "warehouses": [{"name": name, "latitude": a, "longitude": b, **staff} for name, a, b in places],
        "carrier": {"capacity_per_day": 5000 * size},
    }
