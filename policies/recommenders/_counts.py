"""How much a content is liked: decayed, weighted counts of what consumers did with it."""

import numpy as np

from policies.recommenders._shelves import Shelves, shelves, unranked
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, Single

MINUTES_PER_DAY = 1440.0
WEIGHT = {Act.CLICK: 1.0, Act.CART: 3.0, Act.ORDER: 10.0}
"""A cart tells more than a click, an order more than a cart; assumed."""


def popular(log: BehaviourLog, catalogue: CatalogueView, half_life_days: float) -> Shelves:
    """Return the shelves in order of popularity.

    The feed counts what was done on that very content, mall and search whatever led to the offer.
    """
    acts = np.zeros(max(Act) + 1)
    acts[list(WEIGHT)] = list(WEIGHT.values())
    weight = acts[log.act] * 0.5 ** ((log.until - log.minute) / (half_life_days * MINUTES_PER_DAY))
    feed = _counted(log.content, weight, catalogue.n_contents)
    offers = _counted(log.offer, weight, catalogue.n_offers)
    prior = unranked(catalogue)
    prior_offers = prior[prior < catalogue.n_offers]
    return shelves(catalogue, _ranked(prior, feed), _ranked(prior_offers, offers))


def _counted(ids: Int, weight: np.ndarray, n: int) -> Single:
    real = (ids >= 0) & (weight > 0)
    return np.bincount(ids[real], weight[real], minlength=n).astype(np.float32)


def _ranked(prior: Int, score: Single) -> Int:
    """Return ``prior`` by descending score; ties stay as they were."""
    return prior[np.argsort(-score[prior], kind="stable")]
