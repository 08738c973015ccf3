"""Retrieval, then ranking by a learned probability of a click: all that learned rankers share but the model."""

from abc import abstractmethod
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Protocol

import numpy as np
from pydantic import Field

from policies.recommenders._candidates import gather, laid_out
from policies.recommenders._counts import popular
from policies.recommenders._examples import Examples, examples
from policies.recommenders._features import rows
from policies.recommenders._known import before, known
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._tastes import Double
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates

AT_ONCE = 256
"""Requests whose features are held in memory at once."""
SHRINKAGE = 10.0


class Model(Protocol):
    """What was learned, as plain arrays."""

    def probability(self, features: Double) -> Double:
        """Return a click's probability per row: of that row's numbers alone, summed in a fixed order."""


@dataclass(frozen=True)
class Ranker:
    """What learned rankers share; see those for the parameters."""

    candidates: Annotated[int, Field(ge=10, le=2000)] = 200
    neighbours: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 20
    examples: Annotated[int, Field(ge=1000)] = 100_000
    inverse_propensity: bool = False
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.rng, self._state.model = rng, None

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn anew from the latest looks; rank by what is known from the whole log."""
        state = self._state
        state.shelves = popular(log, catalogue, self.half_life_days)
        found = examples(
            log, catalogue, self.examples, self.history, self.half_life_days, self.neighbours, SHRINKAGE,
            self.inverse_propensity, state.rng.generator(0),
        )  # fmt: skip
        if found is None:
            return
        state.model = self._learned(found, int(state.rng.generator(1).integers(2**31)))
        state.known = known(before(log, log.until), catalogue, self.half_life_days, self.neighbours, SHRINKAGE)
        state.scratch = np.zeros(catalogue.n_contents)  # zero between calls

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the candidates by probability."""
        parts = [self._pages(requests, slice(at, at + AT_ONCE), k) for at in range(0, max(len(requests), 1), AT_ONCE)]
        return Slates(np.concatenate(parts))

    @abstractmethod
    def _learned(self, found: Examples, seed: int) -> Model:
        """Return a model of the probability of a click."""

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
            offer, price = self._on_offer(candidate, asked)
            features = rows(profile, candidate, offer, price, affinity, consumer, minute, surface, state.known)
            score = state.model.probability(features.reshape(-1, features.shape[2])).reshape(candidate.shape)
        slates: Int = laid_out(
            candidate, score, page, surface, query, minute, recent, view.room_offer, k,
            shelf.start, shelf.member, shelf.listed, shelf.first_room,
        )  # fmt: skip
        return slates

    def _on_offer(self, candidate: Int, asked: PageRequests) -> tuple[Int, Double]:
        """Return the offer each candidate names now, and its price now, cents."""
        view, first_room = asked.view, self._state.shelves.first_room
        offers = np.concatenate((self._state.known.offer[:first_room], view.room_offer, [-1])).astype(np.int32)
        offer = offers[candidate]  # -1 is the last
        room = candidate >= first_room
        price = np.where(offer >= 0, view.price[offer], 0).astype(np.float64)
        price[room] = view.room_price[candidate[room] - first_room]
        return offer, price
