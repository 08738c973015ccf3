"""A new recommender tried beside the one that serves, unseen."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from policies.recommenders._inside import Holder, parts, sound, together
from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.popularity import Popularity
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.policy.served import Account, PartSlates
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates

COUNTS = (
    "shadow_pages", "shadow_failed", "shadow_answered", "shadow_same_first", "shadow_places", "shadow_shared_places",
    "shadow_sold_out_places",
)  # fmt: skip
"""Pages asked for; calls that failed; pages answered; of these with the live first place; places filled; of these with
what the live page holds too; with sold-out offers."""


@dataclass(frozen=True)
class Shadow(Holder):
    """Serve ``live``; ask ``candidate`` for the same pages, show none of them, and count how they differ.

    The world is the same, to the bit, as with ``live`` alone.  What the candidate would have shown is told by
    `diagnostics`, and by the KPI ``recommender_told``: pages asked and answered, calls that failed, places filled,
    those that hold what the live page holds too, pages with the same first place, places on sold-out offers.  A
    candidate that raises or answers nonsense is counted and changes nothing.

    Parameters
    ----------
    live : recommender
        Who serves.
    candidate : recommender
        Who would like to.

    References
    ----------
    Overlap of pages: Webber, Moffat & Zobel, A similarity measure for indefinite rankings, TOIS 28 (2010), section 3
    (here at one depth, the page).
    """

    live: Recommender = field(default_factory=Popularity)
    candidate: Recommender = field(default_factory=ItemKnn)
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Begin both, the live one with the key it would have alone."""
        state = self._state
        state.counts, state.first_error = dict.fromkeys(COUNTS, 0), ""
        state.offer = catalogue.offer.copy()
        self.live.begin(rng, catalogue)
        try:
            self.candidate.begin(rng, catalogue)
            state.begun = True
        except Exception as error:  # whatever the candidate raises must not reach the live page
            state.begun = False
            self._failed(error)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let both learn."""
        self.live.fit(log, catalogue)
        self._state.offer = catalogue.offer.copy()
        try:
            if self._state.begun:
                self.candidate.fit(log, catalogue)
        except Exception as error:  # as above
            self._failed(error)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the live pages, whatever the candidate says."""
        shown = self.live.recommend(requests, k)
        told = {"shadow_pages": len(requests)}
        try:
            if self._state.begun:
                told |= self._compared(shown.content, requests, k)
        except Exception as error:  # as above
            told["shadow_failed"] = 1
            self._state.first_error = self._state.first_error or f"{type(error).__name__}: {error}"
        for name, count in told.items():
            self._state.counts[name] += count
        unserved, accounts = parts(shown)
        account = together((*accounts, Account(told=told)))
        return PartSlates(shown.content, shown.score, shown.propensity, unserved, account)

    def diagnostics(self) -> dict[str, int]:
        """Return what was counted since the policy began."""
        return dict(self._state.counts)

    def _compared(self, shown: Int, requests: PageRequests, k: int) -> dict[str, int]:
        offer = self._state.offer
        slates = self.candidate.recommend(requests, k)
        unseen = sound(self.candidate, slates.content, shown.shape, len(offer))
        unserved = parts(slates)[0]
        answered = np.ones(len(requests), np.bool_) if unserved is None else ~unserved
        counts = _count(np.ascontiguousarray(shown, np.int32), unseen, answered, offer, requests.view.available)
        return dict(zip(COUNTS[2:], counts.tolist(), strict=True))

    def _failed(self, error: Exception) -> None:
        self._state.counts["shadow_failed"] += 1
        self._state.first_error = self._state.first_error or f"{type(error).__name__}: {error}"


@allocating
def _count(shown, unseen, answered, offer, available):  # type: ignore[no-untyped-def]  # numba compiles it
    counts = np.zeros(5, np.int64)
    for i in np.flatnonzero(answered):
        counts[0] += 1
        counts[1] += shown[i, 0] == unseen[i, 0]
        for c in unseen[i]:
            if c >= 0:
                counts[2] += 1
                counts[4] += offer[c] >= 0 and available[offer[c]] <= 0
                for other in shown[i]:
                    counts[3] += other == c
    return counts
