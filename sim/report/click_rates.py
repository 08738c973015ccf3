"""What a log's propensities say of recommenders' click rates, for the terminal and as plain values."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.box import Box
from rich.table import Table
from rich.text import Text

from sim.offline.off_policy import Value, Verdict
from sim.report.figures import MISSING, percent

CLICK_RATES = (
    "Click rates are of first pages, had users held out been shown them: what a recommender answers twice alike it "
    "shows with probability 1, and where it draws, with the share of its draws. In brackets the 95 % interval's width "
    "over the estimate. Intervals are by user; no weight is clipped. "
    "Effective clicks are the effective sample times SNIPS: under 10 of them, or 100 rows, are too few to trust."
)
ESTIMATES = ("ips", "snips", "dr")


def click_rates(verdicts: Mapping[str, Verdict], frame: Box | None) -> Table:
    """Return a row per recommender, and one of what the log itself got."""
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(Text("click rate"), no_wrap=True)
    for heading in (*(name.upper() for name in ESTIMATES), "effective sample", "clicks", "effective clicks"):
        table.add_column(Text(heading), justify="right")
    table.add_column(Text(""))
    for name, found in verdicts.items():
        rates = (_rate(getattr(found, estimate)) for estimate in ESTIMATES)
        sizes = (f"{found.effective:,.0f}", f"{found.rewards:,}", f"{found.effective_rewards:,.1f}")
        table.add_row(*map(Text, (name, *rates, *sizes, _doubt(found))))
    first = next(iter(verdicts.values()))
    table.add_row(*map(Text, ("the log's own", percent(first.logged), "", "", f"{first.rows:,}", f"{first.clicks:,}")))
    return table


def verdict_json(found: Verdict) -> dict[str, Any]:
    """Return a verdict as plain values."""
    return {
        **{name: _value_json(getattr(found, name)) for name in ESTIMATES},
        "mean_weight": number(found.overlap.mean),
        "effective_sample": number(found.effective),
        "largest_weight": number(found.largest),
        "logged": number(found.logged),
        "clicks": found.rewards,
        "effective_clicks": number(found.effective_rewards),
        "rows": found.rows,
        "weak": found.weak,
        "not_offered": found.elsewhere,
    }


def number(value: float) -> float | None:
    """Return a number as JSON has it."""
    return float(value) if np.isfinite(value) else None


def _value_json(value: Value) -> dict[str, float | None]:
    parts = {"mean": value.mean, "half_width": value.half_width, "relative_width": value.relative_width}
    return {name: number(part) for name, part in parts.items()}


def _rate(value: Value) -> str:
    """Return the estimate, its half-width and relative width; nothing where no click speaks of it."""
    if not np.isfinite(value.half_width):
        return MISSING
    width = value.relative_width
    return percent(value.mean, value.half_width) + (f" ({100 * width:.0f} %)" if np.isfinite(width) else "")


def _doubt(found: Verdict) -> str:
    """Return in words why an estimate is not to be trusted."""
    return "; ".join(_doubts(found))


def _doubts(found: Verdict) -> Iterator[str]:
    if found.weak:
        yield "too few to trust"
    if found.elsewhere:
        yield f"shows what the log did not offer (mean weight {found.overlap.mean:.2f}, not 1)"
