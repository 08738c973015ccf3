"""How methods of forecasting did, for the terminal and as plain values."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.table import Table
from rich.text import Text

from sim.metrics.forecast_errors import CLASSES, sku_class
from sim.report.figures import MISSING, count, figure, percent, plus_minus
from sim.report.terminal import Screen
from sim.study.backtest import MEASURES, Plan, Scores
from sim.study.demand_panel import DemandPanel
from sim.study.statistics import Estimate, estimate, holm, paired

Float = NDArray[np.float64]
Rows = NDArray[np.bool_]

ALPHA = 0.05
JUDGE = "rmsse"
"""Least for the mean, which is what methods are asked; absolute errors are least for the median, often no demand."""
LEGEND = (
    "Errors are means over items ± 95 %, scaled by what the seasonal naive forecast misses by in each item's past: "
    "under 1 is better than that. bias above 0: too much was forecast. *: the lowest RMSSE; =: not clearly worse "
    "(paired over items, Holm, 5 %). Not the lowest MASE: where demand is seldom, that is had by forecasting none."
)


def show_forecasts(
    name: str, panel: DemandPanel, plan: Plan, scores: Sequence[Scores], classes: bool = False, noted: bool = True
) -> None:
    """Print a row per method; with ``classes`` also one per class of demand; and what must be known of them."""
    screen = Screen()
    head = f"{name}  {count(len(panel), 'item')}  {count(panel.days, 'day')} from {panel.first}  {_when(plan)}"
    screen.show(Text(head, style="bold"))
    screen.show(_table(panel, plan, scores, classes, screen.frame))
    screen.show(Text(answer(scores), style="bold"))
    for line in notes(panel, scores) if noted else ():
        screen.show(Text(line, style="dim"))


def notes(panel: DemandPanel, scores: Sequence[Scores]) -> Iterator[str]:
    """Yield what must be known of the figures: what they are, items left out, faults, simpler methods."""
    yield LEGEND
    scored = int((~np.isnan(scores[0].measures["mase"])).sum())
    if scored < len(panel):
        why = "their demand never changes in the past, or is unknown in the days that are judged"
        yield f"{len(panel) - scored:,} of {count(len(panel), 'item')} count in no mean: {why}."
    if scored == 1:
        yield "One item has no half-widths: they are over items."
    for one in scores:
        if one.simpler:
            yield f"{one.method}: a simpler method made {percent(one.simpler / one.asked)} of its forecasts."
        if one.faults.first_error:
            share = percent(one.faults.served_by_fallback / max(one.faults.asked, 1))
            yield f"{one.method}: the fallback made {share} of its forecasts. First fault: {one.faults.first_error}"


def answer(scores: Sequence[Scores]) -> str:
    """Return a sentence on which method has the lowest {JUDGE.upper()}, and which are not clearly worse."""
    best = _best(scores)
    if best is None:
        return "No item can be judged."
    found = estimate(scores[best].measures[JUDGE])
    alike = [scores[i].method for i in _not_worse(scores, best) if i != best]
    said = f"{scores[best].method} has the lowest {JUDGE.upper()}, {figure(found.mean, found.half_width)}"
    others = f"; not clearly worse: {', '.join(alike)}" if alike else ", clearly" if len(scores) > 1 else ""
    return f"{said}{others}."


def forecasts_json(name: str, panel: DemandPanel, plan: Plan, scores: Sequence[Scores]) -> dict[str, Any]:
    """Return all of it as plain values; what is missing is null."""
    best = _best(scores)
    return {
        "data": name,
        "items": len(panel),
        "days": panel.days,
        "first": str(panel.first),
        "horizon": plan.horizon,
        "season": plan.season,
        "origins": [str(panel.first + np.timedelta64(until, "D")) for until in plan.origins],
        "best": None if best is None else scores[best].method,
        "methods": [_method_json(panel, plan, one) for one in scores],
    }


def _method_json(panel: DemandPanel, plan: Plan, one: Scores) -> dict[str, Any]:
    return {
        "method": one.method,
        **_measures_json(one, np.ones(len(panel), np.bool_)),
        "mase_by_day": [_number(estimate(day).mean) for day in one.by_day.T],
        "classes": {name: _measures_json(one, rows) for name, rows in _classes(panel, plan)},
        "simpler": one.simpler,
        "served_by_fallback": one.faults.served_by_fallback,
        "asked": one.asked,
        "first_error": one.faults.first_error,
    }


def _measures_json(one: Scores, rows: Rows) -> dict[str, Any]:
    found = {name: estimate(one.measures[name][rows]) for name in MEASURES}
    return {
        name: {"mean": _number(it.mean), "half_width": _number(it.half_width), "n": it.n, "sd": _number(it.sd)}
        for name, it in found.items()
    }


def _table(panel: DemandPanel, plan: Plan, scores: Sequence[Scores], classes: bool, frame: box.Box | None) -> Table:
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(Text("method"), no_wrap=True)
    for name in ("", "MASE", "RMSSE", "pinball 50 %", "pinball 90 %", "bias", "items"):
        table.add_column(Text(name), justify="right", no_wrap=True)
    best = _best(scores)
    alike = [] if best is None else _not_worse(scores, best)
    for i, one in enumerate(scores):
        mark = "*" if i == best else "=" if i in alike else ""
        everything = np.ones(len(panel), np.bool_)
        table.add_row(*map(Text, (one.method, mark, *_cells(one, everything))), style="bold" if i == best else "")
    for name, rows in _classes(panel, plan) if classes else ():
        if np.isnan(scores[0].measures["mase"][rows]).all():
            continue
        table.add_section()
        table.add_row(Text("no demand yet" if name == "none" else f"{name} demand", style="bold"))
        for one in scores:
            table.add_row(*map(Text, (f"  {one.method}", "", *_cells(one, rows))))
    return table


def _cells(one: Scores, rows: Rows) -> list[str]:
    found = [estimate(one.measures[name][rows]) for name in MEASURES]
    cells = [_with_half_width(it) for it in found]
    return [*cells, f"{found[0].n:,}"]


def _with_half_width(found: Estimate) -> str:
    if found.n == 0:
        return MISSING
    return f"{figure(found.mean, found.half_width)} ± {plus_minus(found.mean, found.half_width)}"


def _classes(panel: DemandPanel, plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Yield the classes that items belong to, as they look before the first forecast."""
    found = sku_class(panel.known()[:, : plan.origins[0]])
    for number, name in enumerate(CLASSES):
        if (found == number).any():
            yield name, found == number


def _best(scores: Sequence[Scores]) -> int | None:
    means = [estimate(one.measures[JUDGE]).mean for one in scores]
    return None if np.isnan(means).all() else int(np.nanargmin(means))


def _not_worse(scores: Sequence[Scores], best: int) -> list[int]:
    """Return the methods whose `JUDGE` does not clearly differ from the lowest."""
    others = [i for i in range(len(scores)) if i != best]
    own = scores[best].measures[JUDGE]
    p_values = holm([paired(own, scores[i].measures[JUDGE]).p_value for i in others])
    return [i for i, p in zip(others, p_values, strict=True) if not p < ALPHA]


def _when(plan: Plan) -> str:
    step = plan.origins[1] - plan.origins[0] if len(plan.origins) > 1 else 0
    apart = f", {count(step, 'day')} apart" if step else ""
    return f"{count(plan.horizon, 'day')} ahead from {count(len(plan.origins), 'origin')}{apart}"


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
