"""Places kept for small merchants and new items."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._inside import Holder
from policies.recommenders._rerank import Goods, head
from policies.recommenders._shelves import shelf_of, shelves, showable
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating, inner
from sim.schema.draws import extend, uniform
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates

MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True)
class ExposureFloor(Holder):
    """Re-rank another policy's candidates so that a share of places goes to those who would not be seen.

    Of the first n places of each consumer's list, for every n, at least ``floor(share * n)`` hold contents whose
    offer is of a small merchant, or new.  Where the next place is owed to them, it takes the base's best such
    candidate; where the base has none left, the session's next of all of them, from a start of its own, so that
    they take turns.  All other places follow the base.  Small are the merchants who sold least, ``small`` of all,
    in the log; before anything is sold, those with the fewest offers.  New is an offer listed for less than
    ``new_days``.

    Parameters
    ----------
    base : recommender
        Whose ranking is re-ranked.
    share : float
        Of places.
    protect : str
        Whom: ``small_merchants``, ``new_items``, or ``both``.
    small : float
        Share of merchants that are small.
    new_days : float, days
        How long an offer is new.
    candidates : int, contents
        How deep the base's ranking is re-ranked; what lies behind follows unchanged.

    References
    ----------
    A floor in every prefix: Zehlike et al., FA*IR: a fair top-k ranking algorithm, CIKM 2017, there with a test's
    bound instead of ``floor(share * n)``; as here in Geyik, Ambler & Kenthapadi, KDD 2019, algorithm 1.
    """

    base: Recommender = field(default_factory=ItemKnn)
    share: Annotated[float, Field(ge=0, le=1)] = 0.2
    protect: Literal["small_merchants", "new_items", "both"] = "both"
    small: Annotated[float, Field(ge=0, le=1)] = 0.5
    new_days: Annotated[float, Field(ge=0, le=3650)] = 7.0
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Take merchants with few offers for small."""
        super().begin(rng, catalogue)
        self._state.key = np.uint64(rng.key)
        self._note(catalogue, np.zeros(catalogue.n_offers), 0.0)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """See who has sold how much."""
        super().fit(log, catalogue)
        rows = np.flatnonzero((log.act == Act.ORDER) & (log.offer >= 0))
        sold = np.bincount(log.offer[rows], log.value[rows], minlength=catalogue.n_offers).astype(np.float64)
        self._note(catalogue, sold, log.until)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the re-ranked list."""
        state, shelf = self._state, self._state.shelves
        ranked = head(self.base, requests, k, self.candidates, len(state.goods.offer))
        new_minutes = -1.0 if self.protect == "small_merchants" else self.new_days * MINUTES_PER_DAY
        return ranked.pages(
            _pages(
                ranked.content, self.candidates, self.share, state.key, requests.session, requests.page,
                requests.surface, requests.query, requests.minute, k, state.goods.shown_now(requests.view), state.small,
                shelf.listed, new_minutes, shelf.start, shelf.member, shelf.first_room, requests.view.room_offer,
            )
        )  # fmt: skip

    def _note(self, catalogue: CatalogueView, sold: NDArray[np.float64], minute: float) -> None:
        state = self._state
        state.goods = Goods(catalogue)
        nobody = np.zeros(catalogue.n_offers, np.bool_)
        state.small = nobody if self.protect == "new_items" else small_offers(catalogue, sold, self.small)
        new = catalogue.listed[: catalogue.n_offers] > minute - self.new_days * MINUTES_PER_DAY
        owed = state.small | (new if self.protect != "small_merchants" else nobody)
        feed = np.flatnonzero((catalogue.offer >= 0) & owed[catalogue.offer]).astype(np.int32)
        state.shelves = shelves(catalogue, feed, feed[feed < catalogue.n_offers])


def small_offers(catalogue: CatalogueView, sold: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    """Return which offers are of the ``share`` of merchants who sold least; ties: fewer offers, smaller id."""
    n_merchants = int(catalogue.merchant.max(initial=-1)) + 1
    units = np.bincount(catalogue.merchant, sold, minlength=n_merchants)
    offers = np.bincount(catalogue.merchant, minlength=n_merchants)
    smallest = np.lexsort((offers, units))[: round(share * n_merchants)]
    small: NDArray[np.bool_] = np.isin(catalogue.merchant, smallest)
    return small


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, candidates, share, key, session, page, surface, query, minute, k, offer, small, listed, new_minutes,
    start, member, first_room, room_offer
):  # fmt: skip
    n, depth = content.shape
    out = np.full((n, k), -1, np.int32)
    used = np.zeros(len(listed), np.bool_)
    placed = np.empty((page.max() + 1) * k if n else 0, np.int32)
    for i in range(n):
        need = (page[i] + 1) * k
        begin, end = shelf_of(surface[i], query[i], start)
        turn = int(uniform(extend(key, np.uint64(session[i])), surface[i], 0) * (end - begin)) if end > begin else 0
        turned, ours, others, protected, at = 0, 0, 0, 0, 0
        while at < need:
            c = -1
            if protected < int(share * (at + 1) + 1e-9):
                while ours < candidates and not _free(
                    content[i, ours], used, offer, small, listed, minute[i], new_minutes
                ):
                    ours += 1
                if ours < candidates:
                    c = content[i, ours]
                while c < 0 and turned < end - begin:
                    other = member[begin + (turn + turned) % (end - begin)]
                    turned += 1
                    if showable(other, minute[i], listed, first_room, room_offer) and _free(
                        other, used, offer, small, listed, minute[i], new_minutes
                    ):
                        c = other
            while c < 0 and others < depth:
                if content[i, others] >= 0 and not used[content[i, others]]:
                    c = content[i, others]
                others += 1
            if c < 0:
                break
            protected += _protected(c, offer, small, listed, minute[i], new_minutes)
            used[c] = True
            placed[at] = c
            at += 1
        for rank in range(at):
            used[placed[rank]] = False
            if rank >= need - k:
                out[i, rank - need + k] = placed[rank]
    return out


@inner
def _free(c, used, offer, small, listed, minute, new_minutes):  # type: ignore[no-untyped-def]  # as above
    return c >= 0 and not used[c] and _protected(c, offer, small, listed, minute, new_minutes)


@inner
def _protected(c, offer, small, listed, minute, new_minutes):  # type: ignore[no-untyped-def]  # as above
    o = offer[c]
    return o >= 0 and (small[o] or minute - listed[o] < new_minutes)
