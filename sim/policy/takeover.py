"""One recommender serves first, so that another, which learns, does not start from nothing."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class Takeover:
    """A recommender that leaves its pages to another one until a given minute.

    Until then it is neither started nor fitted nor asked.  At that minute it is fitted on the log that the first one
    made; it serves from the view that is taken next.  Worlds that differ in nothing but ``original`` are the same
    until then.

    Parameters
    ----------
    original : Recommender
        Who serves in the end: the identity of both.
    first : Recommender
        Who serves until ``minute``, and learns on the same schedule.
    minute : float
    """

    original: Any
    first: Any
    minute: float
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    @property
    def privileged(self) -> bool:
        """Whether one of the two asks for the latent truth."""
        return any(getattr(policy, "privileged", False) for policy in (self.first, self.original))

    @property
    def reads_comments(self) -> bool:
        """Whether one of the two reads comments."""
        return any(getattr(policy, "reads_comments", False) for policy in (self.first, self.original))

    def reveal(self, truth: Any) -> None:
        """Hand the latent truth to the one that asks for it."""
        for policy in (self.first, self.original):
            if getattr(policy, "privileged", False):
                policy.reveal(truth)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Start the first one."""
        self._state.rng = rng
        self._state.over = False
        self.first.begin(rng, catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let the one learn who serves from now on."""
        if log.until < self.minute:
            self.first.fit(log, catalogue)
            return
        if not self._state.over:
            self._state.over = True
            self.original.begin(self._state.rng, catalogue)
        self.original.fit(log, catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the slates of whoever serves at the minute of the requests' view."""
        serves = self.first if requests.view.minute < self.minute else self.original
        slates: Slates = serves.recommend(requests, k)
        return slates
