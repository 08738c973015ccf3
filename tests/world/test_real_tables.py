"""Real order tables in the place of generated parts; the project itself contains none of them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.world.build import build_world
from sim.world.world import World
from tests.world.worlds import SHARED, scenario

pytestmark = pytest.mark.skipif(
    not (SHARED / "olist_items.parquet").exists(), reason="the real order tables are not beside the project"
)
ITEMS, ORDERS = "olist_items.parquet", "olist_orders.parquet"
COLUMNS = {
    "sku": "product_id",
    "price": "price",
    "weight_grams": "product_weight_g",
    "merchant": "seller_id",
    "category": "product_category_name",
    "volume_ml": "product_length_cm*product_height_cm*product_width_cm",
}


@pytest.fixture(scope="module")
def world() -> World:
    tables = {"catalogue": SHARED / ITEMS, "merchants": SHARED / ITEMS, "population": SHARED / ORDERS}
    places = {"latitude": "s_lat", "longitude": "s_lng"}
    homes = {"consumer": "customer_unique_id", "latitude": "c_lat", "longitude": "c_lng"}
    city = {"name": "sao_paulo", "latitude": -23.55, "longitude": -46.63, "radius_km": 30, "share": 1}
    rules = scenario(
        tables,
        catalogue={"from": ITEMS, "columns": COLUMNS},
        merchants={"from": ITEMS, "columns": {"merchant": "seller_id", **places}},
        population={"from": ORDERS, "columns": homes},
        network={"cities": [city], "warehouses": [{"name": "sp", "latitude": -23.5, "longitude": -46.6}]},
        orders={"handling": "1 day"},
    )
    return build_world(rules, 0)


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return pd.read_parquet(SHARED / ITEMS)


def test_offers_cost_what_the_tables_items_cost(world, items):
    """A distance, no test of significance: both are whole populations."""
    assert stats.ks_2samp(world.truth.offers["price"] / 100, items["price"]).statistic < 0.05


def test_every_item_and_seller_of_the_table_is_there(world, items):
    assert set(world.cast.sku_name) == set(items["product_id"])
    assert set(world.cast.merchant_name) == set(items["seller_id"])
    assert len(world.truth.offers) == items.groupby(["product_id", "seller_id"]).ngroups


def test_weights_and_volumes_are_the_tables(world, items):
    medians = items.groupby("product_id", sort=False)["product_weight_g"].median()
    assert np.array_equal(world.cast.sku_weight, np.ceil(medians[list(world.cast.sku_name)]))
    sides = items["product_length_cm"] * items["product_height_cm"] * items["product_width_cm"]
    volumes = sides.groupby(items["product_id"], sort=False).median()
    assert np.array_equal(world.cast.sku_volume, np.ceil(volumes[list(world.cast.sku_name)]))


def test_consumers_live_where_the_table_says(world):
    orders = pd.read_parquet(SHARED / ORDERS).dropna(subset=["c_lat", "c_lng"])
    first = orders.drop_duplicates("customer_unique_id").set_index("customer_unique_id")
    known = first.loc[list(world.cast.consumer_name)]
    assert np.array_equal(world.truth.consumers["latitude"], known["c_lat"])
    assert np.array_equal(world.truth.consumers["longitude"], known["c_lng"])


def test_rows_without_a_place_are_told(world):
    assert world.notes[0] == "merchants.from: olist_items.parquet: 5 of 3,951 rows have no place and were left out"
    assert len(world.notes) == 3


def test_the_real_world_is_lawful_at_the_start(world):
    world.stock.check("the start")
    world.money.check("the start")
    assert (world.stock.on_hand > 0).all()
