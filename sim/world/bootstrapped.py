"""What real orders that are drawn again will ask of each offer."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.scenario.scenario import Scenario
from sim.world.goods import Goods
from sim.world.order_table import OrderTable, read_orders
from sim.world.table import Names
from sim.world.trade import Listings, Merchants

Float = NDArray[np.float64]
Long = NDArray[np.int64]


def bootstrapped_sales(scenario: Scenario, goods: Goods, merchants: Merchants, listings: Listings) -> Float:
    """Return units a day per offer, float64[n_offers], over all parts of the demand that a table bootstraps.

    Where a table names no merchant, the SKU's cheapest offer is meant.  What nobody offers counts for nothing here.
    """
    total = np.zeros(len(listings.sku))
    for number, demand in enumerate(scenario.demand):
        if demand.kind == "bootstrap":
            orders = read_orders(scenario, number)
            offer = _offers(orders, goods, merchants, listings)
            known = offer >= 0
            units = np.bincount(offer[known], orders.units[known], len(total))
            total += demand.per_day * units / len(orders)
    return total


def _offers(orders: OrderTable, goods: Goods, merchants: Merchants, listings: Listings) -> Long:
    """Return the offer of each order, -1 = none."""
    sku = _numbered(orders.sku, goods.names)
    if orders.merchant is None:
        by_price = np.lexsort((listings.price, listings.sku))
        first = by_price[np.minimum(np.searchsorted(listings.sku, np.arange(len(goods.names))), len(by_price) - 1)]
        offer = first[sku]
        return np.where((sku >= 0) & (listings.sku[offer] == sku), offer, -1)
    wide = len(merchants.names)
    merchant = _numbered(orders.merchant, merchants.names)
    offered = listings.sku.astype(np.int64) * wide + listings.merchant  # ascending
    asked = np.where((sku >= 0) & (merchant >= 0), sku * wide + merchant, -1)
    offer = np.minimum(np.searchsorted(offered, asked), len(offered) - 1)
    return np.where(offered[offer] == asked, offer, -1)


def _numbered(names: Names, known: Iterable[str]) -> Long:
    """Return the world's number of each row's name, -1 where there is none."""
    number = {name: i for i, name in enumerate(known)}
    return np.array([number.get(name, -1) for name in names.known], np.int64)[names.code]
