"""What ``sim evaluate`` is asked, checked as a whole before anything is learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite, nan
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sim.errors import ScenarioError
from sim.offline.evaluate import Judged, Watch, evaluate
from sim.offline.exam import Exam
from sim.offline.log_table import COLUMNS, LogTable, log_table
from sim.offline.split import Kind, split
from sim.policy.contain import ContainedRecommender
from sim.policy.lookup import build
from sim.scenario.document import dotted, read
from sim.scenario.variation import split_at_commas
from sim.study.prepare import named_modules

MOST_PLACES = 100
REFERENCES = ("popularity", "random")
"""Judged beside whatever is named."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a log is cut and how long lists are: see `sim.offline.split.split`."""

    kind: Kind
    share: float
    k: int
    relevant: float
    seed: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A log, how it is cut, and who is judged on it."""

    exam: Exam
    policies: dict[str, ContainedRecommender]
    how: Options

    @property
    def log(self) -> LogTable:
        """The log."""
        return self.exam.log

    def judged(self, watch: Watch) -> list[Judged]:
        """Judge everybody."""
        with threadpool_limits(1):  # more threads would add up in another order
            return evaluate(self.exam, self.policies, self.how.k, self.how.seed, watch)


def options(kind: str, share: str, k: int, relevant: str, seed: int) -> Options:
    """Return options from what was typed.

    Raises
    ------
    ScenarioError
        Where one is out of range.
    """
    if k > MOST_PLACES:
        raise ScenarioError("--k", f"found {k}, allowed {MOST_PLACES} at most")
    part = _number("--share", share, "a number above 0 and under 1")
    if not 0 < part < 1:
        raise ScenarioError("--share", f"found {share}, allowed a number above 0 and under 1")
    known: dict[str, Kind] = {"time": "time", "user": "user"}
    if kind not in known:
        raise ScenarioError("--split", f"found {kind!r}, allowed {', '.join(known)}")
    return Options(known[kind], part, k, _number("--relevant", relevant, "a rating"), seed)


def _number(option: str, text: str, allowed: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = nan
    if not isfinite(found):
        raise ScenarioError(option, f"found {text!r}, allowed {allowed}")
    return found


def evaluation(
    path: Path, recommenders: Sequence[str], columns: Sequence[str], how: Options, hosts: Sequence[str] = ()
) -> Evaluation:
    """Return what is to be judged.

    Parameters
    ----------
    recommenders : sequence of str
        ``name`` or ``name,parameter=value,...`` each.
    columns : sequence of str
        ``ours=its`` each, several between commas.
    hosts : sequence of str
        What services may be reached, as `sim.policy.lookup.build` takes them.

    Raises
    ------
    ScenarioError
        Where an option, the log, or both together are not possible.
    """
    policies = _policies(recommenders, hosts)
    log = log_table(path, column_map(columns))
    cut = split(log, how.kind, how.share, how.relevant, how.seed)
    return Evaluation(Exam(log, cut), policies, how)


def column_map(texts: Sequence[str]) -> dict[str, str]:
    """Return our names of columns to the log's, from ``ours=its`` texts."""
    found: dict[str, str] = {}
    for text in ",".join(texts).split(",") if texts else ():
        ours, equals, its = (part.strip() for part in text.partition("="))
        where = f"--columns {text.strip()}"
        if not equals or not its:
            raise ScenarioError(where, "is not of the form ours=its", "As in --columns user=user_id.")
        if ours not in COLUMNS:
            close = get_close_matches(ours, COLUMNS, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else ""
            raise ScenarioError(where, f"no such column is read, allowed {', '.join(COLUMNS)}", hint)
        if ours in found:
            raise ScenarioError(where, f"{ours} is given twice")
        found[ours] = its
    return found


def _policies(texts: Sequence[str], hosts: Sequence[str]) -> dict[str, ContainedRecommender]:
    """Return each recommender, contained, by what it was called; then the references that were not named."""
    trusted = (*named_modules(texts), *hosts)
    found: dict[str, ContainedRecommender] = {}
    for text in (*texts, *REFERENCES):
        if text in found:
            if text in REFERENCES:
                continue
            raise ScenarioError(f"--recommender {dotted((text,))}", "is given twice")
        policy = _built(text, f"--recommender {dotted((text,))}", trusted)
        found[text] = ContainedRecommender("recommender", policy, build("recommender", "popularity"))
    return found


def _built(text: str, where: str, trusted: Sequence[str]) -> Any:
    kind, *pairs = split_at_commas(text)
    given = dict(_parameter(pair, where) for pair in pairs)
    try:
        return build("recommender", kind.strip(), given, trusted)
    except ScenarioError as error:  # on the command line there is no block that a key could lie in
        place, why, hint = error.args
        key = place.partition(".with")[2].lstrip(".")
        raise ScenarioError(where, f"{key}: {why}" if key else why, hint) from error


def _parameter(pair: str, where: str) -> tuple[str, Any]:
    name, equals, value = pair.partition("=")
    if not equals or not name.strip():
        why = f"{pair.strip()!r} is not of the form parameter=value"
        raise ScenarioError(where, why, "As in --recommender item_knn,neighbours=50.")
    return name.strip(), read(value, where, inline=True).value
