"""How the settings to try are chosen: by name."""

from collections.abc import Callable
from typing import Literal, get_args

from sim.errors import ScenarioError
from sim.scenario.shown import nearest
from sim.study.tune_space import Setting
from sim.study.tune_trials import Trials

Sampler = Literal["plain", "optuna"]
Search = Callable[[Trials, int, int, Setting | None, int], None]
"""``search(trials, budget, replications, given, seed)``."""


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


def search_by(sampler: Sampler) -> Search:
    """Return the search of this name."""
    if sampler == "optuna":
        from sim.study.tune_optuna import search as by_optuna

        return by_optuna
    from sim.study.tune_plain import search as plain

    return plain
