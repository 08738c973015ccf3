"""What this consumer looked at last."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular, unknown
from policies.recommenders._neighbours import baskets, empty_lists
from policies.recommenders._personal import profile_of, write_page
from policies.recommenders._shelves import fits, shelf_of, shelves, showable
from sim.policy.keyed import KeyedRng
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class RecentlyViewed:
    """Show again what the consumer clicked, carted or ordered, newest first; page n shows the next k.

    First the session's clicks, then the acts before the last fit, ``history`` contents in all; popularity, without
    these, fills what stays empty.  The baseline of shops whose consumers come back to what they looked at.

    Parameters
    ----------
    history : int
        Contents shown again at most.
    half_life_days : float, days
        Of the popularity that fills up.
    """

    history: Annotated[int, Field(ge=1, le=200)] = 20
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know only what a session tells."""
        self._state.shelves = shelves(catalogue, *unknown(catalogue))
        self._state.held = empty_lists(catalogue.n_consumers)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Note anew who acted on what, from the whole log."""
        self._state.held = baskets(log, catalogue.n_consumers, catalogue.n_contents)
        self._state.shelves = popular(log, catalogue, self.half_life_days)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of what was seen, then of what is popular."""
        held, shelf = self._state.held, self._state.shelves
        return Slates(
            _pages(
                requests.consumer, requests.page, requests.surface, requests.query, requests.minute, requests.recent,
                requests.view.room_offer, k, self.history, held.start, held.member, shelf.start, shelf.member,
                shelf.category, shelf.listed, shelf.first_room,
            )
        )  # fmt: skip


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, held_start, held, shelf_start, member,
    category, listed, first_room
):  # fmt: skip
    out = np.full((len(page), k), -1, np.int32)
    seen = np.empty(longest, np.int32)
    for i in range(len(page)):
        own = held[held_start[consumer[i]] : held_start[consumer[i] + 1]]
        kept = 0
        for c in seen[: profile_of(recent[i], own, seen)]:
            if fits(c, surface[i], query[i], category) and showable(c, minute[i], listed, first_room, room_offer):
                seen[kept] = c
                kept += 1
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        # nothing more is to be left out: what was seen is what is shown
        nothing = recent[i][:0]
        write_page(
            out[i], page[i] * k, seen[:kept], member[begin:end], minute[i], nothing, listed, first_room, room_offer
        )
    return out
