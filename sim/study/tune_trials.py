"""Settings tried in the same worlds, by common random numbers, and written down as they come."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.errors import ScenarioError
from sim.record.columns import numbers
from sim.record.parquet import to_parquet
from sim.record.whole_file import write_whole
from sim.scenario.load import Arm
from sim.study.executor import Job, Staff, Watch, execute
from sim.study.prepare import Plan
from sim.study.replicate import Replicate, Simulate, simulate
from sim.study.run import RunResult, gather, missing, run, workers_for
from sim.study.tune_goal import Goal
from sim.study.tune_space import Setting, Space, arm_at, values_at

Planner = Callable[[Path, Arm], Plan]
"""Returns an arm's run, its folder below a path."""


@dataclass
class Player:
    """Plays plans on workers that stay, and tells one bar of all that is to be played in the end.

    Parameters
    ----------
    asked : int or None
        Processes; None: as `workers_for` has it.
    jobs : int
        Replications that the bar has room for; it stays full where more are played.
    """

    staff: Staff
    asked: int | None
    watch: Watch
    jobs: int
    perform: Simulate = simulate
    told: int = 0

    def judge(self, plans: Sequence[Plan]) -> list[RunResult]:
        """Simulate what is missing of the plans, and return one result each, as a run does."""
        watch = self._watched(len(missing(plans)))
        return run(plans, workers_for(plans, self.asked), watch, self.perform, self.staff)

    def play(self, plans: Sequence[Plan]) -> list[RunResult]:
        """Do the same for plans that nobody will look up: only what they lead to is written, not what they are."""
        todo = missing(plans)
        jobs = [
            Job(
                f"{plan.label}, replication {number}",
                Replicate(plan.loaded, number, plan.trusted, plan.folder, self.perform),
            )
            for plan, number in todo
        ]
        with closing(execute(jobs, workers_for(plans, self.asked), self._watched(len(todo)), self.staff)) as finished:
            for _ in finished:
                pass
        return [gather(plan) for plan in plans]

    def reach(self, jobs: int) -> None:
        """Tell the bar that so many are done: what was there already, or turned out needless."""
        while self.told < jobs:
            self._tell(self.told, 1.0)
            self.told += 1

    def _watched(self, todo: int) -> Watch:
        before = self.told
        self.told += todo
        return lambda number, share: self._tell(before + number, share)

    def _tell(self, number: int, share: float) -> None:
        if number < self.jobs:
            self.watch(number, share)


@dataclass(slots=True)
class Trial:
    """One setting.

    Attributes
    ----------
    number : int
        In the order in which settings were first looked at.
    plan : Plan or None
        Its run in the worlds of the search; None where the scenario refuses it.
    error : ScenarioError or None
        Why.
    stage : str
        In which it was played last.
    kpis : DataFrame
        One row a replication, one column a KPI.
    """

    number: int
    setting: Setting
    plan: Plan | None
    error: ScenarioError | None = None
    stage: str = ""
    kpis: pd.DataFrame = field(default_factory=pd.DataFrame)

    def means(self, replications: int) -> Mapping[str, float]:
        """Return each KPI's mean over the first so many worlds."""
        found: dict[Any, float] = self.kpis.iloc[:replications].mean().to_dict()
        return found


class Trials:
    """All settings tried so far; ``trials.parquet`` in the folder at ``place`` is kept up with them.

    Parameters
    ----------
    planner : callable
    seed : int
        Of the worlds in which settings are tried.
    """

    def __init__(self, space: Space, goal: Goal, planner: Planner, seed: int, place: Path, player: Player) -> None:
        self.space, self.goal, self.place = space, goal, place
        self._planner, self._player = planner, player
        self._more = (f"seed={seed}", "record=off")
        self._all: dict[Setting, Trial] = {}

    @property
    def tried(self) -> list[Trial]:
        """The settings that were played."""
        return [trial for trial in self._all.values() if len(trial.kpis)]

    @property
    def refused(self) -> list[Trial]:
        """The settings that the scenario does not take."""
        return [trial for trial in self._all.values() if trial.plan is None]

    def accepts(self, setting: Setting) -> bool:
        """Tell whether the scenario takes a setting's values."""
        return self.look(setting).plan is not None

    def look(self, setting: Setting) -> Trial:
        """Return a setting's trial, without playing it."""
        if setting not in self._all:
            number = len(self._all)
            try:
                plan = self._planner(self.place / "trials", arm_at(self.space, setting, self._more))
                self._all[setting] = Trial(number, setting, plan)
            except ScenarioError as error:
                self._all[setting] = Trial(number, setting, None, error)
        return self._all[setting]

    def play(self, settings: Iterable[Setting], replications: int, stage: str) -> list[Trial]:
        """Play settings in the first so many worlds, and return the trials that there are of them.

        Raises
        ------
        ScenarioError
            Where a KPI of the goal is missing in all that was ever tried.
        """
        trials = [trial for trial in map(self.look, dict.fromkeys(settings)) if trial.plan is not None]
        if not trials:
            return []  # e.g. everything around is refused
        results = self._player.play([_repeated(trial.plan, replications) for trial in trials if trial.plan])
        for trial, result in zip(trials, results, strict=True):
            if len(result.kpis) >= len(trial.kpis):
                trial.kpis, trial.stage = result.kpis, stage
        self._check_known()
        write_whole(self.place / "trials.parquet", to_parquet(self.table()))
        return trials

    def ranked(self, trials: Iterable[Trial], replications: int) -> list[Trial]:
        """Return trials by their first so many worlds, the best first; after them those played in fewer.

        The older one comes first where nothing tells.
        """

        def order(trial: Trial) -> tuple[bool, tuple[float, float], int]:
            return len(trial.kpis) < replications, self.goal.rank(trial.means(replications)), trial.number

        return sorted(trials, key=order)

    def table(self) -> pa.Table:
        """Return every setting tried or refused: its values, in how many worlds it was played, its KPIs' means."""
        trials = [trial for trial in self._all.values() if trial.error or len(trial.kpis)]
        values = pd.DataFrame([values_at(self.space, trial.setting) for trial in trials])
        means = pd.DataFrame([trial.kpis.mean() for trial in trials])
        columns = {
            "trial": pa.array([trial.number for trial in trials], pa.int32()),
            "stage": pa.array([trial.stage or None for trial in trials], pa.string()),
            "replications": pa.array([len(trial.kpis) for trial in trials], pa.int32()),
            "refused": pa.array([trial.error and str(trial.error) for trial in trials], pa.string()),
            **{str(key): pa.array(values[key].tolist()) for key in values},
            **{str(name): numbers(means[name].to_numpy(np.float64)) for name in means},
        }
        return pa.table(columns)

    def _check_known(self) -> None:
        for name in self.goal.names:
            if not any(name in trial.kpis and trial.kpis[name].notna().any() for trial in self.tried):
                option = self.goal.option if name == self.goal.kpi else f"--subject {name}"
                raise ScenarioError(option, "the KPI is missing in everything tried", "Does this world have it?")


def _repeated(plan: Plan, replications: int) -> Plan:
    """Return the plan with so many replications: they are no part of the run's name."""
    scenario = plan.scenario.model_copy(update={"replications": replications})
    return replace(plan, loaded=replace(plan.loaded, scenario=scenario))
