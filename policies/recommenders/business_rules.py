"""What may not be shown, whatever a model says."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._inside import Holder, in_parts, ranking, some
from policies.recommenders._rerank import Goods
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.policy.served import Account
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates

MINUTES_PER_DAY = 1440.0


@dataclass(frozen=True)
class BusinessRules(Holder):
    """Leave out of another policy's ranking what rules forbid; page n shows the next k of what remains.

    A content falls under a rule by itself or by the offer that it names now: who blocks an offer blocks the videos
    that show it, and a room while it does.  The base is asked for a ranking twice as long, and again, until the
    page is full or the base has no more.

    Parameters
    ----------
    base : recommender
        Whose ranking is filtered.
    blocked : list of str
        Names of contents (offers, videos, rooms).
    blocked_merchants : list of int
        Their numbers.
    blocked_categories : list of int
        Their numbers.
    not_in_region : list of pairs of int
        Pairs of a region of consumers and a merchant who sends nothing there.
    hide_sold_out : bool
        Whether to leave out what is not available; rooms sell from their allotment and stay.
    youngest_days : float, days
        An offer or a video listed more recently is left out.
    oldest_days : float, days
        One listed longer ago is left out; null for no such rule.
    """

    base: Recommender = field(default_factory=ItemKnn)
    blocked: tuple[str, ...] = ()
    blocked_merchants: tuple[Annotated[int, Field(ge=0)], ...] = ()
    blocked_categories: tuple[Annotated[int, Field(ge=0)], ...] = ()
    not_in_region: tuple[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]], ...] = ()
    hide_sold_out: bool = True
    youngest_days: Annotated[float, Field(ge=0)] = 0.0
    oldest_days: Annotated[float, Field(gt=0)] | None = None
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        if self.oldest_days is not None and self.oldest_days <= self.youngest_days:
            raise ValueError("oldest_days must be more than youngest_days")

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Find what the rules name.

        Raises
        ------
        ValueError
            Where a blocked name is nobody's.
        """
        super().begin(rng, catalogue)
        unknown = sorted(set(self.blocked) - set(catalogue.names))
        if unknown:
            raise ValueError(f"blocked: no content is named {unknown[0]!r}")
        self._note(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the base learn."""
        super().fit(log, catalogue)
        self._note(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of what remains."""
        n_contents = len(self._state.goods.offer)
        out = np.full((len(requests), k), -1, np.int32)
        unserved = np.zeros(len(requests), np.bool_)
        accounts: tuple[Account, ...] = ()
        rows = np.arange(len(requests))
        depth = 2 * (requests.page.astype(np.int64) + 1) * k
        while len(rows):
            part, deep = some(requests, rows), np.minimum(depth, n_contents)
            ranked = ranking(self.base, part, deep, n_contents)
            full = self._filtered(ranked.content, part, k, out, rows)
            accounts += ranked.accounts
            if ranked.unserved is not None:
                unserved[rows] = ranked.unserved
            # a base that leaves its last place empty has no more
            more = (
                ~full & ~unserved[rows] & (depth < n_contents) & (ranked.content[np.arange(len(rows)), deep - 1] >= 0)
            )
            rows, depth = rows[more], 2 * depth[more]
        return in_parts(out, None, unserved, accounts)

    def _filtered(
        self, content: Int, part: PageRequests, k: int, out: Int, rows: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Put what remains into ``out[rows]``; return which pages are full."""
        state, view = self._state, part.view
        oldest = np.inf if self.oldest_days is None else self.oldest_days * MINUTES_PER_DAY
        full: NDArray[np.bool_] = _filter(
            content, part.page, part.minute, state.region[part.consumer], k, state.goods.shown_now(view),
            state.goods.first_room, state.blocked, state.blocked_offer, state.merchant, state.away, state.listed,
            view.available, self.hide_sold_out, self.youngest_days * MINUTES_PER_DAY, oldest, rows, out,
        )  # fmt: skip
        return full

    def _note(self, catalogue: CatalogueView) -> None:
        state = self._state
        state.goods = Goods(catalogue)
        names = set(self.blocked)
        state.blocked = np.array([name in names for name in catalogue.names], np.bool_)
        state.blocked_offer = state.blocked[: catalogue.n_offers] | np.isin(catalogue.merchant, self.blocked_merchants)
        state.blocked_offer |= np.isin(catalogue.category, self.blocked_categories)
        state.merchant, state.region = catalogue.merchant.copy(), catalogue.region.copy()
        state.listed = catalogue.listed.copy()
        shape = (int(catalogue.region.max(initial=0)) + 1, int(catalogue.merchant.max(initial=0)) + 1)
        state.away = np.zeros(shape, np.bool_)
        for region, merchant in self.not_in_region:
            if region < shape[0] and merchant < shape[1]:
                state.away[region, merchant] = True


@allocating
def _filter(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, page, minute, region, k, offer, first_room, blocked, blocked_offer, merchant, away, listed, available,
    hide_sold_out, youngest, oldest, rows, out
):  # fmt: skip
    full = np.zeros(len(content), np.bool_)
    for i in range(len(content)):
        place = -page[i] * k
        for rank in range(content.shape[1]):
            c = content[i, rank]
            if c < 0 or blocked[c]:
                continue
            o = offer[c]
            if o >= 0 and (blocked_offer[o] or away[region[i], merchant[o]]):
                continue
            if c < first_room:
                age = minute[i] - listed[c]
                if age < youngest or age > oldest or (hide_sold_out and available[o] <= 0):
                    continue
            if place >= 0:
                out[rows[i], place] = c
            place += 1
            if place == k:
                full[i] = True
                break
    return full
