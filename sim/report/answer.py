"""A comparison's answer in one sentence, with its interval, its price, and honesty where nothing can be told."""

from collections.abc import Sequence
from difflib import get_close_matches
from math import isnan

from sim.errors import ScenarioError
from sim.metrics import DEFINITIONS, MEASURED
from sim.report.figures import count, figure, p_value, percent, plus_minus, shown_unit
from sim.study.compare import Comparison

ALPHA = 0.05


def check_kpi(name: str, twins: bool = False) -> None:
    """Refuse a name that is no KPI, or one that only twin worlds tell where there are none."""
    if name not in DEFINITIONS:
        close = get_close_matches(name, DEFINITIONS, n=1)
        raise ScenarioError("--kpi", f"no KPI {name!r}", f"Did you mean {close[0]!r}?" if close else "")
    if name not in MEASURED and not twins:
        raise ScenarioError("--kpi", f"{name} is told by twin worlds only", "Add --twins.")


def answers(kpi: str, comparisons: Sequence[Comparison]) -> list[str]:
    """Return one sentence per pair of arms, in order."""
    pairs: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons:
        pairs.setdefault((one.a, one.b), []).append(one)
    labels = list(dict.fromkeys(label for pair in pairs for label in pair))
    called = dict(zip(labels, short_labels(labels), strict=True))
    return [answer(kpi, pair, called[a], called[b]) for (a, b), pair in pairs.items()]


def answer(kpi: str, pair: Sequence[Comparison], a: str, b: str) -> str:
    """Return what the pair says about ``kpi``.

    Parameters
    ----------
    pair : sequence of Comparison
        All KPIs of arm B against arm A.
    a, b : str
        What to call the arms.
    """
    found = {one.kpi: one for one in pair}
    if kpi not in found or found[kpi].paired.difference.n == 0:
        return f"{kpi} is missing in {a} or in {b}: nothing to compare."
    one = found[kpi]
    difference = one.paired.difference
    if difference.n < 2:
        return f"One replication tells nothing about the difference in {kpi} between {a} and {b}: ask for more."
    if difference.mean == 0 and difference.sd == 0:
        return f"{b} and {a} have the very same {kpi} in {count(difference.n, 'replication')}."
    if abs(difference.mean) <= difference.half_width or difference.mean == 0:
        return _undecided(one, a, b)
    return f"{b} {_moved(one)} {kpi} than {a} ({_p(one)}){_price(one, pair)}."


def short_labels(labels: Sequence[str]) -> list[str]:
    """Return ``item_knn`` of ``recommender=item_knn``, where all arms set that one key alone."""
    parts = [label.partition("=") for label in labels]
    keys = {key for key, _, _ in parts}
    single = all("=" not in value and value for _, _, value in parts)
    return [value for _, _, value in parts] if len(keys) == 1 and single else list(labels)


def _undecided(one: Comparison, a: str, b: str) -> str:
    difference = one.paired.difference
    return (
        f"Whether {b} or {a} has the higher {one.kpi} cannot be told from {count(difference.n, 'replication')}: "
        f"the difference is {_relative(one)} ({_p(one)}), and the interval contains zero."
    )


def _moved(one: Comparison) -> str:
    """Return such as ``earns 3.1 % ± 0.6 % more``."""
    up = one.paired.difference.mean > 0
    if _is_earned(one.kpi):
        return f"earns {_relative(one, signed=False)} {'more' if up else 'less'}"
    return f"has {_relative(one, signed=False)} {'higher' if up else 'lower'}"


def _relative(one: Comparison, signed: bool = True) -> str:
    """Return the difference in per cent of A's mean; in the KPI's own unit where that is not positive."""
    difference, base = one.paired.difference, one.paired.a
    mean = difference.mean if signed else abs(difference.mean)
    if base > 0:
        return percent(mean / base, difference.half_width / base)
    unit = DEFINITIONS[one.kpi].unit if one.kpi in DEFINITIONS else ""
    shown = f"{figure(mean, difference.half_width, unit)} ± {plus_minus(mean, difference.half_width, unit)}"
    return f"{shown} {shown_unit(unit)}".rstrip()


def _p(one: Comparison) -> str:
    shown = p_value(one.paired.p_value)
    return f"p {shown}" if shown.startswith("<") else f"p = {shown}"


def _price(main: Comparison, pair: Sequence[Comparison]) -> str:
    """Return what moved the other way most, of the tests that stand after Holm."""
    won = _gain(main) > 0
    against = [one for one in pair if one.kpi != main.kpi and one.p_holm < ALPHA and one.paired.a > 0]
    against = [one for one in against if (_gain(one) < 0) == won and _gain(one) != 0]
    if not against or not _gain(main):
        return ""
    most = max(against, key=lambda one: abs(one.paired.difference.mean) / one.paired.a)
    change = percent(abs(most.paired.difference.mean) / most.paired.a)
    higher = "higher" if most.paired.difference.mean > 0 else "lower"
    return f", at {change} {higher} {most.kpi}" if won else f", although its {most.kpi} is {change} {higher}"


def _gain(one: Comparison) -> float:
    """Return the difference counted as better; 0 where neither way is better."""
    better = DEFINITIONS[one.kpi].better if one.kpi in DEFINITIONS else ""
    mean = one.paired.difference.mean
    return 0.0 if not better or isnan(mean) else mean if better == "up" else -mean


def _is_earned(kpi: str) -> bool:
    return kpi in ("gmv", "gmv_net") or kpi.startswith("profit_")
