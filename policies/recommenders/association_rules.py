"""What is in one basket with the things this consumer chose."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from policies.recommenders._counts import WEIGHT, popular, unknown
from policies.recommenders._neighbours import Lists, baskets, dated_baskets, empty_lists
from policies.recommenders._personal import personal_pages
from policies.recommenders._rules import rules
from policies.recommenders._shelves import shelves
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Single, Slates


@dataclass(frozen=True)
class AssociationRules:
    """Show what rules of the form "who has i also has c" conclude from the consumer's profile.

    Baskets are what was clicked, carted or ordered in one session, or by one consumer.  Of a rule i -> c: ``support =
    both / baskets``, ``confidence = both / one``, ``lift = confidence / (other / baskets)``.  ``score(c) = sum of the
    measure`` over the rules that reach all three minima and whose i is in the profile: the session's clicks, then the
    newest acts before the last fit, ``history`` contents in all.  Page n shows the next k; what the session clicked is
    left out; popularity fills what stays empty.  Rules have one content on each side.

    Parameters
    ----------
    measure : str
        ``confidence``, ``lift`` or ``support``: what ranks.
    basket : str
        ``session`` or ``consumer``.
    min_support : int, baskets
        Baskets that must hold both.
    min_confidence : float
        Share of the baskets with the one that must hold the other too.
    min_lift : float
        How many times as often as by chance the two must be together.
    rules : int
        Rules kept per content, the strongest.
    history : int
        Contents in a profile.
    half_life_days : float, days
        Of the popularity that fills up.

    References
    ----------
    Agrawal, Imieliński & Swami, SIGMOD 1993 (support, confidence); Brin, Motwani, Ullman & Tsur, SIGMOD 1997 (lift,
    there called interest).
    """

    measure: Literal["confidence", "lift", "support"] = "confidence"
    basket: Literal["session", "consumer"] = "session"
    min_support: Annotated[int, Field(ge=1)] = 2
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    min_lift: Annotated[float, Field(ge=0)] = 1.0
    rules: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 10
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know no rule: popularity, which knows nothing either, fills every page."""
        self._state.shelves = shelves(catalogue, *unknown(catalogue))
        self._keep(empty_lists(catalogue.n_consumers), empty_lists(catalogue.n_contents), np.empty(0, np.float32))

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count the baskets anew, from the whole log."""
        n = catalogue.n_contents
        held = baskets(log, catalogue.n_consumers, n)
        together = held if self.basket == "consumer" else _by_session(log, n)
        minima = (self.min_support, self.min_confidence, self.min_lift)
        self._keep(held, *rules(together, n, self.rules, self.measure, *minima))
        self._state.shelves = popular(log, catalogue, self.half_life_days)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of what the rules conclude."""
        state, shelf = self._state, self._state.shelves
        return Slates(
            personal_pages(
                requests.consumer, requests.page, requests.surface, requests.query, requests.minute, requests.recent,
                requests.view.room_offer, k, self.history, state.held.start, state.held.member, state.then.start,
                state.then.member, state.strength, state.scratch, shelf.start, shelf.member, shelf.category,
                shelf.listed, shelf.first_room,
            )
        )  # fmt: skip

    def _keep(self, held: Lists, then: Lists, strength: Single) -> None:
        self._state.held, self._state.then, self._state.strength = held, then, strength
        # zero between calls; kept because clearing it per call would cost more than a small batch
        self._state.scratch = np.zeros(len(then.start) - 1)


def _by_session(log: BehaviourLog, n_contents: int) -> Lists:
    sessions, number = np.unique(log.session, return_inverse=True)
    return dated_baskets(log, number.astype(np.int32), len(sessions), n_contents, tuple(WEIGHT))[0]
