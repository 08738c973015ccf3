"""What comes next: a recurrent network over what each consumer acted on, in order."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from policies.recommenders._candidates import gather, laid_out
from policies.recommenders._counts import popular
from policies.recommenders._gru import learn
from policies.recommenders._neighbours import Lists, baskets, neighbours
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._tastes import Long
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Float, Int, PageRequests, Single, Slates

SHRINKAGE, NEIGHBOURS = 10.0, 50
"""Of the retrieval."""
AT_ONCE = 256
"""Requests whose candidates are held in memory at once."""


class Habits(NamedTuple):
    """What retrieval needs, as in ``Known``."""

    held_start: Long
    held: Int
    near_start: Long
    near: Int
    similarity: Single
    listed: Float


@dataclass(frozen=True)
class SequenceGru:
    """Rank retrieved contents by how likely each comes next, by a gated recurrent unit over what came before.

    ``score(c) = h . v_c + b_c``; h is the state after what was acted on before the last fit, oldest first, then the
    session's clicks.  Vectors and unit are learned by Adam on the log loss of what came next against at most 512
    contents drawn for each step.  Retrieved are the profile's nearest neighbours (as ``item_knn``), half at most, and
    the most popular.  Page n shows the next k of the candidates; popularity fills what stays empty.  Learning needs
    PyTorch (the extra ``deep``); serving does not.

    Parameters
    ----------
    candidates : int
        Contents ranked per page.
    units : int
        Length of vectors and state.
    history : int
        Contents that retrieve, that are read before the session's, and in a sequence learned from.
    sequences : int
        Sequences learned from at most: the consumers of the longest histories.
    epochs : int
        Times that each sequence is seen.
    learning_rate : float
        Of Adam.
    half_life_days : float, days
        Of the popularity that retrieves and fills up.

    References
    ----------
    Hidasi, Karatzoglou, Baltrunas & Tikk, ICLR 2016 (GRU4Rec); Cho et al., EMNLP 2014 (the unit).
    """

    candidates: Annotated[int, Field(ge=10, le=2000)] = 200
    units: Annotated[int, Field(ge=2, le=512)] = 32
    history: Annotated[int, Field(ge=2, le=200)] = 20
    sequences: Annotated[int, Field(ge=1)] = 20_000
    epochs: Annotated[int, Field(ge=1, le=200)] = 5
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.01
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.rng, self._state.network = rng, None

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn anew, from the whole log."""
        state = self._state
        state.shelves = popular(log, catalogue, self.half_life_days)
        held = baskets(log, catalogue.n_consumers, catalogue.n_contents)
        found = _sequences(held, self.sequences, self.history + 1)
        if len(found) == 0:
            return
        state.network = learn(
            found, catalogue.n_contents, self.units, self.epochs, self.learning_rate, state.rng.generator(0)
        )
        near, similarity = neighbours(held, catalogue.n_contents, NEIGHBOURS, SHRINKAGE)
        listed = np.ascontiguousarray(catalogue.listed)
        state.habits = Habits(held.start, held.member, near.start, near.member, similarity, listed)
        state.held, state.memory = held, state.network.memory(catalogue.n_consumers)
        state.scratch = np.zeros(catalogue.n_contents)  # zero between calls

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the candidates by what is likely next."""
        parts = [self._pages(requests, slice(at, at + AT_ONCE), k) for at in range(0, max(len(requests), 1), AT_ONCE)]
        return Slates(np.concatenate(parts))

    def _pages(self, asked: PageRequests, part: slice, k: int) -> Int:
        state, shelf, room_offer = self._state, self._state.shelves, asked.view.room_offer
        consumer, page, surface, query, minute, recent = (
            getattr(asked, name)[part] for name in ("consumer", "page", "surface", "query", "minute", "recent")
        )
        if state.network is None:
            candidate, score = np.full((len(page), 1), -1, np.int32), np.zeros((len(page), 1))
        else:
            _, candidate, _ = gather(
                consumer, surface, query, minute, recent, room_offer, self.history, self.candidates, state.habits,
                state.scratch, shelf.start, shelf.member, shelf.category, shelf.first_room,
            )  # fmt: skip
            score = state.network.scores(consumer, recent, candidate, state.held, self.history, state.memory)
        slates: Int = laid_out(
            candidate, score, page, surface, query, minute, recent, room_offer, k, shelf.start, shelf.member,
            shelf.listed, shelf.first_room,
        )  # fmt: skip
        return slates


def _sequences(held: Lists, most: int, length: int) -> Int:
    """Return the newest ``length`` contents of each of the longest lists of two or more, oldest first, -1 padded."""
    size = np.diff(held.start)
    longest = np.sort(np.argsort(-size, kind="stable")[:most])
    chosen = longest[size[longest] > 1]
    out = np.full((len(chosen), length), -1, np.int32)
    for row, consumer in enumerate(chosen):
        newest = held.member[held.start[consumer] : held.start[consumer + 1]][:length]
        out[row, : len(newest)] = newest[::-1]
    return out
