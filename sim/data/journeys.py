"""Facts of the way from the order to the door.  Orders come as `sim.data.orders` lays them out."""

from collections.abc import Iterator
from itertools import pairwise
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.data.distances import kolmogorov_smirnov, relative, wasserstein_over_iqr
from sim.data.fact import Fact, mean, quantile

Float = NDArray[np.float64]

BANDS_KM = (0, 50, 200, 500, 1000, 2000, 5000)
FEWEST = 30
"""Lines on both sides that a median with a tolerance is taken of."""
MEDIAN_WITHIN = 0.15
ONE_DAY = np.timedelta64(1, "D")


def transit_medians(real: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[Fact]:
    """Yield the median time from hand-over to door per band of great-circle distance, days."""
    for low, high in pairwise(BANDS_KM):
        own, other = (_days(_between(rows, low, high), "shipped", "delivered") for rows in (real, simulated))
        a, b = quantile(own, 0.5), quantile(other, 0.5)
        distance = relative(b, a) if min(len(own), len(other)) >= FEWEST else nan
        yield Fact("transit_median", f"{low}-{high} km", "days", a, b, "relative", distance, MEDIAN_WITHIN)


def transit(real: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[Fact]:
    """Yield the time from hand-over to door over all distances, days; the values are medians."""
    own, other = (_days(rows, "shipped", "delivered") for rows in (real, simulated))
    medians = (quantile(own, 0.5), quantile(other, 0.5))
    yield Fact("transit", "", "days", *medians, "KS", kolmogorov_smirnov(other, own))
    yield Fact("transit", "", "days", *medians, "W/IQR", wasserstein_over_iqr(other, own))


def waits(real: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[Fact]:
    """Yield the time from the order to the hand-over (median) and to the door (median and 90th percentile), days."""
    for name, until, share in (
        ("order_to_carrier_median", "shipped", 0.5),
        ("order_to_door_median", "delivered", 0.5),
        ("order_to_door_p90", "delivered", 0.9),
    ):
        a, b = (quantile(_days(rows, "placed", until), share) for rows in (real, simulated))
        yield Fact(name, "", "days", a, b, "relative", relative(b, a))


def lateness(real: pd.DataFrame, simulated: pd.DataFrame) -> Fact:
    """Return the share of delivered lines that came after they were promised."""
    a, b = (mean(_late(_with_promise(rows)).astype(float)) for rows in (real, simulated))
    return Fact("late_share", "", "share", a, b, "difference", abs(b - a))


def stars(real: pd.DataFrame, simulated: pd.DataFrame) -> Iterator[Fact]:
    """Yield the mean rating of lines that came on time, and of those that were late."""
    for name, late in (("on_time", False), ("late", True)):
        a, b = (mean(_ratings(_with_promise(rows), late)) for rows in (real, simulated))
        yield Fact(f"stars_{name}", "", "stars", a, b, "difference", abs(b - a))


def _between(rows: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    return rows[(rows["km"] >= low) & (rows["km"] < high)]


def _days(rows: pd.DataFrame, since: str, until: str) -> Float:
    """Return the time between two events, days, of the lines that had both."""
    days = (rows[until].to_numpy() - rows[since].to_numpy()) / ONE_DAY
    return np.asarray(days[~np.isnan(days)], np.float64)


def _with_promise(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the delivered lines for which a time was promised."""
    return rows[rows["delivered"].notna() & rows["promised"].notna()]


def _late(rows: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(rows["delivered"].to_numpy() > rows["promised"].to_numpy())


def _ratings(rows: pd.DataFrame, late: bool) -> Float:
    given = rows["stars"].to_numpy(np.float64)
    return np.asarray(given[(_late(rows) == late) & ~np.isnan(given)])
