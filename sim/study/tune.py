"""The best values of some keys: searched for in some worlds, chosen in more of them, and judged in others."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

from sim.errors import ScenarioError
from sim.record.whole_file import clear_leftovers, write_whole
from sim.scenario.load import to_yaml
from sim.scenario.shown import nearest
from sim.study.executor import Staff, Watch
from sim.study.identity import run_hash
from sim.study.prepare import Plan
from sim.study.replicate import Simulate, simulate
from sim.study.run import RunResult
from sim.study.tune_goal import Goal
from sim.study.tune_space import Setting, Space, arm_at
from sim.study.tune_trials import Planner, Player, Trial, Trials

Sampler = Literal["plain", "optuna"]
Search = Callable[[Trials, int, int, Setting | None, int], None]

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
        """How many replications are simulated at most."""
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
            player = Player(staff, workers, watch, perform)
            trials = Trials(self.space, self.goal, self.planner, seed, self.place, player)
            check_ends(trials)
            clear_leftovers(self.place)
            search(self.sampler)(trials, self.budget, self.replications, self._given_setting(), seed)
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
        given, chosen, *rivals = results
        return Tuned(self, given, chosen, rivals, settings, holds, len(trials.tried), len(trials.refused), refusal)

    def keep(self, tuned: Tuned, told: Mapping[str, Any]) -> None:
        """Write the answer beside the trials: the chosen scenario, and ``told`` as JSON."""
        write_whole(self.place / "best.yaml", to_yaml(tuned.best.plan.scenario).encode())
        write_whole(self.place / "result.json", (json.dumps(told, indent=2, allow_nan=False) + "\n").encode())

    def given_values(self) -> list[Any]:
        """Return what the scenario has at each parameter's key; None where it has nothing."""
        says = self.given.scenario.model_dump(mode="json", by_alias=True)
        return [_at(says, one.full_key) for one in self.space]

    def _given_setting(self) -> Setting | None:
        """Return the scenario's own setting; None where it lies outside the ranges."""
        found = [one.nearest(given) for one, given in zip(self.space, self.given_values(), strict=True)]
        return tuple(number for number in found if number is not None) if None not in found else None

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


def search(sampler: Sampler) -> Search:
    """Return the search of this name."""
    if sampler == "optuna":
        from sim.study.tune_optuna import search as by_optuna

        return by_optuna
    from sim.study.tune_plain import search as plain

    return plain


def check_sampler(name: str) -> Sampler:
    """Refuse a sampler that does not exist, or is not installed.

    Raises
    ------
    ScenarioError
    """
    if name == "optuna":
        from sim.study.tune_optuna import library

        library()
        return "optuna"
    if name == "plain":
        return "plain"
    raise ScenarioError("--sampler", f"no sampler {name!r}", nearest(name, get_args(Sampler)))


def check_ends(trials: Trials) -> None:
    """Refuse a parameter one of whose ends (of texts: any) the scenario never takes, whatever the others are.

    Raises
    ------
    ScenarioError
        As the scenario says it, with the value.
    """
    sizes = [len(one.values) for one in trials.space]
    rests = [tuple((size - 1) * part // 2 for size in sizes) for part in range(3)]  # all low, in the middle, high
    for place, one in enumerate(trials.space):
        for number in (0, sizes[place] - 1) if one.ordered else range(sizes[place]):
            asked = [(*rest[:place], number, *rest[place + 1 :]) for rest in rests]
            errors = [trials.look(setting).error for setting in asked]
            if errors[0] and all(errors):
                where, why, hint = errors[0].args
                option = f"--param {one.key}={one.values[number]}"
                raise ScenarioError(where if where.startswith("--param ") else f"{option}: {where}", why, hint)


def _at(says: Any, key: str) -> Any:
    """Return what a scenario has at a dotted key; None where it has nothing."""
    for part in key.split("."):
        if isinstance(says, list):
            says = says[int(part)] if part.isdecimal() and int(part) < len(says) else None
        else:
            says = says.get(part) if isinstance(says, Mapping) else None
    return says
