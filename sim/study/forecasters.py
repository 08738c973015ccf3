"""Forecasters as the command line names them: ``croston``, ``holt,alpha=0.2``, ``mypkg.mymodel:Mine``."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sim.errors import ScenarioError
from sim.policy.contain_forecasts import ContainedForecaster, contained
from sim.policy.faults import Faults
from sim.study.named import built, kind_and_parameters, option

USUAL = ("naive", "seasonal_naive", "moving_average", "exponential_smoothing", "holt_winters", "croston", "tsb")
"""What is compared where nobody names a method: those that take seconds for thousands of items."""


def forecasters(texts: Sequence[str], season: int, trusted: Sequence[str] = ()) -> dict[str, ContainedForecaster]:
    """Return each method, contained, by what it was called.

    Parameters
    ----------
    texts : sequence of str
        ``name`` or ``name,parameter=value,...`` each.
    season : int, days
        For methods that have a parameter ``season`` which is not given.
    trusted : sequence of str
        Modules that may be imported.

    Raises
    ------
    ScenarioError
        Where a method or parameter does not exist, is out of range, or a method is named twice.
    """
    found: dict[str, ContainedForecaster] = {}
    for text in texts:
        where = option("--method", text)
        if text in found:
            raise ScenarioError(where, "is given twice")
        found[text] = contained(_built(text, where, season, trusted), Faults())
    return found


def check_signals(methods: Mapping[str, ContainedForecaster], has_views: bool) -> None:
    """Refuse methods that need signals which the table does not have."""
    for text, method in methods.items():
        needs = getattr(method.policy, "needs", ())
        if needs and not has_views:
            listed = " and ".join(needs)
            hint = f"Name it with --columns {needs[0]}=ITS_NAME."
            raise ScenarioError(f"--method {text}", f"needs a column {listed}, which the table lacks", hint)


def _built(text: str, where: str, season: int, trusted: Sequence[str]) -> Any:
    kind, given = kind_and_parameters(where, text, "--method croston,alpha=0.2")
    method = built("forecasting", where, kind, given, trusted)
    if "season" in given or "season" not in {field.name for field in fields(method)}:
        return method
    return built("forecasting", where, kind, {**given, "season": season}, trusted)
