"""What goes with what this consumer liked."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular
from policies.recommenders._neighbours import Lists, baskets, neighbours
from policies.recommenders._personal import personal_pages
from policies.recommenders._shelves import shelves, unranked
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class ItemKnn:
    """Show the nearest neighbours of what the consumer clicked in this session and acted on before.

    ``score(c) = sum of similarity(i, c)`` over the profile: the session's clicks, then the newest acts before
    the last fit, ``history`` contents in all.  ``similarity = both / (sqrt(one * other) + shrinkage)``, counts
    of consumers who clicked, carted or ordered.  Only the ``neighbours`` nearest of each content count.  Page n
    shows the next k; what the session clicked is left out; popularity fills what stays empty.

    Parameters
    ----------
    neighbours : int
        Neighbours kept per content.
    history : int
        Contents in a profile.
    shrinkage : float
        Consumers by which a similarity resting on few of them is damped.
    half_life_days : float, days
        Of the popularity that fills up.

    References
    ----------
    Sarwar, Karypis, Konstan & Riedl, Item-based collaborative filtering, WWW 2001; Deshpande & Karypis, TOIS
    22 (2004); shrinkage as in Bell & Koren, ICDM 2007.
    """

    neighbours: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 10
    shrinkage: Annotated[float, Field(ge=0)] = 10.0
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing about anybody: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        nobody = Lists(np.zeros(catalogue.n_consumers + 1, np.int64), np.empty(0, np.int32))
        nothing = Lists(np.zeros(catalogue.n_contents + 1, np.int64), np.empty(0, np.int32))
        self._keep(nobody, nothing, np.empty(0, np.float32))

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count anew who acted on what together, from the whole log."""
        held = baskets(log, catalogue.n_consumers, catalogue.n_contents)
        near, similarity = neighbours(held, catalogue.n_contents, self.neighbours, self.shrinkage)
        self._state.shelves = popular(log, catalogue, self.half_life_days)
        self._keep(held, near, similarity)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        state, shelf = self._state, self._state.shelves
        return Slates(
            personal_pages(
                requests.consumer, requests.page, requests.surface, requests.query, requests.minute,
                requests.recent, requests.view.room_offer, k, self.history, state.held.start,
                state.held.member, state.near.start, state.near.member, state.similarity, state.scratch,
                shelf.start, shelf.member, shelf.category, shelf.listed, shelf.first_room,
            )
        )  # fmt: skip

    def _keep(self, held: Lists, near: Lists, similarity: np.ndarray) -> None:
        self._state.held, self._state.near, self._state.similarity = held, near, similarity
        # zero between calls; kept because clearing it per call would cost more than a small batch
        self._state.scratch = np.zeros(len(near.start) - 1)
