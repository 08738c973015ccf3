"""The creators: how many follow them, what they are about, what they ask for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.world.distinct import draw_distinct, pick
from sim.world.goods import Goods
from sim.world.streams import Stream
from sim.world.topics import TOPICS, centre_of, draw_mixtures, unit

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]
Single = NDArray[np.float32]

COMMISSION_SPREAD = 0.25
"""Creators and offers ask and give up to about this share more or less than the mean."""
MOST_COMMISSION = 0.9
LARGEST_REACH = 1e9


@dataclass(frozen=True, slots=True)
class Creators:
    """Column i belongs to creator i; number 0 has the largest reach.

    Attributes
    ----------
    reach : float64[n]
        Relative size of the following, at least 1; heavy-tailed.
    topic : float32[n, d]
        What a creator is about, in the space of the items' vectors.
    commission : float64[n]
        Share of the price that the creator asks for.
    """

    names: tuple[str, ...]
    reach: Float
    topic: Single
    commission: Float


def make_creators(scenario: Scenario, stream: Stream, goods: Goods) -> Creators:
    """Return the creators, in descending order of reach (Pareto)."""
    rules, n = scenario.creators, scenario.creators.count
    luck = stream("creators.reach").random(n)
    reach = np.minimum((1.0 - luck) ** (-1.0 / float(rules.reach_exponent)), LARGEST_REACH)
    return Creators(
        names=tuple(f"creator-{i}" for i in range(n)),
        reach=np.sort(reach)[::-1],
        topic=_topics(rules.topics, n, stream, goods),
        commission=draw_commissions(scenario, stream("creators.commission"), n),
    )


def draw_commissions(scenario: Scenario, rng: np.random.Generator, n: int) -> Float:
    """Return shares of the price around the scenario's mean: a symmetric beta law on its neighbourhood."""
    mean = float(scenario.creators.commission)
    return np.clip(mean * (1.0 + COMMISSION_SPREAD * 2.0 * (rng.beta(2.0, 2.0, n) - 0.5)), 0.0, MOST_COMMISSION)


def _topics(mean: int, n: int, stream: Stream, goods: Goods) -> Single:
    """Return the centred mean of as many mixtures as a creator has categories; large categories have more."""
    n_categories = len(goods.categories)
    weights = np.bincount(goods.category, minlength=n_categories).astype(np.float64)
    counts = np.full(n, min(mean, n_categories), np.int64)
    rng = stream("creators.categories")
    creator, category = draw_distinct(counts, n_categories, lambda rows: pick(rng, weights, len(rows)))
    mixtures = draw_mixtures(stream("creators.topics"), category.astype(np.int32), n_categories)
    total = np.zeros((n, len(TOPICS)))
    np.add.at(total, creator, mixtures)
    if not n:
        return total.astype(np.float32)
    return unit(total.astype(np.float32)) - centre_of(goods.mixture)
