"""The search by optuna (extra ``tune``): settings drawn where good ones are dense, by its tree-structured estimator."""

import warnings
from collections.abc import Mapping, Sequence
from math import ceil, inf, isnan, nan
from typing import Any

from sim.errors import ScenarioError
from sim.study.tune_space import Setting
from sim.study.tune_trials import Trial, Trials

BATCH = 4
"""Settings drawn before any of them is played; no number of workers changes it."""
DRAWN = 3
"""Settings drawn at most, in how many times the budget: some are refused, some were tried already."""


def search(trials: Trials, budget: int, replications: int, given: Setting | None, seed: int) -> None:
    """Draw settings until ``budget`` of them are tried, each played once in all ``replications`` worlds.

    Parameters
    ----------
    given : tuple of int or None
        The scenario's own setting, drawn first.
    seed : int
        Of the sampler.

    References
    ----------
    Bergstra, Bardenet, Bengio & Kegl (2011), Algorithms for hyper-parameter optimization: TPE.
    """
    optuna = library()
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            # it says each time that bounds on other KPIs are experimental
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            _search(optuna, trials, budget, replications, given, seed)
    finally:
        optuna.logging.set_verbosity(verbosity)


def library() -> Any:
    """Return optuna.

    Raises
    ------
    ScenarioError
        Where it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise ScenarioError(
            "--sampler optuna", "optuna is not installed", "pip install 'streamstock[tune]', or take --sampler plain."
        ) from error
    return optuna


def _search(optuna: Any, trials: Trials, budget: int, replications: int, given: Setting | None, seed: int) -> None:
    space = trials.space
    sampler = optuna.samplers.TPESampler(
        seed=seed % 2**32, multivariate=True, constant_liar=True, constraints_func=lambda one: one.user_attrs["excess"]
    )
    study = optuna.create_study(direction="minimize", sampler=sampler)
    if given is not None:
        study.enqueue_trial({one.key: number for one, number in zip(space, given, strict=True)})
    for _ in range(ceil(DRAWN * budget / BATCH)):
        left = budget - len(trials.tried)
        if left <= 0:
            break
        drawn = [study.ask() for _ in range(min(BATCH, left))]
        settings = [_drawn(trials, one) for one in drawn]
        found = {trial.setting: trial for trial in trials.play(settings, replications, "drawn")}
        for one, setting in zip(drawn, settings, strict=True):
            _tell(optuna, study, one, trials, found.get(setting), replications)


def _drawn(trials: Trials, one: Any) -> Setting:
    """Let the sampler choose: numbers by their place in the range, texts as words without an order."""
    return tuple(
        one.suggest_int(parameter.key, 0, len(parameter.values) - 1)
        if parameter.ordered
        else one.suggest_categorical(parameter.key, list(range(len(parameter.values))))
        for parameter in trials.space
    )


def _tell(optuna: Any, study: Any, one: Any, trials: Trials, trial: Trial | None, replications: int) -> None:
    """Tell how a setting did; one that is refused, or lacks the KPI, failed."""
    means: Mapping[str, float] = {} if trial is None else trial.means(replications)
    cost, excess = trials.goal.cost(means), _excess(trials, means)
    one.set_user_attr("excess", excess)
    if not isnan(cost) and inf not in excess:
        study.tell(one, cost)
    else:
        study.tell(one, state=optuna.trial.TrialState.FAIL)


def _excess(trials: Trials, means: Mapping[str, float]) -> Sequence[float]:
    return [bound.excess(means.get(bound.kpi, nan)) for bound in trials.goal.constraints]
