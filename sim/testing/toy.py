"""A toy world to try recommenders on, made up and seeded: a small catalogue, a log, views and requests."""

from dataclasses import fields, replace

import numpy as np

from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView

N_CATEGORIES = 6
DAY = 1440.0


def catalogue(n_offers: int = 120, n_videos: int = 60, n_rooms: int = 8, n_consumers: int = 200) -> CatalogueView:
    """Return a catalogue in which a tenth of the offers and videos is listed only after a day."""
    rng = np.random.default_rng(1)
    n = n_offers + n_videos + n_rooms
    video_offer = rng.integers(0, n_offers, n_videos)
    listed = np.where(rng.random(n) < 0.1, DAY, -rng.integers(0, 30, n) * DAY)
    listed[n - n_rooms :] = -DAY
    category = rng.integers(0, N_CATEGORIES, n_offers).astype(np.int32)
    list_price = rng.integers(500, 20_000, n_offers)
    return CatalogueView(
        n_consumers=n_consumers,
        kind=np.repeat(np.array(ContentKind, np.int8), [n_offers, n_videos, n_rooms]),
        offer=np.concatenate((np.arange(n_offers), video_offer, np.full(n_rooms, -1))).astype(np.int32),
        creator=np.concatenate((np.full(n_offers, -1), rng.integers(0, n_rooms, n_videos), np.arange(n_rooms))).astype(
            np.int32
        ),
        listed=listed,
        sku=np.arange(n_offers, dtype=np.int32),
        merchant=rng.integers(0, 10, n_offers).astype(np.int32),
        category=category,
        brand=rng.integers(0, 5, n_offers).astype(np.int32),
        list_price=list_price,
        unit_cost=list_price // 2,
        commission=rng.uniform(0.02, 0.3, n_offers),
        segment=rng.integers(0, 3, n_consumers).astype(np.int32),
        region=rng.integers(0, 4, n_consumers).astype(np.int32),
        names=tuple(f"content-{i}" for i in range(n)),
        text=tuple(f"topic{c} item {i}" for i, c in enumerate(category)),
        tags=tuple((f"topic{c}",) for c in category),
    )


def log(catalogue: CatalogueView, n: int = 4000, until: float = 2 * DAY, seed: int = 2) -> BehaviourLog:
    """Return the log of ``n`` looks, kept mostly where the consumer likes the category, ``consumer % 6``."""
    rng = np.random.default_rng(seed)
    n_videos = int(np.count_nonzero(catalogue.kind == ContentKind.VIDEO))
    consumer = rng.integers(0, catalogue.n_consumers, n)
    content = rng.integers(0, catalogue.n_offers + n_videos, n)
    liked = catalogue.category[catalogue.offer[content]] == consumer % N_CATEGORIES
    keep = liked | (rng.random(n) < 0.07)
    consumer, content = consumer[keep], content[keep]
    n = len(consumer)
    act = rng.choice([Act.IMPRESSION, Act.CLICK, Act.CART, Act.ORDER], n, p=[0.2, 0.5, 0.2, 0.1])
    return BehaviourLog(
        minute=np.sort(rng.uniform(0, until, n)),
        act=act.astype(np.int8),
        consumer=consumer.astype(np.int32),
        content=content.astype(np.int32),
        offer=catalogue.offer[content],
        session=np.arange(n, dtype=np.int64) // 3,
        surface=np.zeros(n, np.int8),
        page=np.zeros(n, np.int32),
        position=rng.integers(0, 10, n).astype(np.int32),
        value=np.ones(n),
        propensity=np.full(n, np.nan, np.float32),
        until=until,
    )


def no_log(until: float = 0.0) -> BehaviourLog:
    """Return the log of a world in which nothing has happened."""
    return replace(_first(log(catalogue(), 10), 0), until=until)


def serving_view(catalogue: CatalogueView, minute: float = 100.0) -> ServingView:
    """Return a view in which every fifth offer is sold out and every other room is live."""
    rng = np.random.default_rng(3)
    n_rooms = int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))
    on_show = rng.integers(0, catalogue.n_offers, n_rooms)
    live = np.arange(n_rooms) % 2 == 0
    return ServingView(
        minute=minute,
        available=np.where(np.arange(catalogue.n_offers) % 5 == 0, 0, 20),
        price=catalogue.list_price.copy(),
        sold=rng.integers(0, 50, catalogue.n_offers),
        room_offer=np.where(live, on_show, -1).astype(np.int32),
        room_price=np.where(live, catalogue.list_price[on_show], 0),
    )


def requests(catalogue: CatalogueView, view: ServingView, n: int = 64, recent: int = 5, seed: int = 4) -> PageRequests:
    """Return ``n`` requests over all surfaces, pages 0 to 3, some with clicks in the session."""
    rng = np.random.default_rng(seed)
    surface = rng.choice([Surface.FEED, Surface.MALL, Surface.SEARCH], n).astype(np.int8)
    clicked = rng.integers(-1, catalogue.n_contents, (n, recent))
    return PageRequests(
        consumer=rng.integers(0, catalogue.n_consumers, n).astype(np.int32),
        session=rng.permutation(10 * n)[:n].astype(np.int64),
        page=rng.integers(0, 4, n).astype(np.int32),
        surface=surface,
        minute=view.minute + rng.uniform(0, 1, n),
        query=np.where(surface == Surface.SEARCH, rng.integers(0, N_CATEGORIES, n), -1).astype(np.int32),
        recent=np.where(rng.random((n, 1)) < 0.5, clicked, -1).astype(np.int32),
        view=view,
    )


def rows(asked: PageRequests, index: np.ndarray) -> PageRequests:
    """Return some of the requests."""
    per_row = [f.name for f in fields(asked) if f.name != "view"]
    return replace(asked, **{name: getattr(asked, name)[index] for name in per_row})


def _first(whole: BehaviourLog, n: int) -> BehaviourLog:
    return whole.rows(slice(n))
