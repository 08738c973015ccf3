"""What there is for those whom nobody knows yet: new offers, small merchants, new consumers.

Orders are all of the window's.  The click rate is measured where impressions are logged, a sample of consumers, and
leaves out what advertisements opened.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.exposure import NEW_DAYS, is_small, per_offer, seen_new
from sim.metrics.groups import of_attempts, of_orders
from sim.metrics.history import HISTORIES, histories
from sim.metrics.long_form import Columns, Part
from sim.metrics.ratio import ratios
from sim.schema.kinds import Act, Surface
from sim.world.state import Rows

Codes = NDArray[np.integer]

AGES = ("old", "new")
SIZES = ("large", "small")
PAIR = 2
LANDED = -1
"""The page of a click on an advertisement."""
_ORDERED = ("orders", "units_ordered", "gmv", "gmv_net", "aov", "return_rate_units", "cancel_rate", "gross_margin")


def by_newcomers(cohort: Cohort) -> Iterator[Part]:
    """Return KPIs by the age of offers when they were seen and ordered, by merchants' size, by consumers' history."""
    seen, logged = _seen(cohort), cohort.once(_logged)
    new = int(cohort.once(seen_new).sum())
    age = _ordered(cohort, _ages(cohort, cohort.order_offer, cohort.order("placed")))
    age["impressions"] = np.array([seen.sum() - new, new], np.float64)
    yield Part("item_age", AGES, age | _clicked(logged, _ages(cohort, logged["offer"], logged["time"])))

    small = cohort.once(is_small).astype(np.int64)
    size = _ordered(cohort, small[cohort.order_offer]) | of_attempts(cohort, small, PAIR)
    size["impressions"] = np.bincount(small, seen, PAIR).astype(np.float64)
    yield Part("merchant_size", SIZES, size | _clicked(logged, np.append(small, -1)[logged["offer"]]))

    rows = cohort.world.orders.rows[cohort.orders]
    whose = np.where(cohort.browsed, histories(cohort, rows, "placed"), -1)
    yield Part("history", HISTORIES, _ordered(cohort, whose) | _clicked(logged, histories(cohort, logged)))


def _ordered(cohort: Cohort, code: Codes) -> Columns:
    found = of_orders(cohort, code, PAIR)
    return {name: found[name] for name in _ORDERED}


def _clicked(logged: Rows, code: Codes) -> Columns:
    """Return the click rate of each of two groups of logged looks and clicks; -1 = in none."""
    clicks = logged["act"] == Act.CLICK
    looks, clicked = (np.bincount(code[which & (code >= 0)], minlength=PAIR) for which in (~clicks, clicks))
    return {"ctr": ratios(clicked, looks)}


def _ages(cohort: Cohort, offer: Codes, time: NDArray[np.int64]) -> Codes:
    """Return which of `AGES` offers had at some time; -1 for no offer."""
    listed = cohort.world.truth.offers["listed"][offer]
    return np.where(offer < 0, -1, time - listed < NEW_DAYS * TICKS_PER_DAY)


def _seen(cohort: Cohort) -> NDArray[np.int64]:
    return per_offer(cohort, cohort.replication.exposure.sum(axis=0))


def _logged(cohort: Cohort) -> Rows:
    """Return the looks and clicks of the window, of consumers whose impressions are logged."""
    acts = cohort.replication.acts
    within = acts[slice(*np.searchsorted(acts["time"], (cohort.start, cohort.end)))]
    kind, live = within["act"], within["surface"] == Surface.LIVE
    chosen = (kind == Act.IMPRESSION) | ((kind == Act.CLICK) & ((within["page"] != LANDED) | live))
    rows = within[chosen]
    logged: Rows = rows[cohort.world.truth.consumers["logged"][rows["consumer"]] == 1]
    return logged
