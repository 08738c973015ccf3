"""How likely a click is on contents that are named, by what a learned ranker knows."""

import numpy as np

from policies.recommenders._examples import N_RECENT, profiles
from policies.recommenders._features import columns
from policies.recommenders._known import Known
from policies.recommenders._ranker import Model
from policies.recommenders._tastes import Double
from sim.schema.kinds import Surface
from sim.schema.recommending import Float, Int

AT_ONCE = 4096
"""Pairs whose features are held in memory at once."""


def click_probabilities(model: Model, then: Known, history: int, consumer: Int, content: Int, minute: Float) -> Double:
    """Return the probability of a click on each content were the consumer shown it in the feed, at list price."""
    pieces = [np.empty(0)]
    for begin in range(0, len(consumer), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        who, what = consumer[part], content[part]
        offer = then.offer[what]
        nothing = np.full((len(who), N_RECENT), -1, np.int32)
        profile, affinity = profiles(who, nothing, what, history, then)
        price = np.where(offer >= 0, np.exp(then.log_price[offer]), 0.0)
        feed = np.full(len(who), Surface.FEED, np.int8)
        features = columns(
            profile, what[:, None], offer[:, None], price[:, None], affinity[:, None], who, minute[part], feed, then
        )
        pieces.append(model.probability(features)[:, 0])
    return np.concatenate(pieces)
