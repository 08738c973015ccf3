"""The best values of some keys: searched for in some worlds, chosen in more of them, and judged in others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.record.whole_file import clear_leftovers, write_whole
from sim.scenario.load import to_yaml
from sim.study.executor import Staff, Watch
from sim.study.identity import run_hash
from sim.study.prepare import Plan
from sim.study.replicate import Simulate, simulate
from sim.study.run import RunResult
from sim.study.tune_ends import check_ends
from sim.study.tune_given import given_setting, given_values
from sim.study.tune_goal import Goal
from sim.study.tune_sampler import Sampler, search_by
from sim.study.tune_space import Setting, Space, arm_at
from sim.study.tune_trials import Planner, Player, Trial, Trials

FINALISTS = 5
"""Settings that are played in more worlds before one is chosen."""
MORE_WORLDS = 4
"""In how many times as many."""
RIVALS = 2
"""Settings that are judged beside the chosen one."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of a search.

    Attributes
    ----------
    tuning : Tuning
    given : RunResult
        The scenario as it is, in its own worlds.
    best : RunResult
        The chosen setting there: none of these worlds was searched in, so its interval owes nothing to having been
        chosen.
    rivals : list of RunResult
        The next best, likewise.
    settings : list of Setting
        The chosen one's, then the rivals'.
    holds : bool
        Whether any setting kept all bounds, where it was chosen.
    tried, refused : int
        Settings.
    refusal : str
        Why the first of those that the scenario does not take was refused.
    """

    tuning: "Tuning"
    given: RunResult
    best: RunResult
    rivals: list[RunResult]
    settings: list[Setting]
    holds: bool
    tried: int
    refused: int
    refusal: str


@dataclass(frozen=True)
class Tuning:
    """A search that can be made.

    Parameters
    ----------
    given : Plan
        The scenario as it is.
    planner : callable
        Makes an arm of it a plan.
    budget : int
        Settings to try at most.
    out : Path
        The folder of runs' folders.
    """

    given: Plan
    planner: Planner
    space: Space
    goal: Goal
    budget: int
    sampler: Sampler
    out: Path

    @property
    def hash(self) -> str:
        """The digest of all that the answer depends on."""
        asked = {
            "parameters": [[one.full_key, repr(one.values)] for one in self.space],
            "goal": [self.goal.option, *map(str, self.goal.constraints)],
            "budget": self.budget,
            "sampler": [self.sampler, version("optuna") if self.sampler == "optuna" else ""],
            "replications": self.replications,
        }
        return run_hash({"given": self.given.hash, **asked})

    @property
    def place(self) -> Path:
        """The search's folder."""
        return self.out / f"{self.given.scenario.name}-tune-{self.hash}"

    @property
    def replications(self) -> int:
        """Worlds in which settings are compared, and judged."""
        return self.given.scenario.replications

    @property
    def jobs(self) -> int:
        """How many replications are simulated, but where finalists give way to others: there more may be."""
        return (self.budget + FINALISTS * MORE_WORLDS + RIVALS + 2) * self.replications

    def run(self, workers: int | None, watch: Watch, perform: Simulate = simulate) -> Tuned:
        """Search, choose and judge.  What is finished is kept; the next run goes on from there.

        Parameters
        ----------
        workers : int or None
            Processes; the answer is the same for any number.
        watch : callable
            ``watch(number, share)``: how far the number-th of ``jobs`` is.

        Raises
        ------
        SimError
            Where a replication failed, or nothing can be tried.
        """
        seed = search_seed(self.given.scenario.seed)
        with Staff() as staff:
            player = Player(staff, workers, watch, self.jobs, perform)
            trials = Trials(self.space, self.goal, self.planner, seed, self.place, player)
            given = given_setting(self.space, given_values(self.given, self.space))
            if given is not None:
                trials.look(given)  # of equals the one looked at first is best: nothing is changed for nothing
            check_ends(trials, self.given)
            clear_leftovers(self.place)
            search_by(self.sampler)(trials, self.budget, self.replications, given, seed)
            if not trials.tried:
                first = trials.refused[0].error
                raise ScenarioError("--param", f"the scenario refuses all that was looked at, the first: {first}")
            player.reach(self.budget * self.replications)
            best, *others = self._choose(trials)
            player.reach(self.jobs - (RIVALS + 2) * self.replications)
            results = player.judge(self._judged([best, *others]))
            player.reach(self.jobs)
        holds = self.goal.excess(best.means(len(best.kpis))) == 0
        refusal = str(trials.refused[0].error) if trials.refused else ""
        settings = [trial.setting for trial in (best, *others)]
        as_given, chosen, *rivals = results
        return Tuned(self, as_given, chosen, rivals, settings, holds, len(trials.tried), len(trials.refused), refusal)

    def keep(self, tuned: Tuned, told: Mapping[str, Any]) -> None:
        """Write the answer beside the trials: the chosen scenario, and ``told`` as JSON."""
        write_whole(self.place / "best.yaml", to_yaml(tuned.best.plan.scenario).encode())
        write_whole(self.place / "result.json", (json.dumps(told, indent=2, allow_nan=False) + "\n").encode())

    def _choose(self, trials: Trials) -> list[Trial]:
        """Return the best, then its rivals, as many more worlds of the search have it.

        Those that seem best hold their bounds by luck more often than others: where none does in more worlds, the next
        are looked at.
        """
        worlds, n = MORE_WORLDS * self.replications, FINALISTS
        ranked = trials.ranked(trials.tried, self.replications)
        hopeful = sum(self.goal.excess(trial.means(self.replications)) == 0 for trial in ranked)
        settings = [trial.setting for trial in ranked]
        while True:
            chosen = trials.ranked(trials.play(settings[:n], worlds, "chosen from"), worlds)
            if n >= hopeful or self.goal.excess(chosen[0].means(worlds)) == 0:
                return chosen[: 1 + RIVALS]
            n += FINALISTS

    def _judged(self, trials: Sequence[Trial]) -> list[Plan]:
        """Return the plans to judge: in the scenario's own worlds, where nothing was searched."""
        arms = [arm_at(self.space, trial.setting) for trial in trials]
        return [replace(self.given, label="as given"), *(self.planner(self.out, arm) for arm in arms)]


def search_seed(seed: int) -> int:
    """Return the seed of the worlds searched in: others than those of the scenario's seed, and always the same."""
    return int.from_bytes(blake2b(f"tune {seed}".encode(), digest_size=8).digest()) >> 1
