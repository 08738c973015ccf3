"""What ``sim evaluate`` is asked, checked as a whole before anything is learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sim.errors import ScenarioError
from sim.offline.evaluate import Judged, Watch, evaluate
from sim.offline.exam import Exam
from sim.offline.log_table import COLUMNS, LogTable, log_table
from sim.offline.split import Kind, split
from sim.policy.contain import ContainedRecommender
from sim.policy.lookup import build
from sim.study.named import built, column_map, kind_and_parameters, option
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
    log = log_table(path, column_map(columns, COLUMNS, "user=user_id"))
    cut = split(log, how.kind, how.share, how.relevant, how.seed)
    return Evaluation(Exam(log, cut), policies, how)


def _policies(texts: Sequence[str], hosts: Sequence[str]) -> dict[str, ContainedRecommender]:
    """Return each recommender, contained, by what it was called; then the references that were not named."""
    trusted = (*named_modules(texts), *hosts)
    found: dict[str, ContainedRecommender] = {}
    for text in (*texts, *REFERENCES):
        if text in found:
            if text in REFERENCES:
                continue
            raise ScenarioError(option("--recommender", text), "is given twice")
        where = option("--recommender", text)
        kind, given = kind_and_parameters(where, text, "--recommender item_knn,neighbours=50")
        policy = built("recommender", where, kind, given, trusted)
        found[text] = ContainedRecommender("recommender", policy, build("recommender", "popularity"))
    return found
