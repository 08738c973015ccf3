"""Re-ranking: the head of another policy's ranking in a new order, the rest behind it as it was."""

import numpy as np

from policies.recommenders._best import content_of, drop, keep, key_of
from policies.recommenders._inside import Ranked, ranking
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating
from sim.schema.kinds import ContentKind
from sim.schema.recommending import CatalogueView, Int, PageRequests, ServingView, Single


class Goods:
    """Which offer each content names.

    Attributes
    ----------
    offer : int32[n_contents]
        As listed: -1 for a room.
    first_room : int
    """

    def __init__(self, catalogue: CatalogueView) -> None:
        self.offer = catalogue.offer.copy()
        self.first_room = catalogue.n_contents - int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))

    def shown_now(self, view: ServingView) -> Int:
        """Return the offer that each content names now; -1 for a room in which nobody is live."""
        offer = self.offer.copy()
        offer[self.first_room :] = view.room_offer
        return offer


def head(base: Recommender, requests: PageRequests, k: int, candidates: int, n_contents: int) -> Ranked:
    """Return the base's ranking down to ``candidates``, or to the end of the page where that is deeper."""
    depth = np.maximum(candidates, (requests.page.astype(np.int64) + 1) * k)
    return ranking(base, requests, depth, n_contents)


def relevance(candidates: int) -> Single:
    """Return what a place in the base's ranking is worth, ``1 / log2(2 + rank)``: the discount of DCG.

    Only ranks are read: scores of different policies have different scales, and many policies give none.
    """
    worth: Single = (1.0 / np.log2(np.arange(candidates) + 2.0)).astype(np.float32)
    return worth


def reranked(content: Int, score: Single, page: Int, k: int) -> Int:
    """Return pages, shape (n, k), of rankings whose first contents are sorted by score.

    Parameters
    ----------
    content : int32[n, depth]
        The base's ranking.
    score : float32[n, candidates]
        Not negative; ties stay in the base's order.
    """
    pages: Int = _reranked(content, score, page, k)
    return pages


@allocating
def _reranked(content, score, page, k):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    n, candidates = score.shape
    out = np.full((n, k), -1, np.int32)
    best = np.empty(candidates, np.int64)
    for i in range(n):
        begin = page[i] * k
        need = min(begin + k, candidates)
        kept = 0
        for rank in range(min(candidates, content.shape[1])):
            if content[i, rank] >= 0:
                key = key_of(rank, score[i, rank])
                if kept < need or key > best[0]:
                    kept = keep(best[:need], kept, key)
        for rank in range(kept - 1, begin - 1, -1):
            out[i, rank - begin] = content[i, content_of(best[0])]
            drop(best[: rank + 1])
        # what the base left empty among its candidates stays empty behind them: the rest keeps its places
        for place in range(max(candidates - begin, 0), min(k, content.shape[1] - begin)):
            out[i, place] = content[i, begin + place]
    return out
