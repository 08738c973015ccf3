"""Small shops, logs and requests, said in a line, and slow independent computations to hold policies against."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.policy.keyed import KeyedRng
from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView

DAY = 1440.0
Row = tuple[float, Act, int, int]
"""Minute, act, consumer, content."""


def shop(
    n_offers: int,
    n_consumers: int,
    videos: Sequence[int] = (),
    n_rooms: int = 0,
    text: Sequence[str] | None = None,
    tags: Sequence[Sequence[str]] | None = None,
    segment: Sequence[int] | None = None,
    category: Sequence[int] | None = None,
) -> CatalogueView:
    """Return a shop in which all is listed, the smallest id last; video i shows offer ``videos[i]``."""
    n = n_offers + len(videos) + n_rooms
    zeros = np.zeros(n_offers, np.int32)
    return CatalogueView(
        n_consumers=n_consumers,
        kind=np.repeat(np.array(ContentKind, np.int8), [n_offers, len(videos), n_rooms]),
        offer=np.array([*range(n_offers), *videos, *[-1] * n_rooms], np.int32),
        creator=np.array([*[-1] * n_offers, *[0] * len(videos), *range(n_rooms)], np.int32),
        listed=-np.arange(1.0, n + 1),
        sku=np.arange(n_offers, dtype=np.int32),
        merchant=zeros,
        category=zeros if category is None else np.array(category, np.int32),
        brand=zeros,
        list_price=np.full(n_offers, 1000),
        unit_cost=np.full(n_offers, 500),
        commission=np.zeros(n_offers),
        segment=np.zeros(n_consumers, np.int32) if segment is None else np.array(segment, np.int32),
        region=np.zeros(n_consumers, np.int32),
        names=tuple(f"content-{i}" for i in range(n)),
        text=tuple(text or [""] * n_offers),
        tags=tuple(tuple(some) for some in tags or [()] * n_offers),
    )


def logged(
    catalogue: CatalogueView,
    rows: Sequence[Row],
    until: float | None = None,
    value: Sequence[float] | None = None,
    session: Sequence[int] | None = None,
) -> BehaviourLog:
    """Return the log of rows given in order of time; each consumer has one session unless sessions are given."""
    minute, act, consumer, content = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    return BehaviourLog(
        minute=minute.astype(float),
        act=act.astype(np.int8),
        consumer=consumer.astype(np.int32),
        content=content.astype(np.int32),
        offer=catalogue.offer[content],
        session=consumer.astype(np.int64) if session is None else np.array(session, np.int64),
        surface=np.zeros(n, np.int8),
        page=np.zeros(n, np.int32),
        position=np.zeros(n, np.int32),
        value=np.ones(n) if value is None else np.array(value, float),
        propensity=np.full(n, np.nan, np.float32),
        until=float(minute.max() + 1) if until is None else until,
    )


def clicks(catalogue: CatalogueView, baskets: Sequence[Sequence[int]]) -> BehaviourLog:
    """Return the log in which consumer u clicked what is in basket u, in that order, all within a day."""
    return logged(catalogue, [(0.0, Act.CLICK, u, c) for u, basket in enumerate(baskets) for c in basket])


def asked(
    catalogue: CatalogueView,
    consumer: Sequence[int],
    recent: Sequence[Sequence[int]] = (),
    surface: Surface = Surface.FEED,
    page: int = 0,
    query: int = -1,
    room_offer: Sequence[int] | None = None,
) -> PageRequests:
    """Return a request per consumer; ``recent[i]`` is what request i's session clicked, newest first."""
    n, n_rooms = len(consumer), int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))
    clicked = np.full((n, 5), -1, np.int32)
    for row, some in enumerate(recent):
        clicked[row, : len(some)] = some
    on_show = np.full(n_rooms, -1) if room_offer is None else np.array(room_offer)
    view = ServingView(
        minute=10 * DAY,
        available=np.ones(catalogue.n_offers, np.int64),
        price=catalogue.list_price,
        sold=np.zeros(catalogue.n_offers, np.int64),
        room_offer=on_show.astype(np.int32),
        room_price=np.zeros(n_rooms, np.int64),
    )
    return PageRequests(
        consumer=np.array(consumer, np.int32),
        session=np.arange(n, dtype=np.int64),
        page=np.full(n, page, np.int32),
        surface=np.full(n, surface, np.int8),
        minute=np.full(n, 10 * DAY),
        query=np.full(n, query, np.int32),
        recent=clicked,
        view=view,
    )


def begun(policy: Any, catalogue: CatalogueView, log: BehaviourLog | None = None) -> Any:
    """Return the policy, begun, and fitted where there is a log."""
    policy.begin(KeyedRng(1), catalogue)
    if log is not None:
        policy.fit(log, catalogue)
    return policy


def page_of(policy: Any, requests: PageRequests, k: int) -> list[list[int]]:
    """Return the slates as lists of contents, without empty places."""
    return [[int(c) for c in row if c >= 0] for row in policy.recommend(requests, k).content]


def by_score(score: np.ndarray, without: Sequence[int] = ()) -> list[int]:
    """Return the ids of scores above 0, rounded to float32, best first, ties to the smaller id."""
    score = score.astype(np.float32)
    return [int(c) for c in np.argsort(-score, kind="stable") if score[c] > 0 and c not in without]


def random_baskets(n_consumers: int, n_contents: int, seed: int) -> list[list[int]]:
    """Return what each consumer clicked: up to 12 contents, distinct, low ids more often."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(1, n_contents + 1)
    sizes = rng.integers(1, 13, n_consumers)
    chosen = [rng.choice(n_contents, size, replace=False, p=weight / weight.sum()) for size in sizes]
    return [[int(c) for c in some] for some in chosen]
