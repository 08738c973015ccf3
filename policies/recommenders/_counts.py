"""How much a content is liked: decayed, weighted counts of what consumers did with it."""

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._shelves import Shelves, shelves, unranked
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, Single

MINUTES_PER_DAY = 1440.0
RARELY = 0.02
"""The least propensity that is believed: one below it would let a single row outweigh fifty."""
WEIGHT = {Act.CLICK: 1.0, Act.CART: 3.0, Act.ORDER: 10.0}
"""A cart tells more than a click, an order more than a cart; assumed."""


def popular(
    log: BehaviourLog,
    catalogue: CatalogueView,
    half_life_days: float,
    window_days: float | None = None,
    inverse_propensity: bool = False,
) -> Shelves:
    """Return the shelves in order of popularity.

    The feed counts what was done on that very content, mall and search whatever led to the offer.  Acts older than
    the window, if there is one, do not count.
    """
    feed, offers = orders(log, catalogue, half_life_days, window_days, inverse_propensity)
    return shelves(catalogue, feed, offers)


def popular_per_segment(
    log: BehaviourLog,
    catalogue: CatalogueView,
    half_life_days: float,
    window_days: float | None = None,
    inverse_propensity: bool = False,
) -> tuple[Shelves, ...]:
    """Return shelves for each segment of consumers, by what its own did; among equals by what all did."""
    prior = orders(log, catalogue, half_life_days, window_days, inverse_propensity)
    segment = catalogue.segment[log.consumer]
    each = []
    for one in range(int(catalogue.segment.max(initial=-1)) + 1):
        own = log.rows(segment == one)
        order = orders(own, catalogue, half_life_days, window_days, inverse_propensity, prior)
        each.append(shelves(catalogue, *order))
    return tuple(each)


def orders(
    log: BehaviourLog,
    catalogue: CatalogueView,
    half_life_days: float,
    window_days: float | None = None,
    inverse_propensity: bool = False,
    prior: tuple[Int, Int] | None = None,
) -> tuple[Int, Int]:
    """Return contents and offers by popularity; ties stay as in ``prior``, else as they rank unknown."""
    weight = weighed(log) * 0.5 ** ((log.until - log.minute) / (half_life_days * MINUTES_PER_DAY))
    if window_days is not None:
        weight = np.where(log.until - log.minute <= window_days * MINUTES_PER_DAY, weight, 0.0)
    if inverse_propensity:
        weight = weight * inverse(log.propensity)
    contents, offers = prior or unknown(catalogue)
    by_content = counted(log.content, weight, catalogue.n_contents).astype(np.float32)
    by_offer = counted(log.offer, weight, catalogue.n_offers).astype(np.float32)
    return ranked(contents, by_content), ranked(offers, by_offer)


def unknown(catalogue: CatalogueView) -> tuple[Int, Int]:
    """Return contents and offers as they rank before anything is known of them."""
    contents = unranked(catalogue)
    return contents, contents[contents < catalogue.n_offers]


def weighed(log: BehaviourLog) -> NDArray[np.float64]:
    """Return the weight of each row's act; 0 for what is no sign of liking."""
    acts = np.zeros(max(Act) + 1)
    acts[list(WEIGHT)] = list(WEIGHT.values())
    return acts[log.act]


def inverse(propensity: Single) -> NDArray[np.float64]:
    """Return what rows count where each stands for those that chance left out: 1 where none is known."""
    weight: Single = np.maximum(np.nan_to_num(propensity, nan=1.0), RARELY)
    return (1.0 / weight).astype(np.float64)


def counted(ids: Int, weight: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return the sum of weights per id; -1 is nobody's."""
    real = (ids >= 0) & (weight > 0)
    return np.bincount(ids[real], weight[real], minlength=n).astype(np.float64)


def ranked(prior: Int, score: Single) -> Int:
    """Return ``prior`` by descending score; ties stay as they were."""
    return prior[np.argsort(-score[prior], kind="stable")]
