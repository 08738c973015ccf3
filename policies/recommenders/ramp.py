"""A new recommender let in step by step."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._inside import Holder
from policies.recommenders.hybrid import by_member
from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.popularity import Popularity
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating
from sim.schema.draws import extend, uniform
from sim.schema.recommending import CatalogueView, Int, PageRequests, Slates

MINUTES_PER_DAY = 1440.0
RAMP = 0x52414D50
"""Keys the consumers' numbers: the same in every run, so that a consumer is let in as early in each."""


@dataclass(frozen=True)
class Ramp(Holder):
    """Let ``new`` serve a growing share of consumers, ``old`` the others.

    ``share(t) = first + (last - first) * (t - begin) / grows_for``, held within [first, last]; ``first`` before
    ``begin``.  A consumer has a number in (0, 1), a hash of its id, and is served by ``new`` from when the share
    exceeds it: who has the new one keeps it while the share does not fall.  Both learn from the whole log.

    Parameters
    ----------
    old : recommender
        Who serves to begin with.
    new : recommender
        Who takes over.
    begin_day : float, days
        When the share begins to grow, since the start.
    grows_for_days : float, days
        How long it grows; 0 is a switch.
    first : float
        Share of consumers before.
    last : float
        Share of consumers after.

    References
    ----------
    Xia et al., Safe velocity: a practical guide to software deployment at scale using controlled rollout, ICSE-SEIP
    2019.
    """

    old: Recommender = field(default_factory=Popularity)
    new: Recommender = field(default_factory=ItemKnn)
    begin_day: Annotated[float, Field(ge=0)] = 1.0
    grows_for_days: Annotated[float, Field(ge=0)] = 7.0
    first: Annotated[float, Field(ge=0, le=1)] = 0.0
    last: Annotated[float, Field(ge=0, le=1)] = 1.0

    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Let both begin."""
        super().begin(rng, catalogue)
        self._state.n_contents = catalogue.n_contents

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the pages of whoever serves each consumer at that minute."""
        arm = (numbers(requests.consumer) < self.share(requests.minute)).astype(np.int64)
        return by_member((self.old, self.new), arm, requests, k, self._state.n_contents)

    def share(self, minute: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of consumers whom the new one serves at each minute."""
        day = minute / MINUTES_PER_DAY - self.begin_day
        grown = np.clip(day / self.grows_for_days, 0, 1) if self.grows_for_days else (day >= 0).astype(np.float64)
        share: NDArray[np.float64] = self.first + (self.last - self.first) * grown
        return share


def numbers(consumer: Int) -> NDArray[np.float64]:
    """Return each consumer's number in (0, 1)."""
    drawn: NDArray[np.float64] = _numbers(consumer)
    return drawn


@allocating
def _numbers(consumer):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    out = np.empty(len(consumer))
    key = extend(np.uint64(RAMP), np.uint64(0))
    for i in range(len(consumer)):
        out[i] = uniform(key, 0, consumer[i])
    return out
