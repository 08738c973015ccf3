"""The SKUs: what they are about, what they cost, what they weigh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.catalogue import Category
from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY, to_ticks
from sim.world.catalogue_table import ItemTable
from sim.world.distinct import deal, pick, zipf_weights
from sim.world.groups import median_per_group
from sim.world.streams import Stream
from sim.world.text import draw_texts, tags_of
from sim.world.topics import draw_mixtures, item_vectors

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]
Single = NDArray[np.float32]

QUALITY_SPREAD = 0.5
MARGIN_SPREAD = 0.05
WEIGHT_SPREAD = 0.5
BRAND_EXPONENT = 1.0
"""Zipf exponent of the number of SKUs per brand."""
MILLILITRES_PER_GRAM = 3.0
"""Parcels are light: about a third of a kilogram per litre, give or take."""
VOLUME_SPREAD = 0.4
OLDEST_DAYS = 180.0
DEAREST = 1e12
"""Cents; keeps a wild lognormal inside exact integers."""


@dataclass(frozen=True, slots=True)
class Goods:
    """The SKUs, column i for SKU i; categories have columns of their own.

    Attributes
    ----------
    return_rate : float64[n_categories]
    reference : float64[n_categories]
        Log of the category's median price in cents.
    mixture, vector : float32[n, d]
        Shares of topics; the centred unit vector that tastes are matched with.
    appeal, quality : float64[n]
    price, unit_cost : int64[n], cents
    weight : int64[n], grams
    volume : int64[n], millilitres
    listed : int64[n], ticks
    """

    names: tuple[str, ...]
    categories: tuple[str, ...]
    return_rate: Float
    reference: Float
    category: Int
    brand: Int
    mixture: Single
    vector: Single
    appeal: Float
    quality: Float
    price: Long
    unit_cost: Long
    weight: Long
    volume: Long
    listed: Long
    text: tuple[str, ...]
    tags: tuple[tuple[str, ...], ...]


def make_goods(scenario: Scenario, stream: Stream, table: ItemTable | None) -> Goods:
    """Return the SKUs: drawn, or with all that ``table`` says taken from it and the rest drawn."""
    kinds = _categories(scenario, table)
    n = len(table.names) if table else scenario.catalogue.items
    category = table.category if table else _deal_categories(scenario, stream, n)
    price = table.price if table else _prices(stream, kinds, category)
    weight = _weights(stream, kinds, category)
    volume = weight * MILLILITRES_PER_GRAM * np.exp(VOLUME_SPREAD * stream("catalogue.volume").standard_normal(n))
    mixture = draw_mixtures(stream("catalogue.topics"), category, len(kinds))
    names = tuple(kind.name for kind in kinds)
    return Goods(
        names=sku_names(scenario, table),
        categories=names,
        return_rate=np.array([float(kind.return_rate) for kind in kinds]),
        reference=np.log([100 * kind.price_median for kind in kinds]),
        category=category,
        brand=pick(stream("catalogue.brand"), zipf_weights(scenario.brands.count, BRAND_EXPONENT), n).astype(np.int32),
        mixture=mixture,
        vector=item_vectors(mixture),
        appeal=float(scenario.catalogue.appeal_spread) * stream("catalogue.appeal").standard_normal(n),
        quality=QUALITY_SPREAD * stream("catalogue.quality").standard_normal(n),
        price=price,
        unit_cost=_known(table.unit_cost if table else None, _unit_costs(scenario, stream, price)),
        weight=_known(table.weight if table else None, weight),
        volume=_known(table.volume if table else None, np.maximum(1, np.rint(volume))),
        listed=_listing_times(scenario, stream, n),
        text=table.text if table and table.text else draw_texts(stream("catalogue.text"), mixture),
        tags=tags_of(mixture, category, names),
    )


def sku_names(scenario: Scenario, table: ItemTable | None) -> tuple[str, ...]:
    """Return the SKUs by the number of their row: a table's own, or ``sku-0`` and so on."""
    return table.names if table else tuple(f"sku-{i}" for i in range(scenario.catalogue.items))


def _categories(scenario: Scenario, table: ItemTable | None) -> tuple[Category, ...]:
    """Return the scenario's categories, or a table's: by the scenario's rules where it names them too."""
    if table is None:
        return scenario.catalogue.categories
    ruled = {category.name: category for category in scenario.catalogue.categories}
    usual = Category(name="usual", share=1, price_median=1)
    median = median_per_group(table.category, table.price / 100, len(table.categories))
    changes = (
        {"name": name, "price_median": price} for name, price in zip(table.categories, median.tolist(), strict=True)
    )
    return tuple(ruled.get(change["name"], usual).model_copy(update=change) for change in changes)


def _deal_categories(scenario: Scenario, stream: Stream, n: int) -> Int:
    shares = np.array([category.share for category in scenario.catalogue.categories])
    return deal(stream("catalogue.category"), shares, n).astype(np.int32)


def _prices(stream: Stream, kinds: tuple[Category, ...], category: Int) -> Long:
    median = np.array([kind.price_median for kind in kinds])[category]
    spread = np.array([kind.price_spread for kind in kinds])[category]
    price = 100 * median * np.exp(spread * stream("catalogue.price").standard_normal(len(category)))
    cents: Long = np.rint(np.clip(price, 1, DEAREST)).astype(np.int64)
    return cents


def _unit_costs(scenario: Scenario, stream: Stream, price: Long) -> Float:
    noise = MARGIN_SPREAD * stream("catalogue.margin").standard_normal(len(price))
    margin = np.clip(float(scenario.catalogue.margin) + noise, 0.0, 0.99)
    return np.rint(price * (1.0 - margin))


def _weights(stream: Stream, kinds: tuple[Category, ...], category: Int) -> Float:
    median = np.array([kind.weight_grams for kind in kinds])[category]
    spread = np.exp(WEIGHT_SPREAD * stream("catalogue.weight").standard_normal(len(category)))
    return np.asarray(np.maximum(1, np.rint(median * spread)))


def _listing_times(scenario: Scenario, stream: Stream, n: int) -> Long:
    """Return when SKUs are first listed: a share inside the horizon, the others some time before the start."""
    rng = stream("catalogue.listed")
    during, when = rng.random(n) < scenario.catalogue.launched_during, rng.random(n)
    before = -np.ceil(when * to_ticks(OLDEST_DAYS * MINUTES_PER_DAY))
    return np.where(during, when * to_ticks(scenario.horizon), before).astype(np.int64)


def _known(read: Float | None, drawn: Float) -> Long:
    """Return what the table says, and what was drawn where it says nothing."""
    return (drawn if read is None else np.where(np.isnan(read), drawn, read)).astype(np.int64)
