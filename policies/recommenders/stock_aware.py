"""What can be had, and had soon."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._inside import Holder
from policies.recommenders._rerank import Goods, head, reranked
from policies.recommenders.item_knn import ItemKnn
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.compiled import allocating
from sim.schema.draws import extend, uniform
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates

MINUTES_PER_DAY = 1440.0
PRIOR_ORDERS = 20.0
"""Orders by which a merchant's mean time to deliver is drawn towards that of all."""


@dataclass(frozen=True)
class StockAware(Holder):
    """Re-rank another policy's candidates: what is short, slow or sold out goes behind what is not.

    In this order, each group as the base has it: what is in stock; what is short, for this session; what is
    delivered slowly; what is sold out.  Content is short for a session with probability
    ``1 - available / (cover_days * units wanted a day)``: so an offer is shown in proportion to the demand that it
    can serve until more comes, and the rest is spread over others.  The draw is the session's own, the same on
    every page and for every content of an offer.  Rooms stay where they are: they sell from their allotment.

    Units wanted a day: ordered, and asked for in vain, ``0.5 ** (age / half-life)`` weighted.  Days to deliver:
    from order to rating, mean per merchant, drawn towards that of all as by 20 orders; known after delivery only.

    Parameters
    ----------
    base : recommender
        Whose ranking is re-ranked.
    cover_days : float, days
        Sales to come that stock should last for; 0 spreads nothing.
    soon_days : float, days
        Merchants that take longer on average go behind.
    half_life_days : float, days
        Age at which a unit wanted counts half.
    candidates : int, contents
        How deep the base's ranking is re-ranked; what lies behind follows unchanged.

    References
    ----------
    Spreading demand over capacity: Christakopoulou, Kawale & Banerjee, Recommendation with capacity constraints,
    CIKM 2017.  The rule here is simpler: a lottery, offer by offer.
    """

    base: Recommender = field(default_factory=ItemKnn)
    cover_days: Annotated[float, Field(ge=0, le=365)] = 1.0
    soon_days: Annotated[float, Field(gt=0)] = 10.0
    half_life_days: Annotated[float, Field(gt=0)] = 2.0
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know of stock what the view shows, of demand and delivery nothing."""
        super().begin(rng, catalogue)
        self._state.key = np.uint64(rng.key)
        self._state.goods = Goods(catalogue)
        self._state.needed = np.zeros(catalogue.n_offers)
        self._state.slow = np.zeros(catalogue.n_offers, np.bool_)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count what was wanted and how long it took, from the whole log."""
        super().fit(log, catalogue)
        self._state.goods = Goods(catalogue)
        self._state.needed = self.cover_days * wanted_a_day(log, catalogue.n_offers, self.half_life_days)
        self._state.slow = (days_to_deliver(log, catalogue) > self.soon_days)[catalogue.merchant]

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the re-ranked list."""
        state = self._state
        ranked = head(self.base, requests, k, self.candidates, len(state.goods.offer))
        group = _groups(
            ranked.content, self.candidates, state.key, requests.session, state.goods.offer, requests.view.available,
            state.needed, state.slow,
        )  # fmt: skip
        return ranked.pages(reranked(ranked.content, group, requests.page, k))


def wanted_a_day(log: BehaviourLog, n_offers: int, half_life_days: float) -> NDArray[np.float64]:
    """Return the units of each offer ordered or asked for in vain, per day, recent days first."""
    rows = np.flatnonzero(np.isin(log.act, (Act.ORDER, Act.STOCKOUT)) & (log.offer >= 0))
    half_life = half_life_days * MINUTES_PER_DAY
    weight = log.value[rows] * 0.5 ** ((log.until - log.minute[rows]) / half_life)
    # what a steady unit a day adds up to, from the start until now
    days = half_life_days / np.log(2.0) * -np.expm1(-np.log(2.0) * log.until / half_life)
    wanted = np.bincount(log.offer[rows], weight, minlength=n_offers).astype(np.float64)
    a_day: NDArray[np.float64] = wanted / max(days, 1.0 / MINUTES_PER_DAY)
    return a_day


def days_to_deliver(log: BehaviourLog, catalogue: CatalogueView) -> NDArray[np.float64]:
    """Return the days from order to rating, per merchant; 0 where nobody's orders have been rated."""
    n_merchants = int(catalogue.merchant.max(initial=-1)) + 1
    orders, ratings = np.flatnonzero(log.act == Act.ORDER), np.flatnonzero(log.act == Act.RATING)
    if len(orders) == 0 or len(ratings) == 0:
        return np.zeros(n_merchants)
    n = catalogue.n_offers
    bought, rated = (log.session[rows] * n + log.offer[rows] for rows in (orders, ratings))
    first = np.unique(bought, return_index=True)  # a session's first order of an offer
    at = np.minimum(np.searchsorted(first[0], rated), len(first[0]) - 1)
    known = first[0][at] == rated
    ratings, order = ratings[known], orders[first[1][at[known]]]
    if len(ratings) == 0:
        return np.zeros(n_merchants)
    took = (log.minute[ratings] - log.minute[order]) / MINUTES_PER_DAY
    whose = catalogue.merchant[log.offer[ratings]]
    total = np.bincount(whose, took, minlength=n_merchants) + PRIOR_ORDERS * took.mean()
    days: NDArray[np.float64] = total / (np.bincount(whose, minlength=n_merchants) + PRIOR_ORDERS)
    return days


@allocating
def _groups(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    content, candidates, key, session, offer, available, needed, slow
):
    n = len(content)
    score = np.zeros((n, candidates), np.float32)
    for i in range(n):
        row = extend(key, np.uint64(session[i]))
        for rank in range(candidates):
            c = content[i, rank]
            if c < 0:
                continue
            o = offer[c]
            if o < 0:
                score[i, rank] = 3.0
            elif available[o] <= 0:
                score[i, rank] = 0.0
            elif slow[o]:
                score[i, rank] = 1.0
            elif available[o] < needed[o] and uniform(row, 0, o) * needed[o] >= available[o]:
                score[i, rank] = 2.0
            else:
                score[i, rank] = 3.0
    return score
