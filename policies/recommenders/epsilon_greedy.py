"""Mostly the best known, now and then something else."""

from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._inside import Holder, ranking
from policies.recommenders._shelves import FEED, fits, shelf_of, shelves, showable, unranked
from policies.recommenders.popularity import Popularity
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating, inner
from sim.schema.draws import extend, uniform
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class EpsilonGreedy(Holder):
    """Show another policy's ranking, but give each place, with probability ``epsilon``, to something else.

    Place j of a session's list holds the base's j-th content, or, where the session's draw for that place says so,
    the next content of the session's own shuffle of all that may be shown here and is not in the base's ranking down
    to the end of this page.  What was explored on one page may be the base's choice on a later one.

    The logged propensity is the probability, over the policy's own draws and given the request and the base's
    ranking, that this very content is at this place: ``1 - epsilon * p`` for the base's, ``epsilon * p / m`` for
    each of the m others, which are equally likely.  ``p = P(Binomial(j, epsilon) < m)`` is the probability that
    there are others left: 1 unless fewer are left than there were places before.  It is computed, not estimated.

    Parameters
    ----------
    base : recommender
        Whose ranking is shown.
    epsilon : float
        Share of places given away.

    References
    ----------
    Sutton & Barto, Reinforcement Learning (2018), section 2.2.  A shuffle's t-th element is equally likely to be
    any, whatever t is: Durstenfeld, CACM 7 (1964), algorithm 235, stopped early.
    """

    base: Recommender = field(default_factory=Popularity)
    epsilon: Annotated[float, Field(ge=0, le=1)] = 0.1
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Keep the key, and what there is to show."""
        super().begin(rng, catalogue)
        self._state.key = np.uint64(rng.key)
        self._lay_out(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the base learn."""
        super().fit(log, catalogue)
        self._lay_out(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch, with the propensity of each place."""
        state, s, room_offer = self._state, self._state.shelves, requests.view.room_offer
        depth = (requests.page.astype(np.int64) + 1) * k
        ranked = ranking(self.base, requests, depth, len(s.category))
        live = np.sort(s.listed[s.first_room :][room_offer >= 0])
        out, propensity = _pages(
            ranked.content, self.epsilon, state.key, requests.session, requests.page, requests.surface, requests.query,
            requests.minute, k, room_offer, s.start, s.member, s.category, s.listed, s.first_room,
            state.listed_by, live,
        )  # fmt: skip
        return ranked.pages(out, propensity)

    def _lay_out(self, catalogue: CatalogueView) -> None:
        order = np.sort(unranked(catalogue))
        s = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.shelves, self._state.listed_by = s, _listing_times(s.start, s.member, s.listed, s.first_room)


def _listing_times(
    start: NDArray[np.int64], member: NDArray[np.int32], listed: NDArray[np.float64], first_room: int
) -> NDArray[np.float64]:
    """Return each shelf's listing times, ascending; rooms, counted by themselves, are never listed here."""
    times = np.where(member < first_room, listed[member], np.inf)
    for begin, end in pairwise(start):
        times[begin:end] = np.sort(times[begin:end])
    return times


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, epsilon, key, session, page, surface, query, minute, k, room_offer, start, member, category, listed,
    first_room, listed_by, live
):  # fmt: skip
    n = len(content)
    out = np.full((n, k), -1, np.int32)
    propensity = np.ones((n, k), np.float32)
    ours = np.zeros(len(listed), np.bool_)
    swaps = np.empty(len(member), np.int64)
    for i in range(n):
        first, last = page[i] * k, (page[i] + 1) * k
        begin, end = shelf_of(surface[i], query[i], start)
        others = np.searchsorted(listed_by[begin:end], minute[i], side="right")
        if surface[i] == FEED:  # rooms too
            others += np.searchsorted(live, minute[i], side="right")
        for c in content[i, :last]:
            if c >= 0 and not ours[c]:
                ours[c] = True
                if fits(c, surface[i], query[i], category) and showable(c, minute[i], listed, first_room, room_offer):
                    others -= 1
        row = extend(key, np.uint64(session[i]))
        done, given, at = 0, 0, -1
        for place in range(last):
            explored = uniform(row, 0, place) < epsilon
            if explored and given < others:
                while begin + done < end:
                    here = begin + done
                    there = here + int(uniform(row, 1 + surface[i], done) * (end - here))
                    member[here], member[there] = member[there], member[here]
                    swaps[done] = there
                    done += 1
                    at = member[here]
                    if not ours[at] and showable(at, minute[i], listed, first_room, room_offer):
                        break
            if place >= first:
                chance = epsilon * _left(place, epsilon, others)
                if explored and given < others:
                    out[i, place - first] = at
                    propensity[i, place - first] = chance / others
                else:
                    out[i, place - first] = content[i, place]
                    propensity[i, place - first] = 1.0 - chance
            given += explored
        # undone backwards: the next row must find the shelf as this one did
        for step in range(done - 1, -1, -1):
            here, there = begin + step, swaps[step]
            member[here], member[there] = member[there], member[here]
        for c in content[i, :last]:
            if c >= 0:
                ours[c] = False
    return out, propensity


@inner
def _left(before, epsilon, others):  # type: ignore[no-untyped-def]  # as above
    """Return P(Binomial(before, epsilon) < others)."""
    if others > before:
        return 1.0
    if epsilon == 1.0 or others <= 0:
        return 0.0
    chance = (1.0 - epsilon) ** before
    total = 0.0
    for given in range(others):
        total += chance
        chance *= (before - given) / (given + 1.0) * epsilon / (1.0 - epsilon)
    return min(total, 1.0)
