"""Retrieval, then ranking by a number per content: all that rankers on features share."""

from abc import abstractmethod
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Protocol

import numpy as np
from pydantic import Field

from policies.recommenders._candidates import gather, laid_out
from policies.recommenders._counts import popular
from policies.recommenders._features import columns, on_offer
from policies.recommenders._known import before, known
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._tastes import Double
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Single, Slates

AT_ONCE = 64
"""Requests whose features are held in memory at once: few enough for the cache, enough to make calls cheap."""


class Model(Protocol):
    """What ranks."""

    def probability(self, features: Single) -> Double:
        """Return a number of at least 0 per column, shape (n, m), of columns of shape (n, features, m).

        Of that column's numbers alone, summed in a fixed order: the same in any batch.
        """


@dataclass(frozen=True)
class Ranker:
    """Retrieve contents, then rank them by a model of features of consumer, content and moment.

    Retrieved are the profile's nearest neighbours (as ``item_knn``), half at most, and the most popular.  Features:
    see ``_features.py``; the position on the page is not among them.  Page n shows the next k of the candidates;
    popularity fills what stays empty, and everything while there is no model.

    Parameters
    ----------
    candidates : int
        Contents ranked per page.
    neighbours : int
        Neighbours kept per content (retrieval and affinity).
    history : int
        Contents in a profile.
    half_life_days : float, days
        Of the popularity that is a feature, retrieves and fills up.
    """

    candidates: Annotated[int, Field(ge=10, le=2000)] = 200
    neighbours: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 20
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.rng, self._state.model = rng, None

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn anew; rank by what is known from the whole log."""
        state = self._state
        state.shelves = popular(log, catalogue, self.half_life_days)
        model = self._model(log, catalogue)
        if model is None:
            return
        state.model = model
        state.known = known(before(log, log.until), catalogue, self.half_life_days, self.neighbours)
        state.scratch = np.zeros(catalogue.n_contents)  # zero between calls

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the candidates, best first."""
        parts = [self._pages(requests, slice(at, at + AT_ONCE), k) for at in range(0, max(len(requests), 1), AT_ONCE)]
        return Slates(np.concatenate(parts))

    @abstractmethod
    def _model(self, log: BehaviourLog, catalogue: CatalogueView) -> Model | None:
        """Return what ranks from now on; None: what did, stays."""

    def _pages(self, asked: PageRequests, part: slice, k: int) -> Int:
        state, shelf, view = self._state, self._state.shelves, asked.view
        consumer, page, surface, query, minute, recent = (
            getattr(asked, name)[part] for name in ("consumer", "page", "surface", "query", "minute", "recent")
        )
        if state.model is None:
            candidate, score = np.full((len(page), 1), -1, np.int32), np.zeros((len(page), 1))
        else:
            profile, candidate, affinity = gather(
                consumer, surface, query, minute, recent, view.room_offer, self.history, self.candidates,
                state.known, state.scratch, shelf.start, shelf.member, shelf.category, shelf.first_room,
            )  # fmt: skip
            offer, price = on_offer(
                candidate, state.known.offer, view.price, view.room_offer, view.room_price, shelf.first_room
            )
            features = columns(profile, candidate, offer, price, affinity, consumer, minute, surface, state.known)
            score = state.model.probability(features)
        slates: Int = laid_out(
            candidate, score, page, surface, query, minute, recent, view.room_offer, k,
            shelf.start, shelf.member, shelf.listed, shelf.first_room,
        )  # fmt: skip
        return slates
