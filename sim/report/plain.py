"""Results as JSON: what programs read on stdout.  What is missing is null, never NaN."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from sim.study.compare import Comparison
from sim.study.run import RunResult
from sim.study.statistics import Estimate


def run_json(result: RunResult) -> dict[str, Any]:
    """Return a run's result as plain values."""
    return {
        "scenario": result.plan.scenario.name,
        "hash": result.plan.hash,
        "replications": result.replications,
        "kpis": _kpis(result.estimates()),
        **({"twins": [one.hash for one in result.twins]} if result.twins else {}),
        **({} if result.reproducible else {"reproducible": False}),
    }


def compare_json(
    arms: Sequence[RunResult], comparisons: Sequence[Comparison], answers: Sequence[str]
) -> dict[str, Any]:
    """Return a comparison as plain values: the first arm as a run, every arm by its label, and the differences."""
    return {
        **run_json(arms[0]),
        "arms": [{"label": arm.plan.label, **run_json(arm)} for arm in arms],
        "comparisons": [_comparison(one) for one in comparisons],
        "answers": list(answers),
    }


def dump(values: Mapping[str, Any]) -> str:
    """Return strict JSON."""
    return json.dumps(values, indent=2, allow_nan=False, default=str)


def _kpis(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, float | int | None]]:
    return {
        name: {
            "mean": _number(one.mean), "half_width": _number(one.half_width), "n": one.n, "sd": _number(one.sd)
        }
        for name, one in estimates.items()
    }  # fmt: skip


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "kpi": one.kpi,
        "a": one.a,
        "b": one.b,
        "difference": _number(one.paired.difference.mean),
        "half_width": _number(one.paired.difference.half_width),
        "p_value": _number(one.paired.p_value),
        "p_holm": _number(one.p_holm),
        "variance_ratio": _number(one.paired.variance_ratio),
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
