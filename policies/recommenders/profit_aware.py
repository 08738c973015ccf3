"""What pays, among what is liked."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._inside import Holder
from policies.recommenders._rerank import Goods, head, relevance, reranked
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class ProfitAware(Holder):
    """Re-rank another policy's candidates by relevance times margin.

    ``score = relevance * (margin / largest margin among the candidates) ** weight``, where ``relevance =
    1 / log2(2 + rank)`` in the base's ranking and ``margin = price * (1 - commission) - unit cost``, cents at the
    price shown now; the commission is paid where a video or a room shows the offer.  What loses money comes last.

    Parameters
    ----------
    base : recommender
        Whose ranking is re-ranked.
    weight : float
        0 leaves the base's order; 1 is expected margin, if relevance is proportional to the chance of an order.
    candidates : int, contents
        How deep the base's ranking is re-ranked; what lies behind follows unchanged.

    References
    ----------
    Chen, Hsu, Chen & Hsu, Developing recommender systems with the consideration of product profitability for
    sellers, Information Sciences 178 (2008); Jannach & Adomavicius, Price and profit awareness in recommender
    systems, VAMS 2017; the discount: Järvelin & Kekäläinen, TOIS 20 (2002).
    """

    base: Recommender = field(default_factory=ItemKnn)
    weight: Annotated[float, Field(ge=0, le=4)] = 0.5
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Note costs and commissions."""
        super().begin(rng, catalogue)
        self._note(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the base learn."""
        super().fit(log, catalogue)
        self._note(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the re-ranked list."""
        goods, view = self._state.goods, requests.view
        ranked = head(self.base, requests, k, self.candidates, len(goods.offer))
        score = _scores(
            ranked.content, relevance(self.candidates), goods.shown_now(view), goods.first_room, self._state.commission,
            self._state.unit_cost, view.price, view.room_price, self.weight,
        )  # fmt: skip
        return ranked.pages(reranked(ranked.content, score, requests.page, k))

    def _note(self, catalogue: CatalogueView) -> None:
        self._state.goods = Goods(catalogue)
        self._state.unit_cost, self._state.commission = catalogue.unit_cost.copy(), catalogue.commission.copy()


@allocating
def _scores(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, relevance, offer, first_room, commission, unit_cost, price, room_price, weight
):
    n, candidates = len(content), len(relevance)
    score = np.zeros((n, candidates), np.float32)
    margin = np.empty(candidates)
    n_offers = len(unit_cost)
    for i in range(n):
        largest = 0.0
        for rank in range(candidates):
            c = content[i, rank]
            margin[rank] = 0.0
            if c >= 0 and offer[c] >= 0:
                paid = float(room_price[c - first_room] if c >= first_room else price[offer[c]])
                kept = paid if c < n_offers else paid * (1.0 - commission[offer[c]])
                margin[rank] = max(kept - unit_cost[offer[c]], 0.0)
            largest = max(largest, margin[rank])
        for rank in range(candidates):
            share = margin[rank] / largest if largest > 0 else 1.0
            score[i, rank] = relevance[rank] * share**weight
    return score
