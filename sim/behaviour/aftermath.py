"""After the order: its luck on the way, what a delivery does to trust, the review, the return.  Pure functions."""

import math

import numpy as np

from sim.scenario.behaviour import AfterDelivery, Trust
from sim.schema.compiled import compiled
from sim.schema.draws import extend, uniform

GOOD_MATCH = 0.5
"""A match beyond this, in standard deviations, disappoints (below minus this) or delights."""


@compiled
def luck(root: np.uint64, consumer: int, number: int, purpose: int, offer: int) -> float:
    """Return the order's own uniform number for a purpose: the same in every arm, whatever else an arm changes."""
    session = extend(extend(root, np.uint64(consumer)), np.uint64(number))
    drawn: float = uniform(session, purpose, offer)
    return drawn


def trust_after(trust: float, late: bool, match: float, moves: Trust) -> float:
    """Return a consumer's trust after a delivery."""
    trust += float(moves.late if late else moves.on_time)
    if match > GOOD_MATCH:
        trust += float(moves.good_match)
    elif match < -GOOD_MATCH:
        trust += float(moves.bad_match)
    return min(1.0, max(0.0, trust))


def stars(late: bool, match: float, luck: float, habits: AfterDelivery) -> int:
    """Return a rating of 1 to 5; rounded up or down by ``luck`` so that its mean is what was felt."""
    felt = float(habits.stars_late if late else habits.stars_on_time) + float(habits.stars_match) * match
    return int(min(5, max(1, math.floor(felt + luck))))


def return_chance(rate: float, match: float, live: bool, habits: AfterDelivery) -> float:
    """Return the probability that a delivered line comes back, from its category's rate at an average match."""
    if rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    logit = math.log(rate / (1.0 - rate)) + float(habits.return_match) * match
    if live:
        logit += float(habits.return_live)
    return 1.0 / (1.0 + math.exp(-logit))
