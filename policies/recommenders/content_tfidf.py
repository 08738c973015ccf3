"""What reads like the things this consumer liked."""

from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular, unknown
from policies.recommenders._kin import Kin, kin_pages, shown
from policies.recommenders._neighbours import Lists, baskets, empty_lists, neighbours
from policies.recommenders._shelves import Shelves, shelves
from policies.recommenders._words import tfidf
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Comments, PageRequests, Slates


@dataclass(frozen=True)
class ContentTfidf:
    """Show the offers whose words are most like those of what the consumer acted on.

    ``score(o) = sum of cosine(i, o)`` over the offers i of the profile (the session's clicks, then the newest acts
    before the last fit, ``history`` contents in all): in the order of the cosine to the profile's mean vector.  A
    vector is the TF-IDF of title, description, tags and the newest comments: words of Latin script, 2- to 4-grams of
    Chinese characters.
    Only the ``neighbours`` nearest of each offer count.  Videos and live rooms are as good as the offer they show; of
    equals the more popular comes first.  What the profile holds is left out; popularity fills what stays empty.
    Nothing has to be sold before it is found: new offers have words too.

    Parameters
    ----------
    neighbours : int
        Offers kept as like each offer; with as many as there are, the cosine to the mean is exact.
    history : int
        Contents in a profile.
    most_common : float
        Share of the offers above which a term that they have tells nothing.
    comments : int
        Newest comments on each offer that are read along with its own words.
    half_life_days : float, days
        Of the popularity that fills up.

    References
    ----------
    Salton & Buckley, Information Processing & Management 24 (1988); Pazzani & Billsus, Content-based recommendation
    systems, in The Adaptive Web (2007).
    """

    neighbours: Annotated[int, Field(ge=1, le=1000)] = 100
    history: Annotated[int, Field(ge=1, le=200)] = 10
    most_common: Annotated[float, Field(gt=0, le=1)] = 0.5
    comments: Annotated[int, Field(ge=0, le=1000)] = 20
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    @property
    def reads_comments(self) -> bool:
        """Whether comments are read at all."""
        return self.comments > 0

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Read what is written about each offer."""
        self._state.read = None
        self._read(catalogue, None)
        self._shelve(catalogue, shelves(catalogue, *unknown(catalogue)))
        self._state.held = empty_lists(catalogue.n_consumers)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Note anew who acted on what, and what was said, from the whole log."""
        self._read(catalogue, log.comments)
        self._shelve(catalogue, popular(log, catalogue, self.half_life_days))
        self._state.held = baskets(log, catalogue.n_consumers, catalogue.n_contents)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        s = self._state
        return Slates(kin_pages(requests, k, self.history, s.held, s.kin, s.shown, s.shelves))

    def _read(self, catalogue: CatalogueView, comments: Comments | None) -> None:
        """Find the offers alike, unless nothing else is written than last time."""
        written = (catalogue.text, catalogue.tags, _said(comments, self.comments, catalogue.n_offers))
        if self._state.read == written:
            return
        texts = [f"{text} {' '.join(tags)} {said}" for text, tags, said in zip(*written, strict=True)]
        rows, n = tfidf(texts, self.most_common), catalogue.n_offers
        by_term = rows.T.tocsr()
        words = Lists(by_term.indptr.astype(np.int64), by_term.indices.astype(np.int32))
        near, similarity = neighbours(words, n, self.neighbours, 0.0, by_term.data)
        # an offer's one feature is to be like itself; what has it are the offers alike
        itself = Lists(np.arange(n + 1, dtype=np.int64), np.arange(n, dtype=np.int32))
        self._state.kin = Kin(itself, np.ones(n), near, similarity.astype(np.float64))
        self._state.read = written

    def _shelve(self, catalogue: CatalogueView, shelf: Shelves) -> None:
        self._state.shelves, self._state.shown = shelf, shown(catalogue, shelf)


def _said(comments: Comments | None, most: int, n_offers: int) -> tuple[str, ...]:
    """Return the newest comments on each offer, at most so many, as one text."""
    if comments is None or most == 0:
        return ("",) * n_offers
    said: list[deque[str]] = [deque(maxlen=most) for _ in range(n_offers)]
    for offer, text in zip(comments.offer.tolist(), comments.text, strict=True):
        said[offer].append(text)
    return tuple(" ".join(texts) for texts in said)
