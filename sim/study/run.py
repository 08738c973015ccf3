"""Simulate worlds, every replication that is not there yet, and gather what they say."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pandas as pd

from sim.scenario.load import to_yaml
from sim.scenario.size import SHARE_OF_MACHINE, estimate_bytes, machine_bytes
from sim.study.executor import Job, Staff, Watch, execute
from sim.study.manifest import Told, manifest
from sim.study.prepare import Plan
from sim.study.replicate import Replicate, Simulate, simulate
from sim.study.statistics import Estimate, estimate


@dataclass(frozen=True, slots=True)
class RunResult:
    """The replications of one world.

    Attributes
    ----------
    plan : Plan
        What was asked for: scenario, label, hash, folder.
    rows : DataFrame
        The replications' KPIs in long form: replication, name, dimension, key, value.
    kpis : DataFrame
        One row a replication, one column a KPI, those without a dimension; NaN = missing.
    simulated : int
        Replications simulated now; the others were there.
    twins : tuple of Plan
        The twin worlds it was held against, if any: see `sim.study.twins`.
    """

    plan: Plan
    rows: pd.DataFrame
    kpis: pd.DataFrame
    simulated: int
    twins: tuple[Plan, ...] = ()

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.kpis)

    @property
    def reproducible(self) -> bool:
        """Whether another run must give the same: what the manifest says."""
        return bool(self.plan.folder.manifest().get("reproducible", True))

    def estimates(self) -> dict[str, Estimate]:
        """Return mean and interval of each KPI over the replications."""
        return {str(name): estimate(self.kpis[name]) for name in self.kpis.columns}


def run(
    plans: Sequence[Plan],
    workers: int = 1,
    watch: Watch | None = None,
    perform: Simulate = simulate,
    staff: Staff | None = None,
) -> list[RunResult]:
    """Simulate what is missing of all plans together, and return one result each.

    Parameters
    ----------
    workers : int
        Processes; the results are the same for any number.
    watch : callable, optional
        ``watch(number, share)``: how far the number-th of `missing` is.
    perform : callable
        Simulates one replication and keeps it.
    staff : Staff, optional
        Workers that outlast this call.

    Raises
    ------
    SimError
        Of the first replication that failed.  What is finished is kept, then and where Ctrl-C is pressed.
    """
    todo = missing(plans)
    told: dict[str, dict[int, Told]] = {plan.hash: {} for plan in plans}
    try:
        with closing(execute(_jobs(todo, perform), workers, watch or _nobody, staff)) as finished:
            for number, one in finished:
                plan, replication = todo[number]
                told[plan.hash][replication] = one
    finally:
        _write(plans, told)
    return [gather(plan, len(told[plan.hash])) for plan in plans]


def missing(plans: Sequence[Plan]) -> list[tuple[Plan, int]]:
    """Return the replications to simulate; arms that are the same world share theirs.

    Replication 0 of every plan goes first, then 1, ...: an interrupted comparison keeps whole pairs.
    """
    worlds = {plan.hash: plan for plan in plans}
    done = {name: plan.folder.done(plan.scenario.record) for name, plan in worlds.items()}
    todo = [
        (plan, number)
        for name, plan in worlds.items()
        for number in range(plan.scenario.replications)
        if number not in done[name]
    ]
    return sorted(todo, key=lambda one: one[1])  # stable: within a replication in the plans' order


def workers_for(plans: Sequence[Plan], asked: int | None = None) -> int:
    """Return how many processes to use: as asked; else one per processor that has memory for a replication."""
    todo = max(len(missing(plans)), 1)
    if asked is not None:
        return min(asked, todo)
    largest = max(estimate_bytes(plan.scenario) for plan in plans)
    return max(1, min(todo, _processors(), int(SHARE_OF_MACHINE * machine_bytes() / largest)))


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def gather(plan: Plan, simulated: int = 0) -> RunResult:
    """Read the replications that the plan asks for."""
    frames = {number: plan.folder.read(number) for number in range(plan.scenario.replications)}
    rows = pd.concat(frames, names=["replication"]).reset_index(level="replication").reset_index(drop=True)
    overall = rows[rows["dimension"] == ""]
    kpis = overall.pivot(index="replication", columns="name", values="value")
    return RunResult(plan, rows, kpis[overall["name"].drop_duplicates()], simulated)


def _jobs(todo: Sequence[tuple[Plan, int]], perform: Simulate) -> list[Job[Told]]:
    return [
        Job(
            f"{plan.label or plan.scenario.name}, replication {number}",
            Replicate(plan.loaded, number, plan.trusted, plan.folder, perform),
        )
        for plan, number in todo
    ]


def _write(plans: Sequence[Plan], told: dict[str, dict[int, Told]]) -> None:
    """Write what was run beside its replications; where there are none, no folder appears."""
    for plan in {plan.hash: plan for plan in plans}.values():
        if told[plan.hash]:
            folder = plan.folder
            now = manifest(plan.scenario.name, plan.hash, plan.parts, told[plan.hash], folder.manifest())
            folder.begin(to_yaml(plan.scenario), now)
            folder.finish(folder.done())


def _nobody(number: int, share: float) -> None:
    """Watch nothing."""
