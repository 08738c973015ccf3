"""The same worlds with one thing changed: what that does to a KPI, pair by pair."""

import json
from functools import cache
from typing import Any

from sim.processes.story import play
from sim.scenario.scenario import Scenario
from sim.study.statistics import Paired, paired
from tests.metrics.handmade import overall
from tests.whole.lively import Plain, merged

TRUSTED = ("tests.whole",)
LEVEL = 0.999


def change(kpi: str, base: Plain, changes: Plain, replications: int) -> Paired:
    """Return what ``changes`` do to a KPI of the base's worlds; the interval is `LEVEL`."""
    a, b = (values(kpi, arm, replications) for arm in (base, merged(base, changes)))
    return paired(a, b, LEVEL)


def values(kpi: str, arm: Plain, replications: int) -> list[float]:
    """Return a KPI of the first replications of a world."""
    return [_played(json.dumps(arm, sort_keys=True), number)[kpi] for number in range(replications)]


def rises(found: Paired) -> bool:
    """Tell whether the whole interval lies above zero."""
    return found.difference.mean - found.difference.half_width > 0


def falls(found: Paired) -> bool:
    """Tell whether the whole interval lies below zero."""
    return found.difference.mean + found.difference.half_width < 0


@cache
def _played(arm: str, replication: int) -> dict[str, float]:
    """Play each arm once, whatever of it is compared with whatever."""
    scenario: Any = json.loads(arm)
    return overall(play(Scenario.model_validate(scenario), replication, TRUSTED))
