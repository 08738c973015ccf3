"""What happened in the rooms."""

import math

import pandas as pd

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, ratio
from sim.schema.clock import TICKS_PER_MINUTE

DEFINITIONS = define(
    "livestreams",
    ("livestreams", "count", "", "livestreams that began in the window"),
    ("peak_concurrency", "count", "up", "most viewers at once in any of them"),
    ("watch_minutes", "minutes", "up", "minutes watched, by all viewers"),
    ("gpm", "money", "up", "1000 x revenue of the allotments / views (entries)"),
    ("sell_through", "share", "up", "units sold / units allotted"),
    ("followers_gained", "count", "up", "followers the creators gained while live"),
)


def livestreams(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of all livestreams of the window."""
    return of_livestreams(cohort.rows("livestream", "began"))


def of_livestreams(shows: pd.DataFrame) -> dict[str, float]:
    """Return the KPIs of some livestreams."""
    revenue, views = int(shows["revenue"].sum()) / CENTS, int(shows["entries"].sum())
    return {
        "livestreams": len(shows),
        "peak_concurrency": int(shows["peak"].max()) if len(shows) else math.nan,
        "watch_minutes": int(shows["watched"].sum()) / TICKS_PER_MINUTE,
        "gpm": ratio(1000 * revenue, views),
        "sell_through": ratio(int(shows["sold"].sum()), int(shows["allotted"].sum())),
        "followers_gained": int(shows["followers_gained"].sum()),
    }
