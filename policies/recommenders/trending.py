"""What is on the rise."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._counts import MINUTES_PER_DAY, counted, orders, ranked, unknown, weighed
from policies.recommenders._shelf_pages import shelf_pages
from policies.recommenders._shelves import shelves
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Single, Slates

MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True)
class Trending:
    """Show what is acted on more than it was before, most of all in proportion to chance; page n shows the next k.

    ``score = (now - expected) / sqrt(expected + floor)`` where ``now`` is the weight of acts (1 a click, 3 a cart, 10
    an order) in the last ``window_hours``, and ``expected`` that of the ``baseline_days`` before, per window of the
    same length; where the log is younger, of as much as there is.  A count that wavers by chance wavers by about
    ``sqrt(expected)``.  What does not rise follows in order of popularity, as the policy of that name has it.

    Parameters
    ----------
    window_hours : float, hours
        The recent past.
    baseline_days : float, days
        The time before it that tells what to expect.
    floor : float
        Weight by which a rise from nearly nothing is damped.
    half_life_days : float, days
        Of the popularity that ranks what does not rise.

    References
    ----------
    The score of a Poisson count against its mean, as used to find bursts: Kleinberg, Data Mining and Knowledge
    Discovery 7 (2003) has the more general theory.
    """

    window_hours: Annotated[float, Field(gt=0)] = 24.0
    baseline_days: Annotated[float, Field(gt=0)] = 7.0
    floor: Annotated[float, Field(gt=0)] = 5.0
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Rank by what is known before anything is sold."""
        self._state.shelves = shelves(catalogue, *unknown(catalogue))

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Compare the last hours with the days before."""
        feed, offers = orders(log, catalogue, self.half_life_days)
        feed = ranked(feed, self._rise(log, log.content, catalogue.n_contents))
        offers = ranked(offers, self._rise(log, log.offer, catalogue.n_offers))
        self._state.shelves = shelves(catalogue, feed, offers)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the ranking."""
        return Slates(shelf_pages(requests, k, self._state.shelves))

    def _rise(self, log: BehaviourLog, ids: Int, n: int) -> Single:
        """Return the score, 0 for what does not rise."""
        age, weight = log.until - log.minute, weighed(log)
        window = self.window_hours * MINUTES_PER_HOUR
        oldest = min(window + self.baseline_days * MINUTES_PER_DAY, float(age.max(initial=0.0)))
        now = counted(ids, np.where(age <= window, weight, 0.0), n)
        before = counted(ids, np.where((age > window) & (age <= oldest), weight, 0.0), n)
        expected: NDArray[np.float64] = before * (window / max(oldest - window, 1.0))
        # less than a window of baseline is too little to tell what to expect
        known = oldest >= 2 * window
        score = (now - expected) / np.sqrt(expected + self.floor) if known else now
        return np.maximum(score, 0.0).astype(np.float32)
