"""A recommender of one's own, in one file: the newest first.

Run from this folder::

    sim compare quickstart --vary recommender=popularity,my_recommender:Newest
"""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from sim.policy.keyed import KeyedRng
from sim.schema.kinds import Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class Newest:
    """Show offers in stock, the newest first; page n shows the next k.

    Parameters
    ----------
    oldest_days : float, days
        Older ones come last, in order of their id.
    """

    oldest_days: float = 60.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Note when each offer was listed, and in which category."""
        self._state.listed = catalogue.listed[: catalogue.n_offers].copy()
        self._state.category = catalogue.category.copy()

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn nothing from what consumers did; only the catalogue may have grown."""
        self._state.listed = catalogue.listed[: catalogue.n_offers].copy()
        self._state.category = catalogue.category.copy()

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return one slate a request: content ids, -1 where a place stays empty."""
        slates = np.full((len(requests), k), -1, np.int32)
        for row in range(len(requests)):
            ranked = self._ranked(requests, row)
            shown = ranked[requests.page[row] * k :][:k]
            slates[row, : len(shown)] = shown
        return Slates(slates)

    def _ranked(self, requests: PageRequests, row: int) -> np.ndarray:
        """Return the offers that may be shown; an offer's content id is its own id."""
        minute, listed = requests.minute[row], self._state.listed
        possible = (listed <= minute) & (requests.view.available > 0)
        if requests.surface[row] == Surface.SEARCH:
            possible &= self._state.category == requests.query[row]
        age = np.minimum(minute - listed, self.oldest_days * 1440.0)
        return np.flatnonzero(possible)[np.argsort(age[possible], kind="stable")]
