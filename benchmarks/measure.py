"""One measurement in a process of its own: `python -m benchmarks.measure serving 50000 popularity` prints JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import policies, worlds
from sim.policy.cast import cast_policies
from sim.processes.latent import FutureDemand
from sim.processes.story import play, tell
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from sim.schema.counters import Counter
from sim.world.build import build_world


def timed(scenario: Scenario) -> dict[str, Any]:
    """Play a small copy first, so that no compilation is timed; then return what the real one takes."""
    small = scenario.population.model_copy(update={"consumers": 200})
    play(scenario.model_copy(update={"population": small}), 0)
    began = time.process_time()
    world = build_world(scenario, 0)
    built = time.process_time()
    played = tell(world, cast_policies(scenario.policies), _no_twin)
    ended = time.process_time()
    return {"build_s": built - began, "cpu_s": ended - began, "peak_mb": _peak_mb(), **_counts(played)}


def _no_twin() -> FutureDemand:
    raise RuntimeError("no policy that is timed knows the future")


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


def oracle(consumers: str) -> dict[str, Any]:
    """Time a day of pages with the kernel, and with one SimPy process per session in its place."""
    import pytest

    from tests.oracle.on_stage import Stage

    scenario = worlds.serving_day(int(consumers), "popularity")
    by_kernel = timed(scenario)
    with pytest.MonkeyPatch.context() as patch:
        Stage(patch)
        by_processes = timed(scenario)
    return {**by_kernel, "oracle_cpu_s": by_processes["cpu_s"], "ratio": by_processes["cpu_s"] / by_kernel["cpu_s"]}


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "serving": serving,
    "month": month,
    "oracle": oracle,
    "recommender": policies.measured,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
