"""The same definitions as over all, summed over groups."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.metrics.cohort import TICKS_PER_HOUR, Cohort
from sim.metrics.livestreams import of_livestreams
from sim.metrics.long_form import by_group
from sim.metrics.ratio import CENTS, ratios
from sim.schema.counters import Counter

Float = NDArray[np.float64]
Codes = NDArray[np.integer]
Sum = Callable[[ArrayLike], Float]


def of_orders(cohort: Cohort, code: Codes, n: int) -> dict[str, Float]:
    """Return KPIs of the window's orders per group.

    Parameters
    ----------
    code : int[n_orders]
        The group of each order; -1 = in none.
    n : int
        Number of groups.

    Returns
    -------
    dict of str to float64[n]
        By the KPI's name.
    """
    total = _summing(code, n)
    delivered = cohort.delivered
    gmv, orders = total(cohort.value) / CENTS, total(np.ones(len(code)))
    due = (cohort.order("paid") >= 0) & ~cohort.called_off & (cohort.order("promised") <= cohort.replication.final.at)
    hours = (cohort.order("delivered") - cohort.order("placed")) / TICKS_PER_HOUR
    return {
        "orders": orders,
        "units_ordered": total(cohort.units),
        "gmv": gmv,
        "gmv_net": total(cohort.value * cohort.kept) / CENTS,
        "aov": ratios(gmv, orders),
        "return_rate_units": ratios(total(cohort.order("returned_units") * delivered), total(cohort.units * delivered)),
        "cancel_rate": ratios(total(cohort.called_off), orders),
        "on_time_rate": ratios(total(due & cohort.on_time), total(due)),
        "order_cycle_time_mean": ratios(total(hours * delivered), total(delivered)),
        "gross_margin": total((cohort.value - cohort.cost) * cohort.sold) / CENTS,
    }


def of_attempts(cohort: Cohort, group: Codes, n: int) -> dict[str, Float]:
    """Return how much of what was wanted was had at once, per group of offers.

    Attempts are the orders that are no second choice (nor, after waiting, a second try), what consumers found short
    in them, stockouts, and unmet demand; over all offers that is `fill_rate`, but for sessions that overlap an end
    of the window.

    Parameters
    ----------
    group : int[n_offers]
    """
    nothing, unmet, owed = cohort.stockouts, cohort.rows("unmet"), cohort.rows("backorder")
    attempt = (cohort.order("substitute") == 0) & (cohort.order("retried") == 0)
    per_order = _summing(group[cohort.order_offer], n)
    later = _summing(group[owed["offer"].to_numpy()], n)(owed["units"].to_numpy())
    had = per_order(cohort.units * attempt) - later
    short = later + per_order(cohort.order("short") * (attempt & cohort.browsed))
    short += _summing(group[nothing["offer"]], n)(nothing["value"])
    short += _summing(group[unmet["offer"].to_numpy()], n)(unmet["units"].to_numpy())
    return {"fill_rate": ratios(had, had + short), "unfilled_units": short}


def of_counters(counters: NDArray[np.int64]) -> dict[str, Float]:
    """Return KPIs of sessions and pages from the kernel's counters, int64[n, counters]."""
    impressions, clicks = counters[:, Counter.IMPRESSIONS], counters[:, Counter.CLICKS]
    sessions, ordered = counters[:, Counter.SESSIONS], counters[:, Counter.ORDERS]
    landings = counters[:, Counter.LANDINGS]
    return {
        "sessions": sessions.astype(np.float64),
        "slate_items": counters[:, Counter.SLATE_ITEMS].astype(np.float64),
        "impressions": impressions.astype(np.float64),
        "clicks": clicks.astype(np.float64),
        "carts": counters[:, Counter.CARTS].astype(np.float64),
        "ctr": ratios(clicks, impressions),
        "cvr": ratios(ordered, clicks + landings),
        "ctcvr": ratios(ordered, impressions + landings),
        "session_conversion": ratios(counters[:, Counter.SESSIONS_WITH_ORDER], sessions),
        "oos_impression_rate": ratios(counters[:, Counter.OOS_IMPRESSIONS], impressions),
        "lost_sales_units": counters[:, Counter.LOST_UNITS].astype(np.float64),
    }


def of_shelves(cohort: Cohort, n_nodes: int) -> dict[str, Float]:
    """Return KPIs of the stock per node."""
    opening, closing, ledger = cohort.replication.opening, cohort.replication.closing, cohort.world.stock
    total = _summing(ledger.node, n_nodes)
    cost = cohort.world.truth.offers["unit_cost"][ledger.offer]
    key_time = total(np.full(len(ledger), float(cohort.span)))
    bare = ratios(total(closing.bare - opening.bare), key_time)
    return {
        "inventory_value_mean": total((closing.held - opening.held) * (cost / cohort.span)) / CENTS,
        "stockout_rate_node": bare,
        "ready_rate": 1 - bare,
        "backorder_units_mean": total(closing.owed - opening.owed) / cohort.span,
    }


def of_livestreams_each(groups: Sequence[pd.DataFrame]) -> dict[str, Float]:
    """Return the KPIs of each group of livestreams."""
    return by_group([of_livestreams(rows) for rows in groups])


def _summing(code: Codes, n: int) -> Sum:
    """Return a function that sums numbers per group; the last, nameless group is dropped."""
    place = np.where(code < 0, n, code)

    def total(numbers: ArrayLike) -> Float:
        return np.asarray(np.bincount(place, np.asarray(numbers, np.float64), n + 1)[:n], np.float64)

    return total
