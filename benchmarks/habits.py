"""A made-up log and requests of many consumers, with the skew of real ones, over the catalogue of a drawn world.

Who does how much is log-normal, what it is done on follows Zipf's law; two thirds of what a consumer does lies in its
own three of 240 groups of contents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView
from sim.world.build import build_world
from sim.world.view import catalogue_view

DAY = 1440.0
DAYS = 14
GROUPS, OWN_GROUPS, IN_OWN_GROUPS = 240, 3, 0.67
NEXT_PAGE, CLICKS_PER_PAGE, MOST_CLICKS = 0.6, 0.6, 8
CLICKED_IN_OWN, CLICKED_ELSEWHERE = 0.12, 0.04
AFTER_CLICK = ((Act.CART, 0.15), (Act.ORDER, 0.05))

Ids = NDArray[np.int64]


def shop(consumers: int, items: int) -> CatalogueView:
    """Return the catalogue of a world as it is drawn where nothing else is said: its texts, tags, prices, videos."""
    size = {"population": {"consumers": consumers}, "catalogue": {"items": items}}
    return catalogue_view(build_world(Scenario.model_validate({"name": "habits", **size}), 0))


@dataclass(frozen=True)
class Habits:
    """Who does how much, and on what.

    Attributes
    ----------
    activity : float64[n_consumers]
        Cumulated.
    groups : int64[n_consumers, OWN_GROUPS]
    ranked : int64[n]
        Offers and videos; group g holds every 240th from the g-th, the best liked first.
    """

    catalogue: CatalogueView
    activity: NDArray[np.float64]
    groups: Ids
    ranked: Ids

    @classmethod
    def of(cls, catalogue: CatalogueView) -> "Habits":
        """Return the habits of a catalogue's consumers."""
        rng = np.random.default_rng(1)
        activity = np.cumsum(rng.lognormal(0, 1, catalogue.n_consumers))
        groups = rng.integers(0, GROUPS, (catalogue.n_consumers, OWN_GROUPS))
        return cls(catalogue, activity, groups, rng.permutation(np.flatnonzero(catalogue.kind != ContentKind.ROOM)))

    def who(self, rng: np.random.Generator, n: int) -> Ids:
        """Return n consumers, the active more often."""
        return np.searchsorted(self.activity, rng.random(n) * self.activity[-1]).astype(np.int64)

    def what(self, rng: np.random.Generator, consumer: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """Return a content for each consumer, and whether it is of one of its groups."""
        n, size = len(consumer), len(self.ranked)
        rank = (size + 1.0) ** rng.random(n) - 1.0  # Zipf's law, exponent 1
        own = rng.random(n) < IN_OWN_GROUPS
        group = self.groups[consumer, rng.integers(0, OWN_GROUPS, n)]
        in_group = (rank / size * (size // GROUPS)).astype(np.int64) * GROUPS + group
        near_top = np.minimum((size // GROUPS) ** rng.random(n), size // GROUPS - 1).astype(np.int64) * GROUPS + group
        place = np.where(own, np.maximum(in_group, near_top), rank.astype(np.int64))
        return self.ranked[np.minimum(place, size - 1)], own


def likings(habits: Habits, n: int) -> BehaviourLog:
    """Return the log of n acts that all tell of liking: clicks, and some carts and orders."""
    rng = np.random.default_rng(2)
    consumer = habits.who(rng, n)
    content, _ = habits.what(rng, consumer)
    act = rng.choice([Act.CLICK, *(act for act, _ in AFTER_CLICK)], n, p=[0.8, 0.15, 0.05])
    return _log(habits.catalogue, rng.uniform(0, DAYS * DAY, n), act, consumer, content)


def looks(habits: Habits, n: int) -> BehaviourLog:
    """Return the log of n acts of which most are impressions, and what was clicked of these a moment later."""
    rng = np.random.default_rng(3)
    seen = int(n * 0.9)
    consumer = habits.who(rng, seen)
    content, own = habits.what(rng, consumer)
    minute = rng.uniform(0, DAYS * DAY - 2, seen)
    parts = [(minute, np.full(seen, Act.IMPRESSION), consumer, content)]
    clicked = np.flatnonzero(rng.random(seen) < np.where(own, CLICKED_IN_OWN, CLICKED_ELSEWHERE))
    for act, share in ((Act.CLICK, 1.0), *AFTER_CLICK):
        rows = clicked[rng.random(len(clicked)) < share]
        parts.append((minute[rows] + 0.1 * act, np.full(len(rows), act), consumer[rows], content[rows]))
    return _log(habits.catalogue, *(np.concatenate(column) for column in zip(*parts, strict=True)))


def _log(catalogue: CatalogueView, minute: NDArray[np.float64], act: Ids, consumer: Ids, content: Ids) -> BehaviourLog:
    order = np.argsort(minute, kind="stable")
    minute, consumer, content = minute[order], consumer[order], content[order].astype(np.int32)
    n = len(minute)
    place = consumer * 7 + content
    return BehaviourLog(
        minute=minute,
        act=act[order].astype(np.int8),
        consumer=consumer.astype(np.int32),
        content=content,
        offer=catalogue.offer[content],
        session=consumer * DAYS + (minute // DAY).astype(np.int64),
        surface=np.zeros(n, np.int8),
        page=np.zeros(n, np.int32),
        position=(place % 10).astype(np.int32),
        value=np.ones(n),
        propensity=np.full(n, np.nan, np.float32),
        until=DAYS * DAY,
    )


def requests(habits: Habits, n: int) -> PageRequests:
    """Return n requests right after the log: sessions of 2.5 pages, 0.6 clicks on each, a fifth of the rooms live."""
    rng, catalogue = np.random.default_rng(4), habits.catalogue
    consumer = habits.who(rng, n)
    page = rng.geometric(1 - NEXT_PAGE, n) - 1
    clicks = rng.poisson(CLICKS_PER_PAGE * page)
    clicked = np.stack([habits.what(rng, consumer)[0] for _ in range(MOST_CLICKS)], axis=1)
    surface = rng.choice([Surface.FEED, Surface.MALL, Surface.SEARCH], n, p=[0.7, 0.2, 0.1])
    query = rng.integers(0, catalogue.category.max() + 1, n)
    return PageRequests(
        consumer=consumer.astype(np.int32),
        session=rng.permutation(n).astype(np.int64),
        page=page.astype(np.int32),
        surface=surface.astype(np.int8),
        minute=DAYS * DAY + rng.uniform(0, 1, n),
        query=np.where(surface == Surface.SEARCH, query, -1).astype(np.int32),
        recent=np.where(np.arange(MOST_CLICKS) < clicks[:, None], clicked, -1).astype(np.int32),
        view=_view(catalogue, rng),
    )


def _view(catalogue: CatalogueView, rng: np.random.Generator) -> ServingView:
    n_rooms = int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))
    on_show = rng.integers(0, catalogue.n_offers, n_rooms)
    live = rng.random(n_rooms) < 0.2
    return ServingView(
        minute=DAYS * DAY,
        available=rng.integers(0, 50, catalogue.n_offers),
        price=catalogue.list_price,
        sold=rng.integers(0, 50, catalogue.n_offers),
        room_offer=np.where(live, on_show, -1).astype(np.int32),
        room_price=np.where(live, catalogue.list_price[on_show], 0),
    )
