"""Which orders followed marketing: what is put down to each advertisement and coupon, by the order book."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world.orders import Status
from sim.world.world import World

Long = NDArray[np.int64]

GONE = (Status.LAPSED, Status.CANCELLED, Status.UNDELIVERABLE, Status.RETURNED)
"""Ends of orders that bring nobody any money."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Per content, of the orders so far that are neither called off nor brought back.

    Attributes
    ----------
    orders, coupons : int64[n_contents]
        Put down to it; of these, those that used its coupon.
    revenue : int64[n_contents], cents
        Price x units of the orders.
    """

    orders: Long
    coupons: Long
    revenue: Long


def followed(world: World) -> Followed:
    """Return what is put down to each content by now."""
    rows, n = world.orders.rows, len(world.truth.contents)
    chosen = np.flatnonzero((rows["touch"] >= 0) & ~np.isin(rows["status"], GONE))
    touch = rows["touch"][chosen]
    revenue = np.zeros(n, np.int64)
    np.add.at(revenue, touch, rows["price"][chosen] * rows["units"][chosen])
    return Followed(
        orders=np.bincount(touch, minlength=n),
        coupons=np.bincount(touch[rows["coupon"][chosen] > 0], minlength=n),
        revenue=revenue,
    )
