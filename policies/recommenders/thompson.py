"""Each session believes one of many things that may be true."""

from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._shelves import Shelves, shelf_of, showable
from policies.recommenders._trials import hopeful, posterior, trials
from sim.policy.keyed import KeyedRng
from sim.schema.compiled import allocating, inner
from sim.schema.draws import extend, uniform
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates


@dataclass(frozen=True)
class Thompson:
    """Rank by click rates drawn from their posterior: what is little known is sometimes thought very good.

    A content's click rate has a Beta posterior from looks and clicks; its prior is the rate of all contents, as of
    ``prior_looks``.  At each fit ``draws`` joint draws are made, each a ranking of the ``candidates`` of every shelf
    with the highest ``mean + 2 sd``; the others follow in that order.  A session uses one of the rankings, each
    equally likely; page n shows the next k.

    The logged propensity is the probability, over that choice and given the request, that this very content is at
    this place: the share of the rankings that have it there.  It is counted, not estimated; at least 1 / draws.

    Parameters
    ----------
    draws : int
        Rankings to choose from: more of them are closer to a new draw for every session.
    candidates : int, contents
        Of each shelf, ranked by draws.
    prior_looks : float, looks
        Weight of the prior.
    half_life_days : float, days
        Age at which a look counts half.

    References
    ----------
    Thompson, Biometrika 25 (1933); Chapelle & Li, An empirical evaluation of Thompson sampling, NIPS 2011, algorithm
    2; a finite set of draws: Lu & Van Roy, Ensemble sampling, NIPS 2017.
    """

    draws: Annotated[int, Field(ge=2, le=1000)] = 64
    candidates: Annotated[int, Field(ge=1, le=2000)] = 200
    prior_looks: Annotated[float, Field(gt=0)] = 20.0
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Believe the prior of every content."""
        self._state.rng = rng
        nothing = np.zeros(catalogue.n_contents)
        self._rank(catalogue, nothing, nothing, 0)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count looks and clicks anew, and draw."""
        self._rank(catalogue, *trials(log, catalogue.n_contents, self.half_life_days), 1 + int(log.until))

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the session's ranking, with the propensity of each place."""
        state, s = self._state, self._state.shelves
        out, propensity = _pages(
            np.uint64(state.rng.key), requests.session, requests.page, requests.surface, requests.query,
            requests.minute, requests.view.room_offer, k, self.draws, self.candidates, state.ranked,
            state.ranked_start, s.start, s.member, s.listed, s.first_room,
        )  # fmt: skip
        return Slates(out, None, propensity)

    def _rank(self, catalogue: CatalogueView, looks: Any, clicks: Any, purpose: int) -> None:
        a, b = posterior(looks, clicks, self.prior_looks)
        state, s = self._state, hopeful(catalogue, a, b)
        pools = _pools(s, self.candidates)
        drawn = np.zeros((self.draws, catalogue.n_contents), np.float32)
        ids = np.unique(np.concatenate(pools)) if pools else np.zeros(0, np.int32)
        drawn[:, ids] = state.rng.generator(purpose).beta(a[ids], b[ids], (self.draws, len(ids)))
        ranked = [pool[np.argsort(-drawn[:, pool], axis=1, kind="stable")].ravel() for pool in pools]
        state.shelves = s
        state.ranked = np.concatenate(ranked) if ranked else np.zeros(0, np.int32)
        state.ranked_start = np.concatenate(([0], np.cumsum([len(one) for one in ranked]))).astype(np.int64)


def _pools(s: Shelves, candidates: int) -> list[Int]:
    """Return the head of each shelf, by content id: so ties between draws go to the smaller."""
    heads: list[NDArray[np.int32]] = []
    for begin, end in pairwise(s.start):
        heads.append(np.sort(s.member[begin : min(begin + candidates, end)]))
    return heads


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    key, session, page, surface, query, minute, room_offer, k, draws, candidates, ranked, ranked_start, start, member,
    listed, first_room
):  # fmt: skip
    out = np.full((len(page), k), -1, np.int32)
    propensity = np.ones((len(page), k), np.float32)
    other = np.empty(k, np.int32)
    for i in range(len(page)):
        begin, end = shelf_of(surface[i], query[i], start)
        if begin == end:
            continue
        shelf = np.searchsorted(start, begin, side="right") - 1
        pool = min(candidates, end - begin)
        heads = ranked[ranked_start[shelf] : ranked_start[shelf + 1]]
        tail = member[begin + pool : end]
        mine = int(uniform(extend(key, np.uint64(session[i])), 0, 0) * draws)
        first = page[i] * k
        _stretch(heads[mine * pool : (mine + 1) * pool], tail, first, minute[i], listed, first_room, room_offer, out[i])
        propensity[i, :] = 0.0
        for draw in range(draws):
            head = heads[draw * pool : (draw + 1) * pool]
            _stretch(head, tail, first, minute[i], listed, first_room, room_offer, other)
            for j in range(k):
                propensity[i, j] += other[j] == out[i, j]
        for j in range(k):
            propensity[i, j] /= draws
    return out, propensity


@inner
def _stretch(head, tail, first, minute, listed, first_room, room_offer, slate):  # type: ignore[no-untyped-def]
    """Fill a slate with what may be shown of head and tail, from place ``first`` on."""
    place = -first
    for part in (head, tail):
        for c in part:
            if place == len(slate):
                return
            if showable(c, minute, listed, first_room, room_offer):
                if place >= 0:
                    slate[place] = c
                place += 1
    for rest in range(max(place, 0), len(slate)):
        slate[rest] = -1
