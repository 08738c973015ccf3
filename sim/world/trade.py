"""The merchants, and what each of them lists: an offer is a merchant's SKU at a price."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.world.catalogue_table import ItemTable
from sim.world.distinct import draw_distinct, pick, zipf_weights
from sim.world.goods import Goods
from sim.world.guess import guess
from sim.world.places import around
from sim.world.population_table import PlaceTable
from sim.world.streams import Stream

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]

HAGGLING = 0.05
"""Merchants of one SKU ask up to this share more or less than its usual price."""


@dataclass(frozen=True, slots=True)
class Merchants:
    """Who sells, and from where.  Generated ones are numbered by size: number 0 lists most."""

    names: tuple[str, ...]
    latitude: Float
    longitude: Float


@dataclass(frozen=True, slots=True)
class Listings:
    """Offers, ordered by SKU: int32[n], int32[n], and cents as int64[n]."""

    sku: Int
    merchant: Int
    price: Long

    def sizes(self, n_merchants: int) -> Long:
        """Return the number of offers per merchant."""
        return np.bincount(self.merchant, minlength=n_merchants)


def make_merchants(scenario: Scenario, stream: Stream, table: PlaceTable | None, items: ItemTable | None) -> Merchants:
    """Return the merchants: as read, or as many as the catalogue's table names or the scenario says.

    Those whose place a table does not know are given one, as those who are generated are.
    """
    named = items.merchants if items else ()
    drawn = table.homeless if table else named or tuple(f"merchant-{i}" for i in range(scenario.merchants.count))
    cities = scenario.network.cities
    city = pick(stream("merchants.city"), np.array([city.share for city in cities]), len(drawn))
    latitude, longitude = around(stream("merchants.place"), cities, city)
    if table is None:
        return Merchants(drawn, latitude, longitude)
    return Merchants(table.names + drawn, np.append(table.latitude, latitude), np.append(table.longitude, longitude))


def list_offers(
    scenario: Scenario, stream: Stream, goods: Goods, merchants: Merchants, items: ItemTable | None
) -> Listings:
    """Return the offers: as the catalogue's table says who sells what, or drawn by the merchants' sizes.

    A table that names no merchants gives one offer per SKU, at the table's price.
    """
    if items and items.merchants:
        return _listed_by_name(scenario, items, merchants)
    weights = zipf_weights(len(merchants.names), float(scenario.merchants.size_exponent))
    rng, n = stream("merchants.offers"), len(goods.names)
    others = rng.poisson(scenario.catalogue.offers_per_item - 1, n) if items is None else np.zeros(n, np.int64)
    sku, merchant = draw_distinct(1 + others, len(weights), lambda rows: pick(rng, weights, len(rows)))
    haggled = 1 + HAGGLING * (2 * stream("merchants.price").random(len(sku)) - 1)
    price = goods.price[sku] * (haggled if items is None else 1.0)
    return Listings(sku.astype(np.int32), merchant.astype(np.int32), np.maximum(1, np.rint(price)).astype(np.int64))


def _listed_by_name(scenario: Scenario, items: ItemTable, merchants: Merchants) -> Listings:
    number = {name: i for i, name in enumerate(merchants.names)}
    for name in items.merchants:
        if name not in number:
            where = f"catalogue.from: {scenario.catalogue.from_}"
            raise ScenarioError(where, f"no merchant {name!r} in {scenario.merchants.from_}", guess(name, number))
    own = np.array([number[name] for name in items.merchants], np.int32)
    return Listings(items.offer_sku, own[items.offer_merchant], items.offer_price)
