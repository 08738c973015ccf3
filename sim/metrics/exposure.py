"""Who is seen: how impressions spread over offers, merchants and creators; over all, and by day."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.inequality import entropy, gini
from sim.metrics.long_form import Part, by_group
from sim.metrics.ratio import ratio, ratios
from sim.metrics.survival import median_time

Long = NDArray[np.int64]
Bool = NDArray[np.bool_]

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
    (
        "small_merchant_exposure",
        "share",
        "",
        "share of these impressions on offers of the half of the merchants that has the fewest offers",
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
    seen = per_offer(cohort, cohort.replication.exposure.sum(axis=0))
    return _spread(cohort, slice(None)) | {
        "new_item_time_to_first_sale": _first_sales(cohort),
        "merchant_exposure_disparity": _disparity(cohort, seen),
    }


def by_day(cohort: Cohort) -> Part:
    """Return how impressions spread on each day; where the counters span several, under the first of each span."""
    days, span = cohort.calendar, cohort.replication.bucket_days
    buckets = range(days.start // span, -(-days.stop // span))
    found = [_spread(cohort, slice(bucket, bucket + 1)) for bucket in buckets]
    return Part("day", [str(max(days.start, bucket * span)) for bucket in buckets], by_group(found))


def seen_new(cohort: Cohort) -> Long:
    """Return the impressions on new offers per bucket of days."""
    listed, span = cohort.world.truth.offers["listed"], cohort.replication.bucket_days * TICKS_PER_DAY
    began = span * np.arange(len(cohort.replication.exposure))
    newest = began - NEW_DAYS * TICKS_PER_DAY
    per_bucket = zip(cohort.replication.exposure, newest.tolist(), strict=True)
    return np.array([per_offer(cohort, seen)[listed > since].sum() for seen, since in per_bucket], np.int64)


def per_offer(cohort: Cohort, seen: Long) -> Long:
    """Return impressions per offer, from those per content."""
    offer = cohort.world.truth.contents["offer"]
    named = offer >= 0
    return np.bincount(offer[named], seen[named], len(cohort.world.truth.offers)).astype(np.int64)


def is_small(cohort: Cohort) -> Bool:
    """Tell of each offer whether its merchant is of the half that has the fewest offers, bool[n_offers]."""
    order = _by_size(cohort)
    small = np.zeros(len(order), bool)
    small[order[(len(order) + 1) // 2 :]] = True
    return np.asarray(small[cohort.world.truth.offers["merchant"]])


def _spread(cohort: Cohort, buckets: slice) -> dict[str, float]:
    """Return how the impressions of some buckets of days spread."""
    seen = cohort.replication.exposure[buckets].sum(axis=0)
    offers = per_offer(cohort, seen)
    total = int(offers.sum())
    contents = cohort.world.truth.contents
    shown = contents["creator"] >= 0
    n_creators = len(cohort.world.cast.creator_name)
    return {
        "gini_exposure": gini(offers),
        "entropy_exposure": entropy(offers),
        "new_item_exposure": ratio(int(cohort.once(seen_new)[buckets].sum()), total),
        "small_merchant_exposure": ratio(int(offers[cohort.once(is_small)].sum()), total),
        "merchant_exposure_gini": gini(_per_merchant(cohort, offers)),
        "creator_exposure_gini": gini(np.bincount(contents["creator"][shown], seen[shown], n_creators)),
    }


def _per_merchant(cohort: Cohort, offers: Long) -> np.ndarray:
    merchant = cohort.world.truth.offers["merchant"]
    return np.bincount(merchant, offers, len(cohort.world.cast.merchant_name))


def _by_size(cohort: Cohort) -> Long:
    """Return the merchants in descending order of how many offers they have, of equals the smaller id first."""
    many = np.bincount(cohort.world.truth.offers["merchant"], minlength=len(cohort.world.cast.merchant_name))
    return np.argsort(-many, kind="stable")


def _first_sales(cohort: Cohort) -> float:
    """Return the median wait for the first order; an offer not sold by the horizon has waited at least till then."""
    listed = cohort.world.truth.offers["listed"]
    first = np.full(len(listed), cohort.end)
    np.minimum.at(first, cohort.order_offer, cohort.order("placed"))
    new = (listed >= cohort.start) & (listed < cohort.end)
    wait = (first - listed)[new] / TICKS_PER_DAY
    return median_time(wait, first[new] < cohort.end)


def _disparity(cohort: Cohort, offers: Long) -> float:
    merchant = cohort.world.truth.offers["merchant"]
    n = len(cohort.world.cast.merchant_name)
    ordered = np.bincount(merchant[cohort.order_offer[cohort.browsed]], minlength=n)
    seen = _per_merchant(cohort, offers)
    groups = np.array_split(_by_size(cohort), SIZE_GROUPS)
    exposed = np.array([seen[group].sum() for group in groups])
    merit = np.array([ordered[group].sum() for group in groups])
    disparity = ratios(exposed / max(1, exposed.sum()), merit / max(1, merit.sum()))
    return float(np.nanmax(disparity)) if merit.any() and exposed.any() else math.nan
