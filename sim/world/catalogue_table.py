"""The catalogue as a table tells it: SKUs, and who offers them at what price.

A table of orders serves too: rows that repeat an SKU of a merchant are one offer, at their median price.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.world.groups import first_per_group, median_per_group
from sim.world.inputs import Input, input_of, read_only
from sim.world.table import Names, Table, open_table

Int = NDArray[np.int32]
Long = NDArray[np.int64]
Float = NDArray[np.float64]

NEEDS = ("sku", "price")
MAY = ("category", "weight_grams", "volume_ml", "merchant", "unit_cost", "title", "text")
MOST_ITEMS = 5_000_000
MOST_CATEGORIES = 1000
UNNAMED = "other"
"""The category of items whose rows name none."""
LARGEST = 1e9
"""Of a price in currency units, of grams, of millilitres."""


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Column i belongs to SKU i, in order of appearance; offers are ordered by SKU.

    Attributes
    ----------
    category : int32[n]
    price : int64[n], cents
    unit_cost, weight, volume : float64[n] or None
        Cents, grams, millilitres; NaN where the table does not say, None where it has no such column.
    text : tuple of str
        Title and description; empty where the table has neither.
    merchants : tuple of str
        Empty where the table names none; then there are no offers.
    offer_sku, offer_merchant : int32[n_offers]
    offer_price : int64[n_offers], cents
    """

    names: tuple[str, ...]
    categories: tuple[str, ...]
    category: Int
    price: Long
    unit_cost: Float | None
    weight: Float | None
    volume: Float | None
    text: tuple[str, ...]
    merchants: tuple[str, ...]
    offer_sku: Int
    offer_merchant: Int
    offer_price: Long


def read_items(scenario: Scenario) -> ItemTable | None:
    """Return the catalogue's table; None where the catalogue is generated."""
    source = input_of(scenario, "catalogue", scenario.catalogue)
    return None if source is None else _read(source)


@lru_cache(maxsize=4)
def _read(source: Input) -> ItemTable:
    table = open_table(source, NEEDS, MAY)
    sku = table.every_name("sku")
    n = len(sku.known)
    if n > MOST_ITEMS:
        raise ScenarioError(table.where, f"the table has {n:,} SKUs, allowed {MOST_ITEMS:,}")
    price = _prices(table)
    categories, category = _categories(table, sku)
    merchants, offer_sku, offer_merchant, offer_price = _offers(table, sku, price)
    cost = table.numbers("unit_cost", 0.0, LARGEST)
    return read_only(
        ItemTable(
            names=sku.known,
            categories=categories,
            category=category,
            price=_cents(median_per_group(sku.code, price, n)),
            unit_cost=None if cost is None else np.rint(100 * median_per_group(sku.code, cost, n)),
            weight=_measures(table, "weight_grams", sku),
            volume=_measures(table, "volume_ml", sku),
            text=_texts(table, sku),
            merchants=merchants,
            offer_sku=offer_sku,
            offer_merchant=offer_merchant,
            offer_price=offer_price,
        )
    )


def _prices(table: Table) -> Float:
    price = table.numbers("price", 0.0, LARGEST)
    assert price is not None  # the table is opened for it
    for wrong, why in ((np.isnan(price), "the value is missing"), (price == 0, "found 0, a price is positive")):
        if wrong.any():
            raise table.wrong("price", why, int(np.argmax(wrong)))
    return price


def _cents(price: Float) -> Long:
    return np.maximum(1, np.rint(100 * price)).astype(np.int64)


def _measures(table: Table, name: str, sku: Names) -> Float | None:
    """Return the median per SKU, rounded up to whole units; nobody measured what is 0."""
    values = table.numbers(name, 0.0, LARGEST)
    if values is None:
        return None
    return np.asarray(np.ceil(median_per_group(sku.code, np.where(values == 0, np.nan, values), len(sku.known))))


def _categories(table: Table, sku: Names) -> tuple[tuple[str, ...], Int]:
    category = table.names("category")
    if category is None:
        return (UNNAMED,), np.zeros(len(sku.known), np.int32)
    if len(category.known) > MOST_CATEGORIES:
        raise table.wrong("category", f"found {len(category.known):,} categories, allowed {MOST_CATEGORIES:,}")
    known = category.known if UNNAMED in category.known else (*category.known, UNNAMED)
    own = first_per_group(sku.code, category.code, len(sku.known))
    used, number = np.unique(np.where(own < 0, known.index(UNNAMED), own), return_inverse=True)
    return tuple(known[c] for c in used.tolist()), number.astype(np.int32)


def _texts(table: Table, sku: Names) -> tuple[str, ...]:
    """Return a title and a description per SKU, as far as the table has them."""
    columns = [column for column in (table.texts("title"), table.texts("text")) if column is not None]
    if not columns:
        return ()
    parts = []
    for column in columns:
        own = first_per_group(sku.code, column.code, len(sku.known))
        parts.append([column.known[code] if code >= 0 else "" for code in own.tolist()])
    return tuple(". ".join(filter(None, texts)) for texts in zip(*parts, strict=True))


def _offers(table: Table, sku: Names, price: Float) -> tuple[tuple[str, ...], Int, Int, Long]:
    if table.names("merchant") is None:
        nobody = np.zeros(0, np.int32)
        return (), nobody, nobody, np.zeros(0, np.int64)
    merchant = table.every_name("merchant")
    pair = sku.code.astype(np.int64) * len(merchant.known) + merchant.code
    pairs, group = np.unique(pair, return_inverse=True)
    own_sku, own_merchant = np.divmod(pairs, len(merchant.known))
    asked = _cents(median_per_group(group, price, len(pairs)))
    return merchant.known, own_sku.astype(np.int32), own_merchant.astype(np.int32), asked
