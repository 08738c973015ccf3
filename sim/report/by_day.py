"""KPIs in which a recommender's loop shows itself, day by day, in a table no wider than a terminal."""

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from sim.metrics import DEFINITIONS
from sim.report.figures import figure

LOOP = (
    "ndcg_at_10", "coverage_at_10", "gini_exposure", "intra_list_diversity", "novelty", "popularity_lift",
    "similarity_nearest", "homogenisation",
)  # fmt: skip
MOST_DAYS = 6
"""Shown: the first, the last, and some between."""


def day_table(rows: pd.DataFrame, frame: box.Box | None) -> Table | None:
    """Return the means over replications by day; None where there are fewer than two days.

    Parameters
    ----------
    rows : DataFrame
        The replications' KPIs in long form.
    """
    by_day = rows[(rows["dimension"] == "day") & rows["name"].isin(LOOP)]
    means = by_day.astype({"key": int}).groupby(["name", "key"])["value"].mean().unstack()
    means = means.dropna(how="all")
    if means.shape[1] < 2:
        return None
    table = Table(box=frame, pad_edge=False, show_edge=False, padding=(0, 0 if frame else 1, 0, 0))
    table.add_column(Text("by day"), no_wrap=True)
    chosen = spaced(means.shape[1])
    for day in means.columns[chosen]:
        table.add_column(Text(f"day {day}"), justify="right", no_wrap=True)
    for name in (name for name in LOOP if name in means.index):
        values = means.loc[name].to_numpy(float)[chosen].tolist()
        table.add_row(Text(f"  {name}"), *(figure(value, unit=DEFINITIONS[name].unit) for value in values))
    return table


def spaced(days: int, most: int = MOST_DAYS) -> list[int]:
    """Return places out of so many, evenly spaced, the first and the last among them."""
    if days <= most:
        return list(range(days))
    return [round(i * (days - 1) / (most - 1)) for i in range(most)]
