"""The reference at the head of the table: it knows what each consumer is worth."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from policies.recommenders._shelves import Shelves, fits, shelves, showable, unranked
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Truth
from sim.schema.compiled import allocating
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class Oracle:
    """Show the contents of highest true expected margin among those whose offer is available now.

    Page n shows the next k; ties go to the smaller id.  Privileged: a reference, not a proven bound, because
    it looks at one page at a time and not at what a sale leaves for later consumers.
    """

    privileged: ClassVar[bool] = True
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def reveal(self, truth: Truth) -> None:
        """Take hold of the latent truth."""
        self._state.truth = truth

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Note what may be shown where."""
        self._note(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn nothing: the truth is known; only the catalogue may have grown."""
        self._note(catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the true ranking."""
        margin = self._state.truth.expected_margin(requests).astype(np.float32)
        shelf: Shelves = self._state.shelves
        view = requests.view
        offer = self._state.offer.copy()
        offer[shelf.first_room :] = view.room_offer
        sold_out = (offer < 0) | (view.available[offer] <= 0)
        return Slates(
            _pages(
                margin, sold_out, requests.page, requests.surface, requests.query, requests.minute,
                view.room_offer, k, shelf.category, shelf.listed, shelf.first_room,
            )
        )  # fmt: skip

    def _note(self, catalogue: CatalogueView) -> None:
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.offer = catalogue.offer.copy()


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    margin, sold_out, page, surface, query, minute, room_offer, k, category, listed, first_room
):
    out = np.full((len(page), k), -1, np.int32)
    for i in range(len(page)):
        left = margin[i].copy()
        for c in range(len(left)):
            possible = fits(c, surface[i], query[i], category)
            if sold_out[c] or not possible or not showable(c, minute[i], listed, first_room, room_offer):
                left[c] = -np.inf
        order = np.argsort(-left, kind="mergesort")
        for place in range(k):
            rank = page[i] * k + place
            if rank < len(order) and left[order[rank]] > -np.inf:
                out[i, place] = order[rank]
    return out
