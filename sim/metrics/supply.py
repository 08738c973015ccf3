"""What was ordered from brands: whether and when it came, and how much orders swing more than demand."""

import math

import numpy as np
import pandas as pd

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import mean, ratio
from sim.schema.clock import TICKS_PER_MINUTE

DEFINITIONS = define(
    "supply",
    (
        "cycle_service_level",
        "share",
        "up",
        "replenishment cycles (from one receipt to the next) in which the offer never ran out / cycles",
    ),
    (
        "bullwhip",
        "ratio",
        "down",
        "variance of what is ordered per day / variance of the demand seen per day; overall: merchants",
    ),
    (
        "supplier_otif",
        "share",
        "up",
        "orders to brands received in full by the agreed time / orders whose agreed time has come",
    ),
    ("lead_time_mean", "minutes", "down", "from the order to the shelf, mean over orders of the window received"),
    ("lead_time_cv", "ratio", "down", "standard deviation / mean of the same"),
)
ECHELONS = {"merchants": ("ordered", "wanted"), "brands": ("made", "ordered")}
"""What each echelon orders, and the demand it sees."""


def supply(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of replenishment."""
    lead_times = _lead_times(cohort)
    found = {
        "cycle_service_level": 1 - mean(cohort.rows("receipt")["ran_out"].to_numpy()),
        "bullwhip": bullwhip(cohort)["merchants"],
        "supplier_otif": _otif(cohort),
        "lead_time_mean": mean(lead_times),
        "lead_time_cv": math.nan,
    }
    if len(lead_times) > 1:
        found["lead_time_cv"] = ratio(float(np.std(lead_times, ddof=1)), float(np.mean(lead_times)))
    return found


def bullwhip(cohort: Cohort) -> dict[str, float]:
    """Return the bullwhip per echelon, from the days that lie in the window."""
    days = cohort.days_closed("demand_day").groupby("time")[["wanted", "ordered", "made"]].sum()
    if len(days) < 2:
        return dict.fromkeys(ECHELONS, math.nan)
    variance = days.var()
    return {name: ratio(float(variance[out]), float(variance[seen])) for name, (out, seen) in ECHELONS.items()}


def _lead_times(cohort: Cohort) -> np.ndarray:
    came = cohort.rows("receipt", "ordered")
    minutes: np.ndarray = (came["time"] - came["ordered"]).to_numpy() / TICKS_PER_MINUTE
    return minutes


def _otif(cohort: Cohort) -> float:
    """Compare what was ordered per (key, instant) with what had come by the agreed time."""
    ordered = cohort.rows("purchase")
    ordered = ordered[ordered["due"] <= cohort.replication.final.at]
    came = cohort.table("receipt")
    came = came[came["time"] <= came["due"]]
    wanted = _per_order(ordered, "time")
    had = _per_order(came, "ordered").reindex(wanted.index, fill_value=0)
    return mean((had >= wanted).to_numpy())


def _per_order(rows: pd.DataFrame, instant: str) -> "pd.Series[int]":
    return rows.groupby([rows["key"], rows[instant].rename("ordered")])["units"].sum()
