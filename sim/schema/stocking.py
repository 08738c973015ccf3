"""What the supply-side policies see and answer: replenishment, allocation, pricing, showcase."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class InventoryView:
    """The stock under review, one row per ledger key (owner, SKU, node).  Units unless said.

    ``position = on_hand - reserved + on_order - backorders``; a review answers int64[n] units to order.

    Attributes
    ----------
    minute : float
    key : int32[n]
        Dense id of the ledger key.
    offer, owner, sku, node : int32[n]
    on_hand, reserved, allotted, on_order, backorders, position : int64[n]
    demand : float64[n, days]
        Units demanded per past day, oldest first, newest last; only whole days before ``minute``.
    lead_time, lead_time_sd : float64[n], minutes
        As the supplier quotes them.
    review_period : float, minutes
        0 = continuous.
    unit_cost, price : int64[n], cents
    order_cost : int64[n], cents per order
    holding_rate : float64[n], per year
        Cost of holding, as a share of the unit cost.
    minimum_order, pack_size : int64[n]
    """

    minute: float
    key: Int
    offer: Int
    owner: Int
    sku: Int
    node: Int
    on_hand: Long
    reserved: Long
    allotted: Long
    on_order: Long
    backorders: Long
    position: Long
    demand: Float
    lead_time: Float
    lead_time_sd: Float
    review_period: float
    unit_cost: Long
    price: Long
    order_cost: Long
    holding_rate: Float
    minimum_order: Long
    pack_size: Long

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True)
class AllocationView:
    """Order lines to be bound to a ledger key; candidates of line i are rows with ``line == i``.

    Attributes
    ----------
    units : int64[n_lines]
    line : int32[m]
        Which order line a candidate row serves.
    key, node : int32[m]
    available : int64[m]
        Units at the node that are not reserved.
    distance : float64[m], metres
        From the node to the consumer's home.
    """

    units: Long
    line: Int
    key: Int
    node: Int
    available: Long
    distance: Float


@dataclass(frozen=True, slots=True)
class PricingView:
    """One row per offer, as its merchant knows it once a day.

    Attributes
    ----------
    minute : float
    list_price, price, unit_cost : int64[n], cents
    available : int64[n]
    sold_week : int64[n]
        Units ordered over the last seven days.
    listed : float64[n], minutes
    """

    minute: float
    list_price: Long
    price: Long
    unit_cost: Long
    available: Long
    sold_week: Long
    listed: Float


@dataclass(frozen=True, slots=True)
class ShowcaseView:
    """What a creator knows when the run of show is planned, the midnight before.

    A showcase policy answers int32[n_rooms_planned, slots]: offers, -1 = no item.

    Attributes
    ----------
    minute : float
    creator : int32[m]
        One row per planned livestream.
    slots : int32[m]
        Slots to fill.
    affinity : float64[m, n_offers]
        How well an offer's topic fits the creator (cosine of public topic tags).
    price, unit_cost : int64[n_offers], cents
    commission : float64[n_offers]
    available : int64[n_offers]
    sold_week : int64[n_offers]
    """

    minute: float
    creator: Int
    slots: Int
    affinity: Float
    price: Long
    unit_cost: Long
    commission: Float
    available: Long
    sold_week: Long
