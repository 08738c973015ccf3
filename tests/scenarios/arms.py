"""Shipped scenarios played in several arms, replication by replication the same worlds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario.load import load
from sim.study.prepare import prepare
from sim.study.run import RunResult, run
from sim.study.statistics import Estimate, estimate

Sets = Sequence[str]
WORKERS = 2


def played(folder: Path, name: str, arms: Sequence[Sets], replications: int) -> list[RunResult]:
    """Return one result per arm; an arm is what it sets."""
    fixed = (f"replications={replications}", "record=off")
    plans = [prepare(load(name, sets=(*sets, *fixed)), folder, label=" ".join(sets)) for sets in arms]
    return run(plans, WORKERS)


def gain(a: RunResult, b: RunResult, kpi: str) -> Estimate:
    """Return what ``b`` has more of a KPI than ``a``, paired, with its 95 % interval."""
    return estimate(b.kpis[kpi] - a.kpis[kpi])


def by_day(result: RunResult, kpi: str) -> NDArray[np.float64]:
    """Return a KPI per replication and day of the window, float64[replications, days]."""
    rows = result.rows[(result.rows["dimension"] == "day") & (result.rows["name"] == kpi)]
    table = rows.assign(day=rows["key"].astype(int)).pivot(index="replication", columns="day", values="value")
    return table.to_numpy(np.float64)


def above(estimate: Estimate, least: float = 0.0) -> bool:
    """Tell whether an interval lies above a value altogether."""
    return estimate.mean - estimate.half_width > least


def below(estimate: Estimate, most: float = 0.0) -> bool:
    """Tell whether an interval lies below a value altogether."""
    return estimate.mean + estimate.half_width < most
