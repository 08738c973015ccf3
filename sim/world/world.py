"""The world: everything that is true at one instant, held together.  Built by `sim.world.build`."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.world.money import Money
from sim.world.orders import OrderBook
from sim.world.state import Truth
from sim.world.stock import StockLedger
from sim.world.streams import Stream

Long = NDArray[np.int64]
Int = NDArray[np.int32]
Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what there is, and what never changes about it.  Column i belongs to entity i.

    Attributes
    ----------
    categories : tuple of str
    category_return_rate : float64[n_categories]
        Share of delivered lines of an average match that come back.
    sku_name : tuple of str
    merchant_name, creator_name, node_name : tuple of str
    consumer_name : tuple of str
        As read; empty where consumers are generated.
    sku_category, sku_brand : int32[n_skus]
    sku_weight : int64[n_skus], grams
    sku_volume : int64[n_skus], millilitres
    content_name : tuple of str
        Stable id of each content: offers, videos, rooms.
    offer_text : tuple of str
        Title and description, drawn from topic vocabularies or read.
    offer_tags : tuple of tuple of str
    offer_commission : float64[n_offers]
        Share of the price that goes to the creator who showed it.
    creator_reach : float64[n_creators]
        Relative size of the following; heavy-tailed.
    creator_topic : float32[n_creators, d]
    creator_commission : float64[n_creators]
        Share of the price that the creator asks for.
    merchant_latitude, merchant_longitude : float64[n_merchants]
    node_latitude, node_longitude : float64[n_nodes]
        The scenario's warehouses first, then merchants' own places; with neither, one place "nowhere".
    node_warehouse : int32[n_nodes]
        The scenario's warehouse at a node; -1 = a merchant's own place, without stations.
    base_rate : float64[n_offers]
        Expected units a day, for opening stock and social proof.
    """

    categories: tuple[str, ...]
    category_return_rate: Float
    sku_name: tuple[str, ...]
    merchant_name: tuple[str, ...]
    creator_name: tuple[str, ...]
    node_name: tuple[str, ...]
    consumer_name: tuple[str, ...]
    sku_category: Int
    sku_brand: Int
    sku_weight: Long
    sku_volume: Long
    content_name: tuple[str, ...]
    offer_text: tuple[str, ...]
    offer_tags: tuple[tuple[str, ...], ...]
    offer_commission: Float
    creator_reach: Float
    creator_topic: NDArray[np.float32]
    creator_commission: Float
    merchant_latitude: Float
    merchant_longitude: Float
    node_latitude: Float
    node_longitude: Float
    node_warehouse: Int
    base_rate: Float


@dataclass(slots=True)
class World:
    """One replication's world.

    Attributes
    ----------
    truth : Truth
        Consumers, offers, contents and rooms, as the kernels see them.
    key : int
        64-bit root of the consumers' keyed draws.
    notes : list of str
        What a reader of the results should know about how the world was built.
    """

    scenario: Scenario
    replication: int
    stream: Stream
    key: int
    cast: Cast
    truth: Truth
    stock: StockLedger
    money: Money
    orders: OrderBook = field(default_factory=OrderBook)
    notes: list[str] = field(default_factory=list)
