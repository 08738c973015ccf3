"""What bears the tags of the things this consumer liked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular, unknown
from policies.recommenders._kin import Kin, kin_pages, shown
from policies.recommenders._neighbours import Lists, baskets, empty_lists, turned
from policies.recommenders._shelves import Shelves, shelves
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class TagMatch:
    """Show the offers that share most tags with what the consumer acted on, rare tags counting for more.

    ``score(o) = sum of pull(t) * idf(t)`` over the tags t of o, divided by the root of their number.  ``pull(t)`` is
    how many offers of the profile bear t, each counting 1 divided by the root of its number of tags; ``idf(t) =
    ln(1 + offers / offers with t)``.  The profile is the session's clicks, then the newest acts before the last fit,
    ``history`` contents in all.  Videos and live rooms are as good as the offer they show; of equals, which tags make
    many, the more popular comes first.  What the profile holds is left out; popularity fills what stays empty.

    Parameters
    ----------
    history : int
        Contents in a profile.
    bearers : int
        Offers that are found through one tag: the most popular ones and, in turn with them, the newest.  Bounds the
        work.
    half_life_days : float, days
        Of popularity.

    References
    ----------
    Cantador, Bellogín & Vallet, Content-based recommendation in social tagging systems, RecSys 2010 (TF-IDF of tags).
    """

    history: Annotated[int, Field(ge=1, le=200)] = 10
    bearers: Annotated[int, Field(ge=1, le=100_000)] = 500
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Look at the tags."""
        self._look(catalogue, shelves(catalogue, *unknown(catalogue)))
        self._state.held = empty_lists(catalogue.n_consumers)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Note anew who acted on what, and what is popular, from the whole log."""
        self._look(catalogue, popular(log, catalogue, self.half_life_days))
        self._state.held = baskets(log, catalogue.n_consumers, catalogue.n_contents)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        s = self._state
        return Slates(kin_pages(requests, k, self.history, s.held, s.kin, s.shown, s.shelves))

    def _look(self, catalogue: CatalogueView, shelf: Shelves) -> None:
        on = shown(catalogue, shelf)
        tags, n_tags = _numbered(catalogue.tags)
        share = 1 / np.sqrt(np.maximum(np.diff(tags.start), 1))
        offers, _ = turned(tags, n_tags)
        idf = np.log1p(catalogue.n_offers / np.maximum(np.diff(offers.start), 1))
        weight = idf[offers.owner] * share[offers.member]
        kept = _first(offers, on.place, catalogue.listed, self.bearers)
        start = np.concatenate(([0], np.cumsum(np.bincount(offers.owner[kept], minlength=n_tags)))).astype(np.int64)
        bearers = Lists(start, offers.member[kept])
        self._state.kin = Kin(tags, share[tags.owner], bearers, weight[kept])
        self._state.shelves, self._state.shown = shelf, on


def _numbered(tags: Sequence[Sequence[str]]) -> tuple[Lists, int]:
    """Return each offer's tags as numbers, in order of the tags' names, and how many tags there are."""
    number = {tag: i for i, tag in enumerate(sorted({tag for some in tags for tag in some}))}
    of_each = [sorted({number[tag] for tag in some}) for some in tags]
    start = np.concatenate(([0], np.cumsum([len(some) for some in of_each], dtype=np.int64)))
    return Lists(start, np.array([t for some in of_each for t in some], np.int32)), len(number)


def _first(offers: Lists, place: np.ndarray, listed: np.ndarray, most: int) -> np.ndarray:
    """Return which entries of ``offers`` to keep: of each list the most popular and the newest, in turn."""
    owner, o = offers.owner, offers.member
    rank = np.empty((2, len(o)), np.int64)
    for row, what in enumerate((place[o].astype(np.float64), -listed[o])):
        order = np.lexsort((o, what, owner))
        rank[row, order] = np.arange(len(o)) - offers.start[owner[order]]
    # the n-th most popular has turn 2n, the n-th newest 2n + 1; who is both takes the earlier
    turn = np.minimum(2 * rank[0], 2 * rank[1] + 1)
    order = np.lexsort((turn, owner))
    kept = order[np.arange(len(o)) - offers.start[owner[order]] < most]
    return np.asarray(np.sort(kept))
