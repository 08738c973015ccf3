"""The world's rows: one structured array per kind of thing, read and written by kernels and processes alike.

Structs keep a consumer's or an offer's numbers on neighbouring cache lines, and pass to a kernel as one array.
Vectors have ``d`` latent dimensions, one per topic.  Times are ticks (2^-16 minute), money is cents.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]
"""A structured array; numpy cannot type its fields."""

FOLLOW_PLACES = 8
SEEN_PLACES = 16
BOUGHT_PLACES = 4
COUPON_PLACES = 4
NEVER = np.int64(2**62)


def consumer_rows(n: int, d: int) -> Rows:
    """Return ``n`` consumers; empty rings hold -1."""
    rows = np.zeros(
        n,
        [
            ("taste", "f4", (d,)),
            ("sensitivity", "f4"),  # multiplies the price coefficients
            ("trust", "f4"),  # 0..1
            ("visit_rate", "f4"),  # sessions a day at the opening trust
            ("segment", "i4"),
            ("region", "i4"),  # city
            ("latitude", "f8"),
            ("longitude", "f8"),
            ("budget", "i8"),  # per refill
            ("budget_left", "i8"),
            ("n_seen", "i4"),  # contents examined so far
            ("n_bought", "i4"),
            ("follows", "i4", (FOLLOW_PLACES,)),  # creators
            ("seen", "i4", (SEEN_PLACES,)),  # ring of contents examined last
            ("bought", "i4", (BOUGHT_PLACES,)),  # ring of offers bought last
            ("bought_units", "i4", (BOUGHT_PLACES,)),
            ("logged", "i1"),  # 1: impressions are logged
            ("touch", "i4"),  # content of the advertisement that brought them last
            ("touched", "i8"),  # and when
            ("coupon", "i4", (COUPON_PLACES,)),  # contents whose coupons are held, used up or not
            ("coupon_until", "i8", (COUPON_PLACES,)),  # when each can no longer be used
        ],
    )
    for ring in ("follows", "seen", "bought", "touch", "coupon"):
        rows[ring] = -1
    return rows


def offer_rows(n: int, d: int) -> Rows:
    """Return ``n`` offers (merchant, SKU)."""
    rows = np.zeros(
        n,
        [
            ("vector", "f4", (d,)),
            ("appeal", "f4"),  # what everybody likes about it, in utility
            ("quality", "f4"),  # moves reviews and returns, in units of match
            ("reference", "f4"),  # log of the price in cents that consumers compare with
            ("sku", "i4"),
            ("merchant", "i4"),
            ("category", "i4"),
            ("node", "i4"),  # the warehouse that mainly serves it
            ("purchase_limit", "i4"),
            ("price", "i8"),
            ("list_price", "i8"),
            ("unit_cost", "i8"),
            ("sold", "i8"),  # units ordered so far (and before the start, for social proof)
            ("wanted", "i8"),  # units demanded so far, had or not; a second try does not count again
            ("stars", "i8"),  # sum of ratings
            ("ratings", "i8"),
            ("available", "i8"),  # to promise: sum over nodes of (on_hand - reserved) + ahead - promised - allotted
            ("ahead", "i8"),  # may be sold before it is there (presale); melts as the goods come
            ("promised", "i8"),  # reserved by consumers, not yet bound to a node
            ("allotted", "i8"),  # set aside for slots on air
            ("position", "i8"),  # sum over nodes of the inventory position, less promised
            ("reorder_level", "i8"),  # a review is due at or under this position; -NEVER = disarmed
            ("listed", "i8"),
            ("empty_since", "i8"),  # when available fell to 0; -1 while there is stock
            ("empty_time", "i8"),  # ticks with nothing available so far
        ],
    )
    rows["reorder_level"] = -NEVER
    rows["empty_since"] = -1
    return rows


def content_rows(n: int, d: int) -> Rows:
    """Return ``n`` contents: offers first (content id = offer id), then videos, then rooms."""
    return np.zeros(
        n,
        [
            ("vector", "f4", (d,)),
            ("appeal", "f4"),
            ("kind", "i4"),  # ContentKind
            ("offer", "i4"),  # -1 for a room
            ("creator", "i4"),  # -1 for an offer
            ("room", "i4"),  # -1 unless a room
            ("listed", "i8"),
            ("visits", "i8"),  # that advertisements for it brought so far
        ],
    )


def room_rows(n: int) -> Rows:
    """Return ``n`` rooms, one per creator, nobody live."""
    rows = np.zeros(
        n,
        [
            ("offer", "i4"),  # on show now; -1 = not live or between slots
            ("live", "i4"),  # 1 while the livestream runs
            ("purchase_limit", "i4"),
            ("viewers", "i4"),
            ("peak", "i4"),
            ("slot", "i8"),  # id of the slot on air, unique in the replication
            ("price", "i8"),
            ("left", "i8"),  # of the allotment
            ("entries", "i8"),  # since the livestream began
            ("watched", "i8"),  # ticks, by viewers who have left
        ],
    )
    rows["offer"] = -1
    rows["slot"] = -1
    return rows


class Truth(NamedTuple):
    """What the kernels share.  ``promise_days[node, region]`` is the promised delivery time shown."""

    consumers: Rows
    offers: Rows
    contents: Rows
    rooms: Rows
    promise_days: NDArray[np.float64]
