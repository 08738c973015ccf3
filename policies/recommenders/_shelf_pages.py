"""Pages straight from a shelf: the ranking is the same for all who ask."""

import numpy as np

from policies.recommenders._shelves import Shelves, shelf_of, showable
from sim.schema.compiled import allocating
from sim.schema.recommending import Int, Long, PageRequests


def shelf_pages(requests: PageRequests, k: int, s: Shelves, rows: Long | None = None) -> Int:
    """Return each page's stretch of its shelf, shape (n, k), for some rows of the requests or all."""
    asked = (requests.page, requests.surface, requests.query, requests.minute)
    if rows is not None:
        asked = tuple(column[rows] for column in asked)  # type: ignore[assignment]  # as many as there were
    pages: Int = _pages(*asked, requests.view.room_offer, k, s.start, s.member, s.listed, s.first_room)
    return pages


@allocating
def _pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    page, surface, query, minute, room_offer, k, start, member, listed, first_room
):
    out = np.full((len(page), k), -1, np.int32)
    for i in range(len(page)):
        at, end = shelf_of(surface[i], query[i], start)
        place = -page[i] * k
        while at < end and place < k:
            if showable(member[at], minute[i], listed, first_room, room_offer):
                if place >= 0:
                    out[i, place] = member[at]
                place += 1
            at += 1
    return out
