"""One measurement in a process of its own: `python -m benchmarks.measure serving 50000 popularity` prints JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import worlds
from sim.processes.story import play
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from sim.schema.counters import Counter


def timed(scenario: Scenario) -> dict[str, Any]:
    """Play a small copy first, so that no compilation is timed; then return what the real one takes."""
    small = scenario.population.model_copy(update={"consumers": 200})
    play(scenario.model_copy(update={"population": small}), 0)
    began, wall = time.process_time(), time.perf_counter()
    played = play(scenario, 0)
    cpu = time.process_time() - began
    return {"cpu_s": cpu, "wall_s": time.perf_counter() - wall, "peak_mb": _peak_mb(), **_counts(played)}


def _counts(played: Replication) -> dict[str, int]:
    daily = played.daily.sum(axis=(0, 1, 2))
    names = (Counter.SESSIONS, Counter.PAGES, Counter.IMPRESSIONS, Counter.ORDERS)
    return {name.name.lower(): int(daily[name]) for name in names} | {"simpy_events": played.simpy_events}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serving(consumers: str, recommender: str) -> dict[str, Any]:
    """Time a day of pages."""
    return timed(worlds.serving_day(int(consumers), recommender))


def month(consumers: str, recommender: str, routing: str, days: str = "30") -> dict[str, Any]:
    """Time the long world."""
    return timed(worlds.month(int(consumers), recommender, routing, int(days)))


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {"serving": serving, "month": month}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
