"""How recommenders did on a log, for the terminal and as plain values."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from sim.offline.asked import Evaluation
from sim.offline.bootstrap import Interval
from sim.offline.evaluate import Judged
from sim.offline.score import PER_USER
from sim.report.click_rates import CLICK_RATES, click_rates, number, verdict_json
from sim.report.figures import MISSING, count, figure
from sim.report.terminal import Screen

SHARES = ("ndcg", "recall", "precision", "hit_rate", "mrr", "map", "coverage")
SHOWN = (*SHARES, "gini", "diversity", "novelty", "popularity_lift", "rmse", "auc", "f1")
FEW_USERS = 30
"""Fewer are too few for a bootstrap over users."""
LEGEND = (
    "Means over users with 95 % bootstrap intervals; the six of ranking and coverage in %. What a user had met before "
    "is taken out of its list. gini and coverage are of all lists together; diversity needs text or categories."
)


def show_evaluation(asked: Evaluation, judged: Sequence[Judged], noted: bool = True) -> None:
    """Print a row per measure and a column per recommender; then what the log says of their click rates."""
    screen = Screen()
    log = asked.log
    head = f"{log.name}  {count(len(log), 'row')}  {count(len(log.users), 'user')}  {count(len(log.items), 'item')}"
    screen.show(Text(f"{head}  split by {asked.how.kind}, {asked.how.k} places", style="bold"))
    table = Table(box=screen.frame, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(Text("measure"), no_wrap=True)
    for name in _short(judged):
        table.add_column(Text(name), justify="right")
    for name in SHOWN:
        cells = [_cell(name, one.measures[name]) for one in judged]
        if any(cell != MISSING for cell in cells):
            table.add_row(*map(Text, (name, *cells)))
        if name == "ndcg":
            gains = [MISSING, *(_cell(name, one.gains[name]) for one in judged[1:])]
            table.add_row(*map(Text, (f"  over {_short(judged)[0]}", *gains)))
    screen.show(table)
    screen.show(Text(answer(asked, judged), style="bold"))
    verdicts = {name: one.verdict for name, one in zip(_short(judged), judged, strict=True) if one.verdict}
    if verdicts:
        screen.show(click_rates(verdicts, screen.frame))
    for line in _notes(asked, judged) if noted else ():
        screen.show(Text(line, style="dim"))


def answer(asked: Evaluation, judged: Sequence[Judged]) -> str:
    """Return a sentence on which recommender ranks best, and how far the first one is from it."""
    best = max(judged, key=lambda one: np.nan_to_num(one.measures["ndcg"].mean, nan=-1.0))
    said = f"{best.name} ranks best: nDCG {_cell('ndcg', best.measures['ndcg'])} %"
    if best is judged[0]:
        return f"{said}."
    gain = best.gains["ndcg"]
    clear = "clearly above" if gain.low > 0 and _n_judged(asked) >= FEW_USERS else "not clearly above"
    return f"{said}, {clear} {judged[0].name} ({100 * gain.low:+.2f} to {100 * gain.high:+.2f} points)."


def evaluation_json(asked: Evaluation, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return all of it as plain values; what is missing is null."""
    log = asked.log
    return {
        "log": log.name,
        "rows": len(log),
        "users": len(log.users),
        "items": len(log.items),
        "users_judged": _n_judged(asked),
        "split": asked.how.kind,
        "k": asked.how.k,
        "recommenders": [
            {
                "recommender": one.name,
                "measures": {name: _plain(value) for name, value in one.measures.items()},
                "gains": {name: _plain(one.gains[name]) for name in PER_USER},
                "off_policy": None if one.verdict is None else verdict_json(one.verdict),
                "first_error": one.first_error,
            }
            for one in judged
        ],
    }


def _short(judged: Sequence[Judged]) -> list[str]:
    """Return what columns are called: the kind alone where that tells them apart."""
    kinds = [one.name.partition(",")[0] for one in judged]
    return [kind if kinds.count(kind) == 1 else one.name for kind, one in zip(kinds, judged, strict=True)]


def _cell(name: str, value: Interval) -> str:
    scale = 100.0 if name in SHARES else 1.0
    if np.isnan(value.mean):
        return MISSING
    half = (value.high - value.low) / 2 * scale
    shown = figure(scale * value.mean, half)
    if np.isnan(half):
        return shown
    return f"{shown} ({figure(scale * value.low, half)} to {figure(scale * value.high, half)})"


def _notes(asked: Evaluation, judged: Sequence[Judged]) -> Iterator[str]:
    yield LEGEND
    if (n := _n_judged(asked)) < FEW_USERS:
        yield f"Only {count(n, 'user')} turned to something new after the split: intervals from so few are too narrow."
    if any(one.verdict for one in judged):
        yield CLICK_RATES
    for one in judged:
        if one.first_error:
            yield f"{one.name}: popularity stood in where it failed. First fault: {one.first_error}"


def _n_judged(asked: Evaluation) -> int:
    """Return how many users had something to be found: they are what means are over."""
    return len(asked.exam.asked.users)


def _plain(value: Interval) -> dict[str, float | None]:
    return {"mean": number(value.mean), "low": number(value.low), "high": number(value.high)}
