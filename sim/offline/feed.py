"""A log as a recommender meets it: a catalogue, a behaviour log, requests."""

import numpy as np
from numpy.typing import NDArray

from sim.offline.log_table import LogTable
from sim.offline.split import MOST_TOLD, Split
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView

Int = NDArray[np.int32]
CENTS = 1000
"""Price of everything where the log tells none."""


def catalogue(log: LogTable) -> CatalogueView:
    """Return a shop of offers, one per item, that differ in what the log tells of them."""
    n = len(log.items)
    none = np.zeros(n, np.int32)
    cents = (
        np.full(n, CENTS, np.int64) if log.price is None else np.maximum(1, np.rint(100 * log.price)).astype(np.int64)
    )
    category = none if log.category is None else np.unique(log.category, return_inverse=True)[1].astype(np.int32)
    return CatalogueView(
        n_consumers=len(log.users),
        kind=np.zeros(n, np.int8),
        offer=np.arange(n, dtype=np.int32),
        creator=np.full(n, -1, np.int32),
        listed=np.full(n, -1.0),
        sku=np.arange(n, dtype=np.int32),
        merchant=none,
        category=category,
        brand=none,
        list_price=cents,
        unit_cost=cents // 2,
        commission=np.zeros(n),
        segment=np.zeros(len(log.users), np.int32),
        region=np.zeros(len(log.users), np.int32),
        names=log.items,
        text=log.text or ("",) * n,
        tags=((),) * n if log.category is None else tuple((one,) if one else () for one in log.category),
    )


def behaviour(log: LogTable, cut: Split) -> BehaviourLog:
    """Return the rows that are learned from, in order of time; a session per user and day.

    What was liked is a click (or what the log calls it), what was only seen an impression, and a rating stands beside
    it as one.
    """
    rows = np.flatnonzero(cut.train & (cut.liked | log.looks))
    act = np.where(log.looks[rows] & ~cut.liked[rows], Act.IMPRESSION, log.act[rows])
    seen = (log.act[rows] == Act.CLICK) & log.marked & log.looks.any()  # such a click was a look first
    looked = rows[seen]
    rated = np.flatnonzero(cut.train & ~np.isnan(log.rating)) if log.rating is not None else rows[:0]
    place = np.concatenate((looked, rows, rated))
    what = np.concatenate((np.full(len(looked), Act.IMPRESSION), act, np.full(len(rated), Act.RATING)))
    stars = log.rating[rated] if log.rating is not None else np.zeros(0)
    value = np.concatenate((np.ones(len(looked) + len(rows)), stars))
    order = np.argsort(place, kind="stable")
    place, n = place[order], len(place)
    item = log.item[place]
    nan = np.full(n, np.nan, np.float32)
    return BehaviourLog(
        minute=log.minute[place],
        act=what[order].astype(np.int8),
        consumer=log.user[place],
        content=item,
        offer=item,
        session=log.user[place].astype(np.int64) << 32 | (log.minute[place] // 1440).astype(np.int64),
        surface=np.zeros(n, np.int8),
        page=np.zeros(n, np.int32),
        position=np.zeros(n, np.int32) if log.position is None else log.position[place],
        value=value[order],
        propensity=nan if log.propensity is None else log.propensity[place].astype(np.float32),
        until=float(log.minute[place].max()) + 1.0,
    )


def requests(shop: CatalogueView, users: Int, recent: Int, minute: float, session: int = 0) -> PageRequests:
    """Return a first page of the feed for each user, at a minute; sessions are numbered on from ``session``."""
    n = len(users)
    view = ServingView(
        minute=minute,
        available=np.ones(shop.n_offers, np.int64),
        price=shop.list_price,
        sold=np.zeros(shop.n_offers, np.int64),
        room_offer=np.empty(0, np.int32),
        room_price=np.empty(0, np.int64),
    )
    return PageRequests(
        consumer=users,
        session=np.arange(session, session + n, dtype=np.int64),
        page=np.zeros(n, np.int32),
        surface=np.zeros(n, np.int8),
        minute=np.full(n, minute),
        query=np.full(n, -1, np.int32),
        recent=recent,
        view=view,
    )


def told(log: LogTable, cut: Split, users: Int) -> Int:
    """Return what each user is said to have clicked, newest first, int32[n, MOST_TOLD], -1 padded."""
    recent = np.full((len(users), MOST_TOLD), -1, np.int32)
    rows = np.flatnonzero(cut.told & cut.liked)[::-1]
    pairs = log.user[rows].astype(np.int64) * len(log.items) + log.item[rows]
    newest = rows[np.sort(np.unique(pairs, return_index=True)[1])]
    newest = newest[np.argsort(log.user[newest], kind="stable")]
    user = log.user[newest]
    place = np.arange(len(newest)) - np.searchsorted(user, user)
    row_of = np.full(len(log.users), -1)
    row_of[users] = np.arange(len(users))
    kept = (place < MOST_TOLD) & (row_of[user] >= 0)
    recent[row_of[user[kept]], place[kept]] = log.item[newest[kept]]
    return recent
