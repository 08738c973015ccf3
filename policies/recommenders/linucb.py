"""The best that a click rate may plausibly be, by what consumer and content have in common."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from pydantic import Field

from policies.recommenders._contexts import FEATURES, accumulate, clicked_later, contexts_of, scored_pages
from policies.recommenders._trials import hopeful, posterior, trials
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates

PRIOR_LOOKS = 20.0
FOREVER = 1e6
"""A half-life in days: looks do not age."""


@dataclass(frozen=True)
class Linucb:
    """Rank by an upper confidence bound of the click rate, linear in features of consumer, content and view.

    ``score = theta' x + e + alpha * sqrt(x' A^-1 x + 1 / (ridge + n))``, where ``A = ridge * I + sum x x'`` and
    ``theta = A^-1 sum r x`` over the logged looks (r = 1 where a click followed in the session), n are the content's
    looks, and ``e = sum (r - theta' x) / (ridge + n)`` is its own effect: the shared and the content's part are fitted
    one after the other.  Features: 1; the share of the category in what the consumer clicked, carted and ordered
    before; whether there was any; log price; discount; newness, ``exp(-age / 7 days)``; video; room; the click
    rate of the category in the consumer's segment.  Ranked are the ``candidates`` of each shelf with the highest
    ``mean + 2 sd`` of their own click rate; the others follow in that order.  Page n shows the next k.

    Given model, view and request nothing is random: the logged propensity of every place is 1.

    Parameters
    ----------
    alpha : float
        How much is hoped for: standard errors above the mean.
    ridge : float, looks
        Weight of the prior that nothing matters.
    candidates : int, contents
        Of each shelf, scored.

    References
    ----------
    Li, Chu, Langford & Schapire, A contextual-bandit approach to personalized news article recommendation, WWW 2010,
    algorithms 1 and 2, there with both parts fitted at once.
    """

    alpha: Annotated[float, Field(ge=0, le=100)] = 0.2
    ridge: Annotated[float, Field(gt=0)] = 10.0
    candidates: Annotated[int, Field(ge=1, le=2000)] = 200
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing: every content may be as good as any."""
        state = self._state
        state.contexts = contexts_of(catalogue, None)
        nothing = np.zeros(catalogue.n_contents)
        state.shelves = hopeful(catalogue, *posterior(nothing, nothing, PRIOR_LOOKS))
        state.theta, state.inverse = np.zeros(FEATURES), np.eye(FEATURES) / self.ridge
        state.effect = np.zeros(catalogue.n_contents)
        state.doubt = np.full(catalogue.n_contents, 1.0 / self.ridge)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn anew from all logged looks, each with what was known of its consumer at that time."""
        state = self._state
        looks, clicks = trials(log, catalogue.n_contents, FOREVER)
        state.shelves = hopeful(catalogue, *posterior(looks, clicks, PRIOR_LOOKS))
        state.contexts = contexts_of(catalogue, log)
        reward = clicked_later(log, catalogue.n_contents)
        moments, products, _ = accumulate(log, reward, state.contexts, np.zeros(FEATURES))
        state.inverse = np.linalg.inv(moments + self.ridge * np.eye(FEATURES))
        state.theta = state.inverse @ products
        _, _, residual = accumulate(log, reward, state.contexts, state.theta)
        state.effect = residual / (self.ridge + looks)
        state.doubt = 1.0 / (self.ridge + looks)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        state = self._state
        content = scored_pages(
            requests, k, self.candidates, self.alpha, state.contexts, state.shelves, state.theta, state.inverse,
            state.effect, state.doubt,
        )  # fmt: skip
        return Slates(content, None, np.ones(content.shape, np.float32))
