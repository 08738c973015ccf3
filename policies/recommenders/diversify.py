"""Less of the same on one page."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._inside import Holder
from policies.recommenders._rerank import Goods, head, relevance
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates

SAME_CATEGORY, SAME_MERCHANT, SAME_BRAND, SAME_CREATOR = 0.5, 0.2, 0.2, 0.1
"""What two contents have in common, adding up to 1 at most; assumed."""


@dataclass(frozen=True)
class Diversify(Holder):
    """Re-rank another policy's candidates by maximal marginal relevance.

    Place after place takes the content of largest ``balance * relevance - (1 - balance) * likeness``, where
    ``relevance = 1 / log2(2 + rank)`` in the base's ranking, and likeness is to the most alike content placed
    before, on earlier pages too: 1 where both name the same offer, else 0.5 for the same category + 0.2 for the
    same merchant + 0.2 for the same brand + 0.1 for the same creator.

    Parameters
    ----------
    base : recommender
        Whose ranking is re-ranked.
    balance : float
        1 leaves the base's order; 0 looks at likeness alone.  Also called lambda.
    candidates : int, contents
        How deep the base's ranking is re-ranked; what lies behind follows unchanged.

    References
    ----------
    Carbonell & Goldstein, The use of MMR, diversity-based reranking for reordering documents and producing
    summaries, SIGIR 1998; the discount: Järvelin & Kekäläinen, TOIS 20 (2002).
    """

    base: Recommender = field(default_factory=ItemKnn)
    balance: Annotated[float, Field(ge=0, le=1)] = 0.7
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Note what contents have in common."""
        super().begin(rng, catalogue)
        self._note(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the base learn."""
        super().fit(log, catalogue)
        self._note(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the re-ranked list."""
        state = self._state
        ranked = head(self.base, requests, k, self.candidates, len(state.goods.offer))
        offer = state.goods.shown_now(requests.view)
        return ranked.pages(
            _pages(
                ranked.content, relevance(self.candidates), requests.page, k, offer, state.category, state.merchant,
                state.brand, state.creator, self.balance,
            )
        )  # fmt: skip

    def _note(self, catalogue: CatalogueView) -> None:
        state = self._state
        state.goods = Goods(catalogue)
        state.category, state.merchant = catalogue.category.copy(), catalogue.merchant.copy()
        state.brand, state.creator = catalogue.brand.copy(), catalogue.creator.copy()


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, relevance, page, k, offer, category, merchant, brand, creator, balance
):
    n, depth = content.shape
    candidates = min(len(relevance), depth)
    out = np.full((n, k), -1, np.int32)
    likeness = np.empty(candidates)
    left = np.empty(candidates, np.bool_)
    for i in range(n):
        place = -page[i] * k
        for rank in range(candidates):
            left[rank] = content[i, rank] >= 0
            likeness[rank] = 0.0
        while place < k:
            best = _next(left, likeness, relevance, balance)
            if best < 0:
                break
            left[best] = False
            chosen = content[i, best]
            if place >= 0:
                out[i, place] = chosen
            place += 1
            for rank in range(candidates):
                if left[rank]:
                    alike = _alike(chosen, content[i, rank], offer, category, merchant, brand, creator)
                    likeness[rank] = max(likeness[rank], alike)
        # what the base left empty among its candidates stays empty behind them: the rest keeps its places
        first = page[i] * k
        for place in range(max(candidates - first, 0), min(k, depth - first)):
            out[i, place] = content[i, first + place]
    return out


@inner
def _next(left, likeness, relevance, balance):  # type: ignore[no-untyped-def]  # as above
    """Return the rank of the largest marginal relevance, the first among equals; -1 where none is left."""
    best, largest = -1, np.float32(0.0)
    for rank in range(len(left)):
        if left[rank]:
            value = np.float32(balance * relevance[rank] - (1.0 - balance) * likeness[rank])
            if best < 0 or value > largest:
                best, largest = rank, value
    return best


@inner
def _alike(one, other, offer, category, merchant, brand, creator):  # type: ignore[no-untyped-def]  # as above
    a, b = offer[one], offer[other]
    alike = SAME_CREATOR if creator[one] >= 0 and creator[one] == creator[other] else 0.0
    if a < 0 or b < 0:
        return alike
    if a == b:
        return 1.0
    alike += SAME_CATEGORY if category[a] == category[b] else 0.0
    alike += SAME_MERCHANT if merchant[a] == merchant[b] else 0.0
    return alike + (SAME_BRAND if brand[a] == brand[b] else 0.0)
