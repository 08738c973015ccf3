"""Several recommenders on one log: each learns the same rows and is judged by the same others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.offline.bootstrap import Interval, intervals
from sim.offline.exam import Exam
from sim.offline.off_policy import Verdict
from sim.offline.predictions import PREDICTIONS
from sim.offline.replay import Replay
from sim.offline.score import OVER_ALL, PER_USER, Task, score
from sim.policy.contain import ContainedRecommender

Float = NDArray[np.float64]
Watch = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one recommender.

    Attributes
    ----------
    measures : dict of str to Interval
        `sim.offline.score.PER_USER`; ``gini`` and ``coverage``, without intervals: a resample holds fewer distinct
        users, who reach fewer items; `sim.offline.predictions.PREDICTIONS`, where the policy and the log have them.
    gains : dict of str to Interval
        Of `PER_USER`, over the first recommender, user by user.
    verdict : Verdict or None
        Where the log has propensities.
    first_error : str
        Of what was contained: then popularity stood in.
    """

    name: str
    measures: dict[str, Interval]
    gains: dict[str, Interval]
    verdict: Verdict | None
    first_error: str


def evaluate(exam: Exam, policies: Mapping[str, ContainedRecommender], k: int, seed: int, watch: Watch) -> list[Judged]:
    """Judge recommenders, in their order.

    Parameters
    ----------
    k : int
        Places of a list.
    seed : int
        Of the recommenders' own randomness and of the bootstrap.
    watch : callable
        ``watch(number, share)``.

    Raises
    ------
    ScenarioError
        Where a recommender is privileged: a log has no truth to reveal.
    """
    for name, policy in policies.items():
        if policy.privileged:
            raise ScenarioError(f"--recommender {name}", "needs a simulated world's truth, which a log does not tell")
    replay = Replay(exam)
    scores, alone, verdicts = [], [], []
    for number, policy in enumerate(policies.values()):
        exam.learn(policy, seed)
        watch(number, 0.5)
        scores.append(score(exam.lists(policy, k), exam.asked))
        alone.append(_guarded(exam, policy) | {name: float(scores[-1][name][0]) for name in OVER_ALL})
        verdicts.append(replay.verdict(policy))
        watch(number, 1.0)
    both = _intervals(scores, exam.asked, seed)
    return [
        Judged(name, _with(measures, single), gains, verdict, policy.counts.first_error)
        for (name, policy), (measures, gains), single, verdict in zip(
            policies.items(), both, alone, verdicts, strict=True
        )
    ]


def _guarded(exam: Exam, policy: ContainedRecommender) -> dict[str, float]:
    """Return what the policy predicts; where it raises, nothing, and the fault is noted."""
    try:
        return exam.predictions(policy.policy)
    except Exception as error:  # whatever a plug-in raises is contained here
        policy.counts.note(error)
        return dict.fromkeys(PREDICTIONS, np.nan)


def _intervals(
    scores: Sequence[Mapping[str, Float]], asked: Task, seed: int
) -> list[tuple[dict[str, Interval], dict[str, Interval]]]:
    """Return per recommender its measures, and its gains over the first."""
    tables = [np.column_stack([one[name] for name in PER_USER]) for one in scores]
    values = np.hstack([*tables, *(table - tables[0] for table in tables)])
    counts = np.column_stack([asked.counts_for(name) for name in PER_USER])
    found = iter(intervals(values, np.tile(counts, 2 * len(tables)), seed))
    rows = [dict(zip(PER_USER, found, strict=False)) for _ in range(2 * len(tables))]
    return list(zip(rows[: len(tables)], rows[len(tables) :], strict=True))


def _with(measures: dict[str, Interval], single: Mapping[str, float]) -> dict[str, Interval]:
    return measures | {name: Interval(mean, np.nan, np.nan) for name, mean in single.items()}
