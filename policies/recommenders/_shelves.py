"""Which contents a page may draw from, in order: a shelf for the feed, one for the mall, one per category."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.compiled import inner
from sim.schema.kinds import ContentKind, Surface
from sim.schema.recommending import CatalogueView, Float, Int

FEED = int(Surface.FEED)
SEARCH = int(Surface.SEARCH)


@dataclass(frozen=True, slots=True)
class Shelves:
    """Contents in the order of a ranking, shelf after shelf.

    Attributes
    ----------
    start : int64[n_categories + 3]
        Shelf s is ``member[start[s]:start[s + 1]]``: 0 the feed, 1 the mall, 2 + c search in category c.
    member : int32
        Content ids.
    category : int32[n_contents]
        Of an offer; -1 for what is no offer.
    listed : float64[n_contents], minutes
    first_room : int
        Rooms are the contents from here on.
    """

    start: NDArray[np.int64]
    member: Int
    category: Int
    listed: Float
    first_room: int


def shelves(catalogue: CatalogueView, feed: Int, offers: Int) -> Shelves:
    """Put ``feed`` on the feed's shelf, ``offers`` on the mall's and on their categories', best first."""
    category = np.full(catalogue.n_contents, -1, np.int32)
    category[: catalogue.n_offers] = catalogue.category
    n_categories = int(catalogue.category.max(initial=-1)) + 1
    by_category = offers[np.argsort(category[offers], kind="stable")]
    sizes = [len(feed), len(offers), *np.bincount(category[offers], minlength=n_categories)]
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    member = np.concatenate((feed, offers, by_category)).astype(np.int32)
    first_room = catalogue.n_contents - int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))
    return Shelves(start, member, category, np.ascontiguousarray(catalogue.listed, np.float64), first_room)


def unranked(catalogue: CatalogueView) -> Int:
    """Return all contents as they rank unknown: kinds in proportion, newest first, then the smaller id."""
    place = np.empty(catalogue.n_contents)
    for kind in np.unique(catalogue.kind):
        ids = np.flatnonzero(catalogue.kind == kind)
        newest = ids[np.argsort(-catalogue.listed[ids], kind="stable")]
        place[newest] = (np.arange(len(ids)) + 0.5) / len(ids)
    return np.argsort(place, kind="stable").astype(np.int32)


@inner
def shelf_of(surface, query, start):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Return (begin, end) of a page's shelf in ``member``; an unknown category has an empty one."""
    s = 0 if surface == FEED else 1
    if surface == SEARCH:
        s = 2 + query
        if query < 0 or s + 1 >= len(start):
            return 0, 0
    return start[s], start[s + 1]


@inner
def showable(content, minute, listed, first_room, room_offer):  # type: ignore[no-untyped-def]  # as above
    """Whether a content is listed and, if a room, somebody is live in it."""
    if listed[content] > minute:
        return False
    return content < first_room or room_offer[content - first_room] >= 0


@inner
def fits(content, surface, query, category):  # type: ignore[no-untyped-def]  # as above
    """Whether a content may be on a surface: offers in mall and search, there of the query's category."""
    if surface == FEED:
        return True
    return category[content] >= 0 and (surface != SEARCH or category[content] == query)
