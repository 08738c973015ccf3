"""Simulated against real, for the terminal and as plain values."""

from math import isnan
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from sim.report.figures import MISSING, figure, shown_unit
from sim.report.terminal import Screen
from sim.scenario.scenario import Scenario

VERDICTS = {True: "within", False: "beyond"}


def show_against(facts: pd.DataFrame, scenario: Scenario) -> None:
    """Print the facts of `sim.data.against.against`, and in a sentence how many are within their tolerance."""
    assert scenario.real is not None
    join = scenario.real.join
    tables = f"{scenario.real.from_}, {join.from_}" if join else str(scenario.real.from_)
    screen = Screen()
    screen.show(Text(f"simulated against real  {tables}", style="bold"))
    screen.show(against_table(facts, screen.frame))
    screen.show(Text(verdict(facts), style="bold"))


def against_table(facts: pd.DataFrame, frame: box.Box | None) -> Table:
    """Return a row per fact: both values, how far apart, how far is well, and whether it is."""
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(Text("fact"), no_wrap=True)
    for name in ("real", "simulated", "unit", "distance", "allowed", "measure", ""):
        table.add_column(Text(name), justify="left" if name in ("unit", "measure", "") else "right")
    for fact in facts.to_dict("records"):
        style = "bold red" if fact["within"] is False else ""
        table.add_row(*(Text(cell) for cell in _cells(fact)), style=style)
    return table


def verdict(facts: pd.DataFrame) -> str:
    """Return which of the facts that have a tolerance are beyond it."""
    asked = facts[facts["tolerance"].notna()]
    beyond = [f"{row.fact} {row.key}".strip() for row in asked.itertuples() if row.within is False]
    untold = [f"{row.fact} {row.key}".strip() for row in asked.itertuples() if row.within is None]
    well = len(asked) - len(beyond) - len(untold)
    parts = [f"{well} of {len(asked)} facts are within their tolerance"]
    parts += [f"beyond it: {', '.join(beyond)}"] if beyond else []
    parts += [f"too few orders to tell: {', '.join(untold)}"] if untold else []
    return "; ".join(parts) + "."


def against_json(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the facts as plain values; what is no number is null."""
    return [{str(name): _plain(value) for name, value in fact.items()} for fact in facts.to_dict("records")]


def _cells(fact: dict[Any, Any]) -> tuple[str, ...]:
    unit = fact["unit"]
    return (
        f"{fact['fact']} {fact['key']}".strip(),
        figure(fact["real"], unit=unit),
        figure(fact["simulated"], unit=unit),
        shown_unit(unit),
        _distance(fact["distance"]),
        MISSING if isnan(fact["tolerance"]) else f"{fact['tolerance']:g}",
        fact["measure"],
        VERDICTS.get(fact["within"], ""),
    )


def _distance(value: float) -> str:
    return MISSING if isnan(value) else f"{value:.3f}"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value
