"""What was on the shelves, and what was not."""

import numpy as np

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, ratio
from sim.schema.counters import Counter

DEFINITIONS = define(
    "stock",
    (
        "fill_rate",
        "share",
        "up",
        "units had at once / units tried to buy, by consumers and by demand that comes by itself; hiding stock "
        "raises it: read it beside oos_impression_rate",
    ),
    ("unfilled_units", "units", "down", "units tried to buy and not had at once; some come later or are replaced"),
    ("ready_rate", "share", "up", "time with units on hand / time, over ledger keys (SKU, node)"),
    ("stockout_rate", "share", "down", "offer-time with nothing available to promise / offer-time live"),
    ("stockout_rate_node", "share", "down", "time with nothing on hand / time, over ledger keys (SKU, node)"),
    ("lost_sales_units", "units", "down", "units wanted and never had: short, left, shrugged off, or unmet"),
    ("lost_sales_value", "money", "down", "the same, at the price shown"),
    ("backorder_units_mean", "units", "down", "units owed to customers who wait, average over time"),
    ("waste_units", "units", "down", "units of the window's orders that came back unsellable and were written off"),
)


def stock(cohort: Cohort) -> dict[str, float]:
    """Return the stock KPIs."""
    return _service(cohort) | _availability(cohort) | _waste(cohort)


def _service(cohort: Cohort) -> dict[str, float]:
    unmet = cohort.rows("unmet")
    by_itself, short = int(cohort.units[~cohort.browsed].sum()), int(unmet["units"].sum())
    wanted = cohort.count(Counter.INTENTS) + by_itself + short
    had = cohort.count(Counter.SATISFIED) + by_itself - int(cohort.rows("backorder")["units"].sum())
    return {
        "fill_rate": ratio(had, wanted),
        "unfilled_units": wanted - had,
        "lost_sales_units": cohort.count(Counter.LOST_UNITS) + short,
        "lost_sales_value": (cohort.count(Counter.LOST_CENTS) + int(unmet["value"].sum())) / CENTS,
    }


def _availability(cohort: Cohort) -> dict[str, float]:
    opening, closing = cohort.replication.opening, cohort.replication.closing
    bare = int((closing.bare - opening.bare).sum())
    keys = len(closing.bare) * cohort.span
    live = np.clip(cohort.end - np.maximum(cohort.world.truth.offers["listed"], cohort.start), 0, None)
    empty = np.minimum(closing.empty - opening.empty, live)  # empty before it was listed: nobody missed it
    owed = int((closing.owed - opening.owed).sum())
    return {
        "ready_rate": ratio(keys - bare, keys),
        "stockout_rate": ratio(int(empty.sum()), int(live.sum())),
        "stockout_rate_node": ratio(bare, keys),
        "backorder_units_mean": ratio(owed, cohort.span),
    }


def _waste(cohort: Cohort) -> dict[str, float]:
    back = cohort.table("return")
    wasted = back[(back["fate"] == "written_off") & np.isin(back["order"], cohort.orders)]
    return {"waste_units": int(wasted["units"].sum())}
