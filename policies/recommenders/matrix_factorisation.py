"""What consumers of like taste like: latent factors from implicit feedback."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from policies.recommenders import _als, _implicit
from policies.recommenders._als import solve
from policies.recommenders._bpr import descend
from policies.recommenders._counts import popular
from policies.recommenders._factors import no_lists, pages, stock_lists
from policies.recommenders._own_share import late_looks, moved, usual
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._tastes import Double, Tastes, one_each, tastes
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates


@dataclass(frozen=True)
class MatrixFactorisation:
    """Show the contents whose latent factors agree best with the consumer's: ``score(u, c) = x_u . y_c``.

    ``als`` minimises ``sum (1 + alpha r_uc) (p_uc - x_u . y_c)^2 + damping (sum |x_u|^2 + sum |y_c|^2)`` over all
    pairs, p = 1 where u acted on c, by exact least squares, in turn for consumers and contents.  ``bpr`` maximises
    ``sum ln sigma(x_u . (y_c - y_d)) - damping |.|^2`` over drawn d that u did not act on, by gradient steps.
    ``r = log2(1 + acts)``, weights 1 a click, 3 a cart, 10 an order.  The best ``retrieved`` contents of each
    consumer are listed at the fit; each click in the session adds the list of somebody known by that click alone.
    With ``als``, consumers' factors are first moved towards their mean, as far as pages that were looked at say
    (`_own_share`): where tastes tell nothing all see the same, where no impressions are logged nothing is moved.
    A list counts what is above its end.  Page n shows the next k; what the session clicked is left out; popularity
    fills what stays empty.

    Parameters
    ----------
    method : str
        ``als`` or ``bpr``.
    factors : int
        Length of the latent vectors.
    iterations : int
        Rounds of ALS; BPR goes through as many likings as there are, drawn, three times per round.
    damping : float
        Pulls factors towards zero; of BPR a thousandth of it counts.
    alpha : float
        Confidence that one click adds (ALS).
    learning_rate : float
        Of a gradient step (BPR).
    retrieved : int
        Contents listed per consumer and per content.
    hide_seen : bool
        Whether what a consumer has acted on stays off the own list.
    half_life_days : float, days
        Of the popularity that fills up.
    library : str
        ``own``, or ``implicit`` (the extra ``fast``) for ALS: the same answers but for the last digits of the factors.

    References
    ----------
    Hu, Koren & Volinsky, ICDM 2008, equations 3-5; Rendle, Freudenthaler, Gantner & Schmidt-Thieme, UAI 2009.
    """

    method: Literal["als", "bpr"] = "als"
    factors: Annotated[int, Field(ge=1, le=256)] = 32
    iterations: Annotated[int, Field(ge=1, le=100)] = 8
    damping: Annotated[float, Field(gt=0)] = 10.0
    alpha: Annotated[float, Field(gt=0)] = 1.0
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.05
    retrieved: Annotated[int, Field(ge=1, le=1000)] = 100
    hide_seen: bool = False
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    library: Literal["own", "implicit"] = "own"
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        if self.library == "implicit":
            if self.method != "als":
                raise ValueError("library: implicit is for method: als")
            _implicit.check_installed()

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing about anybody: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.rng = rng
        no_lists(self._state, catalogue.n_contents, catalogue.n_consumers)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn the factors anew, from the whole log, and list each consumer's best."""
        liked = tastes(log, catalogue.n_consumers, catalogue.n_contents)
        factors = self._als(log, liked) if self.method == "als" else self._bpr(liked)
        stock_lists(self._state, *factors, self.retrieved, liked if self.hide_seen else None)
        self._state.shelves = popular(log, catalogue, self.half_life_days)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        return pages(self._state, requests, k)

    def _als(self, log: BehaviourLog, liked: Tastes) -> tuple[Double, Double, Double]:
        """Return the factors of consumers, of who is known by one click, and of contents."""
        rng: KeyedRng = self._state.rng
        late = late_looks(log, len(liked), rng.generator(3))
        first = rng.generator(0).normal(0, 0.1, (liked.width, self.factors))
        alternate = _implicit.alternate if self.library == "implicit" else _als.alternate
        learned = tastes(late.earlier, len(liked), liked.width)
        earlier, contents = alternate(learned, first, self.alpha, self.damping, self.iterations)
        share, mean = late.own_share(earlier, contents), usual(earlier)
        consumers, clicks = (
            moved(solve(rows, contents, self.alpha, self.damping), mean, share)
            for rows in (liked, one_each(liked.width))
        )
        return consumers, clicks, contents

    def _bpr(self, liked: Tastes) -> tuple[Double, Double, Double]:
        """Return the same; who is known by one click has that content's direction and everybody's average length."""
        rng: KeyedRng = self._state.rng
        spread = 0.1 / np.sqrt(self.factors)
        consumers, contents = (
            rng.generator(1 + side).normal(0, spread, (n, self.factors + 1))
            for side, n in enumerate((len(liked), liked.width))
        )
        consumers[:, -1], contents[:, -1] = 1.0, 0.0
        descend(liked, consumers, contents, rng.key, self.learning_rate, self.damping / 1000, 3 * self.iterations)
        known = np.diff(liked.start) > 0
        consumers[~known] = 0.0
        length = np.sqrt((consumers[known, :-1] ** 2).sum(axis=1)).mean() if known.any() else 0.0
        clicks = contents / np.maximum(np.sqrt((contents[:, :-1] ** 2).sum(axis=1, keepdims=True)), 1e-12) * length
        clicks[:, -1] = 1.0
        clicks[np.bincount(liked.member, minlength=liked.width) == 0] = 0.0
        return consumers, clicks, contents
