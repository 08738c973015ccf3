"""Who is seen: how impressions spread over offers, merchants and creators."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.inequality import entropy, gini
from sim.metrics.ratio import ratio, ratios
from sim.metrics.survival import median_time

Long = NDArray[np.int64]

NEW_DAYS = 7
SIZE_GROUPS = 4
_SEEN = "impressions of offers, shown as such or in a video (what rooms show is left out)"

DEFINITIONS = define(
    "exposure",
    ("gini_exposure", "ratio", "", f"Gini over the whole catalogue of {_SEEN}"),
    ("entropy_exposure", "bits", "", f"Shannon entropy of {_SEEN}"),
    (
        "new_item_exposure",
        "share",
        "",
        f"share of these impressions on offers listed less than {NEW_DAYS} days before the day they were made "
        "(before the bucket of days, in a very large world)",
    ),
    (
        "new_item_time_to_first_sale",
        "days",
        "down",
        "median days from listing to first order, offers listed in the window; those not sold yet are censored "
        "(Kaplan-Meier); missing where the median is not reached",
    ),
    ("merchant_exposure_gini", "ratio", "", "Gini over merchants of these impressions"),
    ("creator_exposure_gini", "ratio", "", "Gini over creators of the impressions of their videos and rooms"),
    (
        "merchant_exposure_disparity",
        "ratio",
        "down",
        "largest of (share of impressions / share of orders made in sessions) over four groups of merchants by "
        "number of offers: what consumers ordered stands for merit",
    ),
)


def exposure(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of exposure."""
    seen = cohort.replication.exposure.sum(axis=0)
    per_offer = _per_offer(cohort, seen)
    contents = cohort.world.truth.contents
    shown = contents["creator"] >= 0
    n_creators = len(cohort.world.cast.creator_name)
    return {
        "gini_exposure": gini(per_offer),
        "entropy_exposure": entropy(per_offer),
        "new_item_exposure": _new_items(cohort, int(per_offer.sum())),
        "new_item_time_to_first_sale": _first_sales(cohort),
        "merchant_exposure_gini": gini(_per_merchant(cohort, per_offer)),
        "creator_exposure_gini": gini(np.bincount(contents["creator"][shown], seen[shown], n_creators)),
        "merchant_exposure_disparity": _disparity(cohort, per_offer),
    }


def _per_offer(cohort: Cohort, seen: Long) -> Long:
    offer = cohort.world.truth.contents["offer"]
    named = offer >= 0
    return np.bincount(offer[named], seen[named], len(cohort.world.truth.offers)).astype(np.int64)


def _per_merchant(cohort: Cohort, per_offer: Long) -> np.ndarray:
    merchant = cohort.world.truth.offers["merchant"]
    return np.bincount(merchant, per_offer, len(cohort.world.cast.merchant_name))


def _new_items(cohort: Cohort, total: int) -> float:
    listed = cohort.world.truth.offers["listed"]
    new = 0
    for bucket, seen in enumerate(cohort.replication.exposure):
        began = bucket * cohort.replication.bucket_days * TICKS_PER_DAY
        new += int(_per_offer(cohort, seen)[listed > began - NEW_DAYS * TICKS_PER_DAY].sum())
    return ratio(new, total)


def _first_sales(cohort: Cohort) -> float:
    """Return the median wait for the first order; an offer not sold by the horizon has waited at least till then."""
    listed = cohort.world.truth.offers["listed"]
    first = np.full(len(listed), cohort.end)
    np.minimum.at(first, cohort.order_offer, cohort.order("placed"))
    new = (listed >= cohort.start) & (listed < cohort.end)
    wait = (first - listed)[new] / TICKS_PER_DAY
    return median_time(wait, first[new] < cohort.end)


def _disparity(cohort: Cohort, per_offer: Long) -> float:
    offers = cohort.world.truth.offers
    n = len(cohort.world.cast.merchant_name)
    ordered = np.bincount(offers["merchant"][cohort.order_offer[cohort.browsed]], minlength=n)
    seen = _per_merchant(cohort, per_offer)
    by_size = np.argsort(-np.bincount(offers["merchant"], minlength=n), kind="stable")
    groups = np.array_split(by_size, SIZE_GROUPS)
    exposed = np.array([seen[group].sum() for group in groups])
    merit = np.array([ordered[group].sum() for group in groups])
    disparity = ratios(exposed / max(1, exposed.sum()), merit / max(1, merit.sum()))
    return float(np.nanmax(disparity)) if merit.any() and exposed.any() else math.nan
