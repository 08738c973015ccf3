"""The same worlds under different policies: differences with their intervals, pair by pair."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.metrics import headline
from sim.study.run import RunResult
from sim.study.statistics import Paired, holm, paired


@dataclass(frozen=True, slots=True)
class Comparison:
    """One KPI of arm ``b`` against arm ``a``, paired by replication.

    Attributes
    ----------
    kpi : str
    a, b : str
        Labels of the arms; differences are ``b - a``.
    paired : Paired
    p_holm : float
        Adjusted for all headline KPIs of the pair; NaN for a KPI outside the headline, which is no test.
    """

    kpi: str
    a: str
    b: str
    paired: Paired
    p_holm: float


def compare(arms: Sequence[RunResult], tested: Sequence[str] | None = None) -> list[Comparison]:
    """Compare every arm with the first, on every KPI that both have.

    Parameters
    ----------
    tested : sequence of str, optional
        The KPIs that count as tests; each pair's p-values are adjusted over them.  Left out: the headline.
    """
    base, *others = arms
    tested = [name for _, names in headline for name in names] if tested is None else tested
    return [one for other in others for one in _pair(base, other, tested)]


def _pair(a: RunResult, b: RunResult, tested: Sequence[str]) -> list[Comparison]:
    left, right = a.kpis.align(b.kpis, join="inner")
    found = {name: paired(left[name], right[name]) for name in left.columns}
    of_test = [name for name in found if name in tested]
    adjusted = dict(zip(of_test, holm([found[name].p_value for name in of_test]).tolist(), strict=True))
    return [
        Comparison(name, a.plan.label, b.plan.label, one, adjusted.get(name, np.nan)) for name, one in found.items()
    ]
