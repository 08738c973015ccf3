"""What costs what this consumer usually looks at."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import WEIGHT
from policies.recommenders._inside import Holder
from policies.recommenders._rerank import Goods, head, relevance, reranked
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class PriceBand(Holder):
    """Re-rank another policy's candidates: what lies outside a consumer's usual price band is worth less.

    The band is ``mean +- width * sd`` of log list prices that the consumer clicked, carted and ordered (weights
    1, 3, 10), both drawn towards those of all consumers as by ``prior`` clicks.  ``score = relevance`` inside,
    ``outside * relevance`` outside, at the price shown now; ``relevance = 1 / log2(2 + rank)``.

    Parameters
    ----------
    base : recommender
        Whose ranking is re-ranked.
    width : float, standard deviations
        Half the band's width.
    outside : float
        Worth of a content outside the band; 0 puts it last.
    prior : float, clicks
        How much history it takes to move a consumer's band half way from everybody's.
    candidates : int, contents
        How deep the base's ranking is re-ranked; what lies behind follows unchanged.

    References
    ----------
    Shrinkage of means and variances: Gelman et al., Bayesian Data Analysis (2013), section 3.3; the discount:
    Järvelin & Kekäläinen, TOIS 20 (2002).
    """

    base: Recommender = field(default_factory=ItemKnn)
    width: Annotated[float, Field(gt=0, le=10)] = 1.0
    outside: Annotated[float, Field(ge=0, le=1)] = 0.5
    prior: Annotated[float, Field(gt=0)] = 10.0
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nobody's band: everything is inside."""
        super().begin(rng, catalogue)
        self._state.goods = Goods(catalogue)
        everything = np.full(catalogue.n_consumers, np.inf)
        self._state.low, self._state.high = -everything, everything

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Estimate every consumer's band anew, from the whole log."""
        super().fit(log, catalogue)
        self._state.goods = Goods(catalogue)
        self._state.low, self._state.high = bands(log, catalogue, self.width, self.prior)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the re-ranked list."""
        goods, view = self._state.goods, requests.view
        ranked = head(self.base, requests, k, self.candidates, len(goods.offer))
        score = _scores(
            ranked.content, relevance(self.candidates), goods.shown_now(view), goods.first_room, view.price,
            view.room_price, self._state.low[requests.consumer], self._state.high[requests.consumer], self.outside,
        )  # fmt: skip
        return ranked.pages(reranked(ranked.content, score, requests.page, k))


def bands(log: BehaviourLog, catalogue: CatalogueView, width: float, prior: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest usual price of each consumer, cents."""
    acts = np.zeros(max(Act) + 1)
    acts[list(WEIGHT)] = list(WEIGHT.values())
    rows = np.flatnonzero((acts[log.act] > 0) & (log.offer >= 0))
    if len(rows) == 0:
        everything = np.full(catalogue.n_consumers, np.inf)
        return -everything, everything
    who, weight = log.consumer[rows], acts[log.act[rows]]
    paid = np.log(np.maximum(catalogue.list_price[log.offer[rows]], 1))
    usual = np.average(paid, weights=weight)
    spread = np.average((paid - usual) ** 2, weights=weight)
    n = catalogue.n_consumers
    total = np.bincount(who, weight, minlength=n)
    mean = (np.bincount(who, weight * paid, minlength=n) + prior * usual) / (total + prior)
    off = np.bincount(who, weight * (paid - mean[who]) ** 2, minlength=n)
    sd = np.sqrt((off + prior * spread) / (total + prior))
    return np.exp(mean - width * sd), np.exp(mean + width * sd)


@allocating
def _scores(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, relevance, offer, first_room, price, room_price, low, high, outside
):
    n, candidates = len(content), len(relevance)
    score = np.zeros((n, candidates), np.float32)
    for i in range(n):
        for rank in range(candidates):
            c = content[i, rank]
            score[i, rank] = relevance[rank]
            if c >= 0 and offer[c] >= 0:
                paid = room_price[c - first_room] if c >= first_room else price[offer[c]]
                if not low[i] <= paid <= high[i]:
                    score[i, rank] = relevance[rank] * outside
    return score
