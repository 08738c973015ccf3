"""The offers' rows, as they stand before anything is sold: what is listed, at what price, from where."""

import numpy as np

from sim.scenario.scenario import Scenario
from sim.world.goods import Goods
from sim.world.nodes import Nodes
from sim.world.state import Rows, offer_rows
from sim.world.topics import TOPICS
from sim.world.trade import Listings


def make_offers(scenario: Scenario, goods: Goods, listings: Listings, nodes: Nodes) -> Rows:
    """Return one row per listing, in the listings' order."""
    sku = listings.sku
    rows = offer_rows(len(sku), len(TOPICS))
    rows["sku"], rows["merchant"] = sku, listings.merchant
    rows["vector"], rows["appeal"], rows["quality"] = goods.vector[sku], goods.appeal[sku], goods.quality[sku]
    rows["category"] = goods.category[sku]
    usual = goods.reference[rows["category"]]
    rows["reference"] = usual + float(scenario.catalogue.justified) * (np.log(goods.price[sku]) - usual)
    rows["node"] = nodes.first[listings.merchant]
    rows["purchase_limit"] = scenario.behaviour.buy.purchase_limit
    rows["price"] = rows["list_price"] = listings.price
    rows["unit_cost"] = goods.unit_cost[sku]
    rows["listed"] = goods.listed[sku]
    return rows


def offer_names(goods: Goods, listings: Listings, merchants: tuple[str, ...]) -> tuple[str, ...]:
    """Return each offer's stable name, ``sku@merchant``."""
    pairs = zip(listings.sku.tolist(), listings.merchant.tolist(), strict=True)
    return tuple(f"{goods.names[sku]}@{merchants[merchant]}" for sku, merchant in pairs)
