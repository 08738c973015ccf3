"""The same bestsellers for everybody, or for everybody of a segment."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular, popular_per_segment, unknown
from policies.recommenders._shelf_pages import shelf_pages
from policies.recommenders._shelves import shelves
from sim.policy.keyed import KeyedRng
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
    window_days : float or None, days
        Age from which on an act does not count; null: all count.
    per_segment : bool
        Rank for each segment of consumers by what its own did, and only among equals by what all did.
    inverse_propensity : bool
        Whether an act counts 1 / the propensity of the place it was done at (0.02 at least) where the log has one:
        what was shown often is then not popular for that alone.  Right where any content could stand at any place.

    References
    ----------
    Horvitz & Thompson, JASA 47 (1952); for clicks Joachims, Swaminathan & Schnabel, WSDM 2017.
    """

    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    window_days: Annotated[float, Field(gt=0)] | None = None
    per_segment: bool = False
    inverse_propensity: bool = False
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Rank by what is known before anything is sold."""
        self._state.shelves = (shelves(catalogue, *unknown(catalogue)),)
        self._state.segment = np.zeros(catalogue.n_consumers, np.int32)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count again, from the whole log."""
        how = (log, catalogue, self.half_life_days, self.window_days, self.inverse_propensity)
        if self.per_segment:
            self._state.segment = catalogue.segment.copy()
            self._state.shelves = popular_per_segment(*how)
        else:
            self._state.shelves = (popular(*how),)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the ranking."""
        if len(self._state.shelves) == 1:
            return Slates(shelf_pages(requests, k, self._state.shelves[0]))
        out = np.empty((len(requests), k), np.int32)
        segment = self._state.segment[requests.consumer]
        for one in np.unique(segment):
            rows = np.flatnonzero(segment == one)
            out[rows] = shelf_pages(requests, k, self._state.shelves[one], rows)
        return Slates(out)
