"""The best low-rank picture of who likes what: PureSVD."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from policies.recommenders._counts import popular
from policies.recommenders._factors import no_lists, pages, stock_lists
from policies.recommenders._one_thread import one_thread
from policies.recommenders._own_share import late_looks, moved, usual
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._stars import stars
from policies.recommenders._tastes import Double, Tastes, tastes
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates

OVERSAMPLING, PASSES = 10, 6
"""Directions beyond ``factors``, and rounds of the power iteration, of the randomised decomposition."""


@dataclass(frozen=True)
class Svd:
    """Show the contents nearest to the consumer's row in the space of the largest singular vectors.

    ``score(u, c) = r_u V v_c``, V the first ``factors`` right singular vectors of the implicit matrix R, whose
    columns are first multiplied by ``(consumers who acted on c) ^ (popularity - 1)``: at ``popularity = 1`` this is
    PureSVD.  ``r = log2(1 + acts)``, weights 1 a click, 3 a cart, 10 an order.  A click in the session adds that
    content's own part of the sum, so new consumers are folded in by what they click.  Tastes, points of that space,
    are first moved towards their mean as far as pages that were looked at say (`_own_share`).  The best
    ``retrieved`` contents of each consumer are listed at the fit; a list counts what is above its end.  Page n shows
    the next k; what the session clicked is left out; popularity fills what stays empty.

    Parameters
    ----------
    factors : int
        Singular vectors.
    popularity : float
        How far much acted on contents weigh more: 1 as in R itself, 0 as by cosine.
    retrieved : int
        Contents listed per consumer and per content.
    hide_seen : bool
        Whether what a consumer has acted on stays off the own list.
    half_life_days : float, days
        Of the popularity that fills up.

    References
    ----------
    Ratings: Sarwar, Karypis, Konstan & Riedl, WebKDD 2000, around what Koren (2010) takes for usual.
    Cremonesi, Koren & Turrin, RecSys 2010, equation 11; scaled columns: Nikolakopoulos et al., EigenRec, Knowledge
    and Information Systems 58 (2019); Halko, Martinsson & Tropp, SIAM Review 53 (2011), algorithm 4.4.
    """

    factors: Annotated[int, Field(ge=1, le=256)] = 32
    popularity: Annotated[float, Field(ge=0, le=2)] = 0.5
    retrieved: Annotated[int, Field(ge=1, le=1000)] = 100
    hide_seen: bool = False
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing about anybody: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.rng = rng
        self._rated(None, catalogue)
        no_lists(self._state, catalogue.n_contents, catalogue.n_consumers)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Decompose anew, from the whole log, and list each consumer's best."""
        liked = tastes(log, catalogue.n_consumers, catalogue.n_contents)
        late = late_looks(log, catalogue.n_consumers, self._state.rng.generator(2))
        learned = tastes(late.earlier, catalogue.n_consumers, catalogue.n_contents)
        scale = _scale(learned, self.popularity)
        matrix = _scaled(learned, scale)
        right = _right_vectors(matrix, self.factors, self._state.rng.generator(0))
        earlier = np.ascontiguousarray(matrix @ right)
        share, mean = late.own_share(earlier, right), usual(earlier)
        consumers = moved(np.ascontiguousarray(_scaled(liked, scale) @ right), mean, share)
        clicks = moved(right * scale[:, None], mean, share)
        stock_lists(self._state, consumers, clicks, right, self.retrieved, liked if self.hide_seen else None)
        self._state.shelves = popular(log, catalogue, self.half_life_days)
        self._rated(log, catalogue)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        return pages(self._state, requests, k)

    def predict_ratings(self, consumer: Int, content: Int) -> Double:
        """Return the stars that each consumer would give each content.

        What is usual for both, and the low-rank picture of what ratings leave beside it, 0 where there are none.
        """
        state = self._state
        more = (state.tastes[consumer] * state.looks[content]).sum(axis=1)
        predicted: Double = state.stars.predicted(consumer, content, more)
        return predicted

    def _rated(self, log: BehaviourLog | None, catalogue: CatalogueView) -> None:
        found = self._state.stars = stars(log, catalogue.n_consumers, catalogue.n_contents)
        rated = found.off.nnz > 0
        rng = self._state.rng.generator(1)
        looks = _right_vectors(found.off, self.factors, rng) if rated else np.zeros((catalogue.n_contents, 1))
        self._state.tastes, self._state.looks = found.off @ looks, looks


def _scale(liked: Tastes, popularity: float) -> Double:
    """Return what each column is multiplied by."""
    holders = np.bincount(liked.member, minlength=liked.width)
    scale: Double = np.maximum(holders, 1) ** (popularity - 1.0)
    return scale


def _scaled(liked: Tastes, scale: Double) -> Any:
    """Return the implicit matrix with its columns scaled."""
    from scipy.sparse import csr_matrix

    return csr_matrix((liked.liking * scale[liked.member], liked.member, liked.start), (len(liked), liked.width))


def _right_vectors(matrix: Any, factors: int, rng: np.random.Generator) -> Double:
    """Return the first right singular vectors, float64[n_contents, factors or fewer], by a power iteration."""
    wide = min(factors + OVERSAMPLING, *matrix.shape)
    turned = matrix.T.tocsr()
    basis = rng.normal(size=(matrix.shape[1], wide))
    with one_thread():
        for _ in range(PASSES):
            basis = np.linalg.qr(turned @ (matrix @ basis))[0]
        _, _, rotation = np.linalg.svd(matrix @ basis, full_matrices=False)
        right: Double = basis @ rotation[:factors].T
    return right
