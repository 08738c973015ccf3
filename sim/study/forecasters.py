"""Forecasters as the command line names them: ``croston``, ``holt,alpha=0.2``, ``mypkg.mymodel:Mine``."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sim.errors import ScenarioError
from sim.policy.contain_forecasts import ContainedForecaster, contained
from sim.policy.faults import Faults
from sim.policy.lookup import build, find
from sim.scenario.document import dotted, read
from sim.scenario.variation import split_at_commas

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
        where = f"--method {dotted((text,))}"
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
    kind, *pairs = split_at_commas(text)
    given = dict(_parameter(pair, where) for pair in pairs)
    try:
        known = {field.name for field in fields(find("forecasting", kind.strip(), trusted))}
        if "season" in known and "season" not in given:
            given["season"] = season
        return build("forecasting", kind.strip(), given, trusted)
    except ScenarioError as error:  # on the command line there is no block that a key could lie in
        place, why, hint = error.args
        key = place.partition(".with")[2].lstrip(".")
        raise ScenarioError(where, f"{key}: {why}" if key else why, hint) from error


def _parameter(pair: str, where: str) -> tuple[str, Any]:
    name, equals, value = pair.partition("=")
    if not equals or not name.strip():
        why = f"{pair.strip()!r} is not of the form parameter=value"
        raise ScenarioError(where, why, "As in --method croston,alpha=0.2.")
    return name.strip(), read(value, where, inline=True).value
