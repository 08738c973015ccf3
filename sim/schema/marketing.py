"""What a marketing policy sees and answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Small = NDArray[np.int8]
Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MarketingView:
    """What money can be spent on today, one row per target, as the platform knows it at midnight.

    Targets are the offers on sale and the rooms with a livestream planned today.  Of a room, prices, costs and
    commissions are means over its planned items, stock and sales sums over them; it has no merchant and no category.

    An order is put down to the coupon that it used, else to the last advertisement that brought its consumer within the
    24 hours before.  That tells where money was followed by orders, not what it caused: see the docs of the KPIs.

    Attributes
    ----------
    minute : float
    budget : int, cents
        What both columns of the answer may come to together.
    visit_price : int, cents
    coupon_value : int, cents
        A coupon is paid for when it is used; until then the budget of the day it was sent on stands for it.
    content : int32[n]
        Content id: an offer's is the offer's own.
    kind : int8[n]
        `ContentKind`: OFFER or ROOM.
    merchant, category : int32[n]
        -1 for a room.
    creator : int32[n]
        -1 for an offer.
    price, unit_cost : int64[n], cents
    commission : float64[n]
        Share of the price that the creator who shows it earns.
    available, sold_week : int64[n], units
        To promise now; ordered over the last seven days.
    listed : float64[n], minutes
        When it was first on sale; for a room, when its next livestream begins.
    joined : float64[n], minutes
        When its merchant first had anything on sale; for a room NaN.
    spent : int64[n], cents
        So far, for visits that came and coupons that were used.
    visits, coupons_sent, coupons_used : int64[n]
        So far.
    orders : int64[n]
        Put down to it so far, but for those called off or brought back by now.
    revenue : int64[n], cents
        Price x units of these orders.
    """

    minute: float
    budget: int
    visit_price: int
    coupon_value: int
    content: Int
    kind: Small
    merchant: Int
    category: Int
    creator: Int
    price: Long
    unit_cost: Long
    commission: Float
    available: Long
    sold_week: Long
    listed: Float
    joined: Float
    spent: Long
    visits: Long
    coupons_sent: Long
    coupons_used: Long
    orders: Long
    revenue: Long

    def __len__(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class MarketingPlan:
    """What to spend today, cents per target of the view.

    Money for visits buys ``visits // visit_price`` of them, which come over the day, or while the room is live; those
    that find the offer sold out or the room empty are not paid for.  Money for coupons sends
    ``coupons // coupon_value`` of them now.

    Attributes
    ----------
    visits, coupons : int64[n], cents
    """

    visits: Long
    coupons: Long
