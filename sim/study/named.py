"""Policies and columns as the command line names them: ``holt,alpha=0.2``, ``mypkg.mymodel:Mine``, ``user=user_id``."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sim.errors import ScenarioError
from sim.policy.lookup import build
from sim.scenario.document import dotted, read
from sim.scenario.variation import split_at_commas


def kind_and_parameters(where: str, text: str, example: str) -> tuple[str, dict[str, Any]]:
    """Return what ``kind`` or ``kind,parameter=value,...`` says; ``where`` is the option as errors call it."""
    kind, *pairs = split_at_commas(text)
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ScenarioError(where, f"{pair.strip()!r} is not of the form parameter=value", f"As in {example}.")
        given[name.strip()] = read(value, where, inline=True).value
    return kind.strip(), given


def built(seam: str, where: str, kind: str, given: Mapping[str, Any], trusted: Sequence[str]) -> Any:
    """Return the policy; what is wrong with it is told of the option.

    Raises
    ------
    ScenarioError
    """
    try:
        return build(seam, kind, given, trusted)
    except ScenarioError as error:  # on the command line there is no block that a key could lie in
        place, why, hint = error.args
        key = place.partition(".with")[2].lstrip(".")
        raise ScenarioError(where, f"{key}: {why}" if key else why, hint) from error


def option(name: str, text: str) -> str:
    """Return what errors call an option with its value."""
    return f"{name} {dotted((text,))}"


def column_map(texts: Sequence[str], known: Sequence[str], example: str) -> dict[str, str]:
    """Return our names of columns to a table's, from ``ours=its`` texts, several between commas.

    Raises
    ------
    ScenarioError
    """
    found: dict[str, str] = {}
    for text in ",".join(texts).split(",") if texts else ():
        ours, equals, its = (part.strip() for part in text.partition("="))
        where = option("--columns", text.strip())
        if not equals or not its:
            raise ScenarioError(where, "is not of the form ours=its", f"As in --columns {example}.")
        if ours not in known:
            close = get_close_matches(ours, known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else ""
            raise ScenarioError(where, f"no such column is read, allowed {', '.join(known)}", hint)
        if ours in found:
            raise ScenarioError(where, f"{ours} is given twice")
        found[ours] = its
    return found
