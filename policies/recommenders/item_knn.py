"""What goes with what this consumer liked."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from policies.recommenders import _implicit
from policies.recommenders._counts import popular
from policies.recommenders._grades import GRADED, centred_by_consumer, centred_by_content, grades
from policies.recommenders._neighbours import Lists, baskets, dated_baskets, empty_lists, neighbours
from policies.recommenders._personal import personal_pages
from policies.recommenders._shelves import shelves, unranked
from policies.recommenders._stars import Double, by_contents, stars
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, CatalogueView, Int, PageRequests, Single, Slates


@dataclass(frozen=True)
class ItemKnn:
    """Show the nearest neighbours of what the consumer clicked in this session and acted on before.

    ``score(c) = sum of weight(i) * similarity(i, c)`` over the profile: the session's clicks, then the newest acts
    before the last fit, ``history`` contents in all.  Only the ``neighbours`` nearest of each content count.  Page n
    shows the next k; what the session clicked is left out; popularity fills what stays empty.

    Similarities, of the columns of two contents over consumers:

    - ``cosine``: ``both / (sqrt(one * other) + shrinkage)``, counts of consumers who clicked, carted or ordered;
    - ``pearson`` and ``adjusted_cosine``: the cosine of grades (stars where rated; else 3 a click, 4 a cart, 5 an
      order, 1 a return) less the content's mean, or less the consumer's mean, times ``both / (both + shrinkage)``.
      Only what is above 0 counts.  They tell nothing where all grades are alike.

    Parameters
    ----------
    neighbours : int
        Neighbours kept per content.
    history : int
        Contents in a profile.
    shrinkage : float
        Consumers by which a similarity resting on few of them is damped.
    half_life_days : float, days
        Of the popularity that fills up.
    similarity : str
        ``cosine``, ``pearson`` or ``adjusted_cosine``.
    size_norm : float
        A consumer with m contents counts ``m ** -size_norm``: at 1 each consumer counts as much as any other in all
        that it tells, at 0 each pair of contents as much as any other.
    fade_after : float or None, contents
        Places in a profile over which the weight halves, the newest content having 1; null: all weigh 1.
    library : str
        ``own``, or ``implicit`` (the extra ``fast``) for the cosine without shrinkage: the same answers but for the
        last digits of similarities.

    References
    ----------
    Sarwar, Karypis, Konstan & Riedl, Item-based collaborative filtering, WWW 2001, section 3.1; Deshpande & Karypis,
    TOIS 22 (2004), whose rows of unit length are ``size_norm`` 1; shrinkage as in Bell & Koren, ICDM 2007.
    """

    neighbours: Annotated[int, Field(ge=1, le=1000)] = 50
    history: Annotated[int, Field(ge=1, le=200)] = 10
    shrinkage: Annotated[float, Field(ge=0)] = 10.0
    half_life_days: Annotated[float, Field(gt=0)] = 7.0
    similarity: Literal["cosine", "pearson", "adjusted_cosine"] = "cosine"
    size_norm: Annotated[float, Field(ge=0, le=1)] = 0.0
    fade_after: Annotated[float, Field(gt=0)] | None = None
    library: Literal["own", "implicit"] = "own"
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        if self.library == "implicit":
            if self.similarity != "cosine" or self.shrinkage:
                raise ValueError("library: implicit is for similarity: cosine with shrinkage: 0")
            _implicit.check_installed()

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nothing about anybody: popularity, which knows nothing either, fills every page."""
        order = unranked(catalogue)
        self._state.shelves = shelves(catalogue, order, order[order < catalogue.n_offers])
        self._state.stars = stars(None, catalogue.n_consumers, catalogue.n_contents)
        self._keep(empty_lists(catalogue.n_consumers), empty_lists(catalogue.n_contents), np.empty(0, np.float32))

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count anew who acted on what together, from the whole log."""
        held = baskets(log, catalogue.n_consumers, catalogue.n_contents)
        near, similarity = self._similar(held, log, catalogue)
        self._state.shelves = popular(log, catalogue, self.half_life_days)
        self._state.stars = stars(log, catalogue.n_consumers, catalogue.n_contents)
        self._keep(held, near, similarity)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of each consumer's own ranking."""
        state, shelf = self._state, self._state.shelves
        return Slates(
            personal_pages(
                requests.consumer, requests.page, requests.surface, requests.query, requests.minute,
                requests.recent, requests.view.room_offer, k, self.history, state.held.start,
                state.held.member, state.near.start, state.near.member, state.similarity, state.scratch,
                shelf.start, shelf.member, shelf.category, shelf.listed, shelf.first_room,
                0.5 ** (1 / self.fade_after) if self.fade_after else 1.0,
            )
        )  # fmt: skip

    def predict_ratings(self, consumer: Int, content: Int) -> Double:
        """Return the stars that each consumer would give each content: see `by_contents`."""
        state = self._state
        return by_contents(state.stars, state.near, state.similarity, consumer, content)

    def _similar(self, held: Lists, log: BehaviourLog, catalogue: CatalogueView) -> tuple[Lists, Single]:
        n, value = catalogue.n_contents, np.ones(len(held.member))
        if self.similarity != "cosine":
            held, _ = dated_baskets(log, log.consumer, catalogue.n_consumers, n, GRADED)
            value = grades(log, held, n)
        if self.similarity == "pearson":
            value, _ = centred_by_content(held, value, n)
        if self.similarity == "adjusted_cosine":
            value, _ = centred_by_consumer(held, value)
        size = np.diff(held.start)
        # a pair's product carries the consumer's weight, so each of the two carries its root
        value *= np.repeat(np.maximum(size, 1) ** (-self.size_norm / 2), size)
        if self.library == "implicit":
            return _implicit.neighbours(held, n, self.neighbours, value)
        return neighbours(held, n, self.neighbours, self.shrinkage, value, self.similarity != "cosine")

    def _keep(self, held: Lists, near: Lists, similarity: Single) -> None:
        self._state.held, self._state.near, self._state.similarity = held, near, similarity
        # zero between calls; kept because clearing it per call would cost more than a small batch
        self._state.scratch = np.zeros(len(near.start) - 1)
