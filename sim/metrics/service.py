"""How the recommender answered: in what time, how often not at all, and what was wrong with its answers."""

import math

import numpy as np

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.long_form import Part
from sim.metrics.ratio import ratio
from sim.policy.faults import SeamFaults

_PERCENTILES = (50, 95, 99)

DEFINITIONS = define(
    "running",
    *(
        (
            f"recommender_latency_p{percent}",
            "ms of real time",
            "down",
            f"percentile {percent} over the calls to a service, each with its retries, those given up included; whole "
            "run; missing where no service is asked",
        )
        for percent in _PERCENTILES
    ),
    ("recommender_timeouts", "count", "down", "calls of the recommender that passed their deadline, whole run"),
    ("recommender_errors", "count", "down", "calls of the recommender that raised or were not answered, whole run"),
    ("recommender_malformed", "count", "down", "pages whose answer was nonsense, whole run"),
    ("recommender_fallback_share", "share", "down", "pages that the fallback answered / pages asked for, whole run"),
    (
        "recommender_faults",
        "count",
        "down",
        "by kind alone, of recommenders that tell kinds apart: calls for what ended a call, pages for what was wrong "
        "with a page or kept it from being asked for; whole run",
    ),
    (
        "recommender_told",
        "count",
        "",
        "by count alone, of recommenders that count something themselves, such as what a shadow would have shown; "
        "whole run",
    ),
)


def service(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of the recommender's answers."""
    counts = _counts(cohort)
    return _latency(counts.latency) | {
        "recommender_timeouts": counts.late,
        "recommender_errors": counts.raised,
        "recommender_malformed": counts.malformed,
        "recommender_fallback_share": ratio(counts.served_by_fallback, counts.asked),
    }


def by_kind(cohort: Cohort) -> Part:
    """Return the faults by kind."""
    kinds = dict(sorted(_counts(cohort).kinds.items()))
    return Part("kind", list(kinds), {"recommender_faults": np.array(list(kinds.values()), np.float64)})


def by_count(cohort: Cohort) -> Part:
    """Return what the recommender counts of itself."""
    told = dict(sorted(_counts(cohort).told.items()))
    return Part("count", list(told), {"recommender_told": np.array(list(told.values()), np.float64)})


def _counts(cohort: Cohort) -> SeamFaults:
    return cohort.replication.faults.seams.get("recommender", SeamFaults())


def _latency(milliseconds: list[float]) -> dict[str, float]:
    names = [f"recommender_latency_p{percent}" for percent in _PERCENTILES]
    found = np.percentile(milliseconds, _PERCENTILES).tolist() if milliseconds else [math.nan] * len(names)
    return dict(zip(names, found, strict=True))
