"""What a learned ranker knows of contents and consumers at a minute: arrays, made anew from the log at each fit."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._counts import MINUTES_PER_DAY, counted, weighed
from policies.recommenders._neighbours import Lists, baskets, neighbours
from policies.recommenders._tastes import Double, Long
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, Float, Int, Single, Small

PRIOR_LOOKS = 20.0
"""Impressions at the average rate that every content is given before its own are counted; assumed."""
PRIOR_ACTS = 20.0
"""The same for acts per category within a segment."""
SHRINKAGE = 10.0
"""Of the similarity of neighbours."""


class Known(NamedTuple):
    """Named arrays, which kernels take as they are.

    Attributes
    ----------
    liked, offer_liked : float64[n_contents], float64[n_offers]
        ``ln(1 + decayed, weighted acts)``.
    click_rate : float64[n_contents]
        ``ln(rate / average rate)`` of clicks per impression, drawn towards 0 where there are few.
    segment_taste : float64[n_segments, n_categories]
        ``ln(share of the segment's acts / share of all acts)``, drawn towards 0 where there are few.
    held_start, held : int64, int32
        What each consumer acted on, newest first.
    followed_start, followed : int64, int32
        The creators that each consumer follows, by the log.
    near_start, near, similarity : int64, int32, float32
        Neighbours of each content.
    log_price, usual_price : float64[n_offers], float64[n_categories]
        ``ln list price``, and its median in each category.
    groups : int64[4]
        How many categories, brands, merchants and creators there are.
    """

    liked: Double
    offer_liked: Double
    click_rate: Double
    segment_taste: Double
    held_start: Long
    held: Int
    followed_start: Long
    followed: Int
    near_start: Long
    near: Int
    similarity: Single
    log_price: Double
    usual_price: Double
    groups: Long
    kind: Small
    offer: Int
    creator: Int
    listed: Float
    category: Int
    brand: Int
    merchant: Int
    segment: Int


def known(log: BehaviourLog, catalogue: CatalogueView, half_life_days: float, near: int) -> Known:
    """Return what the log tells, as of its end."""
    weight = weighed(log) * 0.5 ** ((log.until - log.minute) / (half_life_days * MINUTES_PER_DAY))
    held = baskets(log, catalogue.n_consumers, catalogue.n_contents)
    follows = _follows(log, catalogue)
    alike, similarity = neighbours(held, catalogue.n_contents, near, SHRINKAGE)
    return Known(
        np.log1p(counted(log.content, weight, catalogue.n_contents)),
        np.log1p(counted(log.offer, weight, catalogue.n_offers)),
        _click_rate(log, catalogue.n_contents),
        _segment_taste(log, weight, catalogue),
        held.start, held.member, follows.start, follows.member, alike.start, alike.member, similarity,
        *_prices(catalogue),
        np.array([ids.max(initial=-1) + 1 for ids in _grouped(catalogue)], np.int64),
        *(np.ascontiguousarray(getattr(catalogue, name)) for name in Known._fields[14:]),
    )  # fmt: skip


def before(log: BehaviourLog, minute: float) -> BehaviourLog:
    """Return the log as it was at an earlier minute."""
    if log.visible is not None:
        return replace(log.rows(log.visible < minute), until=minute)
    return replace(log.rows(slice(int(np.searchsorted(log.minute, minute)))), until=minute)


def _click_rate(log: BehaviourLog, n_contents: int) -> Double:
    """Only consumers whose impressions are logged count: of the others clicks alone are known."""
    looks = log.act == Act.IMPRESSION
    watched = np.zeros(log.consumer.max(initial=-1) + 1, bool)
    watched[log.consumer[looks]] = True
    clicks = (log.act == Act.CLICK) & watched[log.consumer] if len(log) else looks
    shown = np.bincount(log.content[looks], minlength=n_contents)
    clicked = np.bincount(log.content[clicks], minlength=n_contents)
    average = (clicked.sum() + 1.0) / (shown.sum() + 10.0)
    rate: Double = np.log((clicked + PRIOR_LOOKS * average) / (shown + PRIOR_LOOKS) / average)
    return rate


def _segment_taste(log: BehaviourLog, weight: NDArray[np.float64], catalogue: CatalogueView) -> Double:
    n_categories = int(catalogue.category.max(initial=-1)) + 1
    counts = np.zeros((int(catalogue.segment.max(initial=0)) + 1, n_categories))
    rows = (log.offer >= 0) & (weight > 0)
    np.add.at(counts, (catalogue.segment[log.consumer[rows]], catalogue.category[log.offer[rows]]), weight[rows])
    overall = (counts.sum(axis=0) + 1.0) / (counts.sum() + n_categories)
    share = (counts + PRIOR_ACTS * overall) / (counts.sum(axis=1, keepdims=True) + PRIOR_ACTS)
    taste: Double = np.log(share / overall)
    return taste


def _prices(catalogue: CatalogueView) -> tuple[Double, Double]:
    """Return the ln list price of each offer, and its median in each category; 0 where a category is empty."""
    price: Double = np.log(np.maximum(catalogue.list_price, 1))
    order = np.argsort(catalogue.category, kind="stable")
    each = np.split(price[order], np.cumsum(np.bincount(catalogue.category))[:-1]) if len(price) else []
    return price, np.array([np.median(prices) if len(prices) else 0.0 for prices in each])


def _grouped(catalogue: CatalogueView) -> tuple[Int, ...]:
    return catalogue.category, catalogue.brand, catalogue.merchant, catalogue.creator


def _follows(log: BehaviourLog, catalogue: CatalogueView) -> Lists:
    rows = np.flatnonzero((log.act == Act.FOLLOW) & (log.content >= 0))
    creator = catalogue.creator[log.content[rows]]
    pairs = np.unique(np.stack((log.consumer[rows], creator), axis=1)[creator >= 0], axis=0)
    counts = np.bincount(pairs[:, 0], minlength=catalogue.n_consumers)
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Lists(start, np.ascontiguousarray(pairs[:, 1], np.int32))
