"""Offers that were first listed during the window."""

import numpy as np

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import ratio

TRIAL_DAYS = 30

DEFINITIONS = define(
    "launches",
    (
        "launch_success_rate",
        "share",
        "up",
        f"offers listed in the window, {TRIAL_DAYS} days or more before the horizon, whose orders of the first "
        f"{TRIAL_DAYS} days reach their first lot (opening stock, or else the first receipt) / such offers with a lot",
    ),
    (
        "launch_writeoff_share",
        "share",
        "down",
        "goods of offers listed in the window that came back and were written off / goods stocked for them, at cost",
    ),
)


def launches(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of new offers."""
    return {"launch_success_rate": _success(cohort), "launch_writeoff_share": _write_offs(cohort)}


def _success(cohort: Cohort) -> float:
    listed = cohort.world.truth.offers["listed"]
    trial = TRIAL_DAYS * TICKS_PER_DAY
    new = (listed >= cohort.start) & (listed + trial <= cohort.end)
    early = cohort.order("placed") < listed[cohort.order_offer] + trial
    sold = np.bincount(cohort.order_offer[early], cohort.units[early], len(listed))
    lot = _first_lots(cohort)
    return ratio(int((new & (lot > 0) & (sold >= lot)).sum()), int((new & (lot > 0)).sum()))


def _first_lots(cohort: Cohort) -> np.ndarray:
    """Return units per offer: what it opened with, or what came first."""
    receipts = cohort.table("receipt").sort_values("time", kind="stable").drop_duplicates("offer")
    lots = _opening(cohort)
    first = receipts["offer"].to_numpy()
    lots[first] = np.where(lots[first] > 0, lots[first], receipts["units"].to_numpy())
    return lots


def _opening(cohort: Cohort) -> np.ndarray:
    stock = cohort.world.stock
    opened = np.zeros(len(stock.offers), np.int64)
    np.add.at(opened, stock.offer, stock.opening)
    return opened


def _write_offs(cohort: Cohort) -> float:
    offers = cohort.world.truth.offers
    new = (offers["listed"] >= cohort.start) & (offers["listed"] < cohort.end)
    receipts, returns = cohort.table("receipt"), cohort.table("return")
    stocked = _opening(cohort)
    np.add.at(stocked, receipts["offer"].to_numpy(), receipts["units"].to_numpy())
    gone = returns[returns["fate"] == "written_off"]
    wasted = np.zeros(len(offers), np.int64)
    np.add.at(wasted, gone["offer"].to_numpy(), gone["units"].to_numpy())
    cost = np.where(new, offers["unit_cost"], 0)
    return ratio(int((wasted * cost).sum()), int((stocked * cost).sum()))
