"""What consumers like this one liked."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from policies.recommenders._alike import Columns, Rows, alike_pages, columns_of, rows_of, sums
from policies.recommenders._counts import WEIGHT, popular
from policies.recommenders._grades import GRADED
from policies.recommenders._neighbours import baskets, dated_baskets, empty_lists
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._stars import Double, by_consumers, stars
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Slates


@dataclass(frozen=True)
class UserKnn:
    """Show what the consumers nearest to this one clicked, carted or ordered.

    ``score(c) = sum of similarity(u, v) ** sharpness`` over the ``neighbours`` consumers v nearest to u who hold c.
    Neighbours are found when the page is asked for, so the session's clicks count, and a newcomer has neighbours after
    one click.  Page n shows the next k; what the session clicked is left out; popularity fills what stays empty.

    Similarities of the rows of two consumers over contents, the row of u being its profile (the session's clicks, then
    the newest acts before the last fit, ``history`` contents in all):

    - ``cosine``: ``both / (sqrt(one * other) + shrinkage)``, counts of contents clicked, carted or ordered;
    - ``pearson`` and ``adjusted_cosine``: the cosine of grades (stars where rated; else 3 a click, 4 a cart, 5 an
      order, 1 a return) less the consumer's mean, or less the content's mean, times ``both / (both + shrinkage)``.
      Only what is above 0 counts.  They tell nothing where all grades are alike.

    Parameters
    ----------
    neighbours : int
        Consumers who vote.
    history : int
        Contents in a profile.
    shrinkage : float
        Contents by which a similarity resting on few of them is damped.
    half_life_days : float, days
        Of the popularity that fills up.
    similarity : str
        ``cosine``, ``pearson`` or ``adjusted_cosine``.
    sharpness : float
        Above 1 the nearest of the neighbours count for more.
    holders : int
        Consumers who are found through one content: those who acted on it last.  Bounds the work for bestsellers.

    References
    ----------
    Resnick et al., GroupLens, CSCW 1994 (Pearson); Herlocker, Konstan, Borchers & Riedl, SIGIR 1999 (damping); summed
    without division by the weights as Cremonesi, Koren & Turrin, RecSys 2010, advise for top lists; the newest holders
    as in Jannach & Ludewig, RecSys 2017.
    """

    neighbours: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 20
    shrinkage: Annotated[float, Field(ge=0)] = 5.0
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    similarity: Literal["cosine", "pearson", "adjusted_cosine"] = "cosine"
    sharpness: Annotated[float, Field(gt=0, le=10)] = 1.0
    holders: Annotated[int, Field(ge=1, le=100_000)] = 200
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing about anybody: popularity, which knows nothing either, fills every page."""
        order, n_users, n = unranked(catalogue), catalogue.n_consumers, catalogue.n_contents
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        nobody, nothing = empty_lists(n_users), np.empty(0)
        self._state.votes, self._state.stars = nobody, stars(None, n_users, n)
        self._state.rows = Rows(nobody, nothing, np.zeros(n_users), np.zeros(n_users), np.zeros(n))
        self._state.columns = Columns(empty_lists(n), nothing)
        self._state.sums = sums(n_users, n)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Note anew who holds what, from the whole log."""
        n_users, n = catalogue.n_consumers, catalogue.n_contents
        acts = tuple(WEIGHT) if self.similarity == "cosine" else GRADED
        held, ago = dated_baskets(log, log.consumer, n_users, n, acts)
        rows = rows_of(log, held, n, self.similarity)
        self._state.votes = held if self.similarity == "cosine" else baskets(log, n_users, n)
        self._state.rows, self._state.columns = rows, columns_of(rows, ago, n, self.holders)
        self._state.shelves = popular(log, catalogue, self.half_life_days)
        self._state.sums, self._state.stars = sums(n_users, n), stars(log, n_users, n)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of what the neighbours hold."""
        dot, both, score = self._state.sums
        rows, columns, votes, shelf = (getattr(self._state, name) for name in ("rows", "columns", "votes", "shelves"))
        return Slates(
            alike_pages(
                requests.consumer, requests.page, requests.surface, requests.query, requests.minute, requests.recent,
                requests.view.room_offer, k, self.history, self.neighbours, self.shrinkage, self.sharpness,
                self.similarity != "cosine", rows.held.start, rows.held.member, rows.value, rows.square,
                rows.click, rows.click_on, columns.held.start, columns.held.member, columns.value, votes.start,
                votes.member, dot, both, score, shelf.start, shelf.member, shelf.category, shelf.listed,
                shelf.first_room,
            )
        )  # fmt: skip

    def predict_ratings(self, consumer: Int, content: Int) -> Double:
        """Return the stars that each consumer would give each content: see `by_consumers`."""
        return by_consumers(self._state.stars, self.neighbours, self.shrinkage, consumer, content)
