"""The reference at the foot of the table: chance."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from policies.recommenders._shelves import shelf_of, shelves, showable, unranked
from sim.policy.keyed import KeyedRng
from sim.schema.compiled import allocating
from sim.schema.draws import extend, uniform
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class Random:
    """Show contents in a uniformly random order, shuffled anew for each session; page n shows the next k.

    References
    ----------
    Fisher & Yates, Statistical Tables (1938); Durstenfeld, CACM 7 (1964), algorithm 235, stopped early.
    """

    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Keep the key, and what there is to show."""
        self._state.key = np.uint64(rng.key)
        self._lay_out(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn nothing but what is listed."""
        self._lay_out(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the session's shuffle."""
        s = self._state.shelves
        return Slates(
            _pages(
                self._state.key, requests.session, requests.page, requests.surface, requests.query,
                requests.minute, requests.view.room_offer, k, s.start, s.member, s.listed, s.first_room,
            )
        )  # fmt: skip

    def _lay_out(self, catalogue: CatalogueView) -> None:
        order = np.sort(unranked(catalogue))
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    key, session, page, surface, query, minute, room_offer, k, start, member, listed, first_room
):
    out = np.full((len(page), k), -1, np.int32)
    swaps = np.empty(len(member), np.int64)
    for i in range(len(page)):
        begin, end = shelf_of(surface[i], query[i], start)
        row = extend(key, np.uint64(session[i]))
        place = -page[i] * k
        done = 0
        while begin + done < end and place < k:
            at = begin + done
            other = at + int(uniform(row, surface[i], done) * (end - at))
            member[at], member[other] = member[other], member[at]
            swaps[done] = other
            done += 1
            if showable(member[at], minute[i], listed, first_room, room_offer):
                if place >= 0:
                    out[i, place] = member[at]
                place += 1
        # undone backwards: the next row must find the shelf as this one did
        for step in range(done - 1, -1, -1):
            at, other = begin + step, swaps[step]
            member[at], member[other] = member[other], member[at]
    return out
