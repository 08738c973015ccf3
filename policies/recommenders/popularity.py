"""The same bestsellers for everybody."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular
from policies.recommenders._shelves import shelf_of, shelves, showable, unranked
from sim.policy.keyed import KeyedRng
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class Popularity:
    """Show what most clicked, carted and ordered lately; page n shows the next k.

    ``score = sum over acts of weight * 0.5 ** (age / half-life)``, weights 1 a click, 3 a cart, 10 an order.
    The feed ranks all contents, the mall offers, search the offers of its category.  Before the first fit,
    and among equals, the kinds of content take turns in proportion to their number, the newest first.

    Parameters
    ----------
    half_life_days : float, days
        Age at which an act counts half.
    """

    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Rank by what is known before anything is sold."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count again, from the whole log."""
        self._state.shelves = popular(log, catalogue, self.half_life_days)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the ranking."""
        s = self._state.shelves
        return Slates(
            _pages(
                requests.page, requests.surface, requests.query, requests.minute, requests.view.room_offer, k,
                s.start, s.member, s.listed, s.first_room,
            )
        )  # fmt: skip


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    page, surface, query, minute, room_offer, k, start, member, listed, first_room
):
    out = np.full((len(page), k), -1, np.int32)
    for i in range(len(page)):
        at, end = shelf_of(surface[i], query[i], start)
        place = -page[i] * k
        while at < end and place < k:
            if showable(member[at], minute[i], listed, first_room, room_offer):
                if place >= 0:
                    out[i, place] = member[at]
                place += 1
            at += 1
    return out
