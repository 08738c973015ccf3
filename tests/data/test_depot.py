"""A depot that keeps no goods, and demand that is drawn again and again."""

import numpy as np
import pandas as pd
import pytest

from sim.processes.bootstrap_demand import BootstrapDemand
from sim.processes.story import play
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.world.build import build_world
from sim.world.orders import By
from tests.world.worlds import scenario

HOUR = to_ticks(60)
CAPACITY = 24
DEPOT = {"name": "depot", "latitude": 30.25, "longitude": 120.17, "vans": 3, "depot_only": True}
CITY = {"name": "city", "latitude": 30.25, "longitude": 120.17, "radius_km": 15, "share": 1}


def with_depot(tmp_path, others=(), **demand) -> Scenario:
    """Return a world of one city around a depot, to which 40 orders a day come by themselves."""
    orders = pd.DataFrame({"time": "2026-03-02 10:05", "sku": "sku-1", "consumer": [f"c{i}" for i in range(50)]})
    orders.to_csv(tmp_path / "orders.csv", index=False)
    return scenario(
        {"demand.0": tmp_path / "orders.csv"},
        horizon="4 days",
        warm_up="1 day",
        population={"consumers": 50, "segments": [{"name": "idle", "share": 1, "visits_per_day": 1e-6}]},
        creators={"count": 0},
        stock={"opening": "units", "amount": 1000},
        merchants={"count": 40, "multi_node_share": 1},
        network={
            "cities": [CITY],
            "warehouses": [DEPOT, *others],
            "carrier": {"to_the_door": False, "capacity_per_day": CAPACITY},
        },
        orders={"handling": "6 h", "unpaid_share": 0},
        demand=[{"kind": "bootstrap", "from": "orders.csv", "per_day": 40, **demand}],
        policies={"routing": {"kind": "nearest_neighbour"}},
    )


def test_nobody_keeps_goods_at_a_depot(tmp_path):
    world = build_world(with_depot(tmp_path), 0)
    assert (world.cast.node_warehouse[world.stock.node] == -1).all()


def test_merchants_keep_their_goods_where_another_warehouse_does(tmp_path):
    stores = {"name": "stores", "latitude": 30.3, "longitude": 120.2}
    world = build_world(with_depot(tmp_path, [stores]), 0)
    assert set(world.cast.node_warehouse[world.stock.node]) == {1}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return play(with_depot(tmp_path_factory.mktemp("depot")), 0)


def test_the_carrier_brings_parcels_to_the_depot_and_vans_to_the_door(told):
    rows = told.world.orders.rows
    arrived = rows[rows["delivered"] >= 0]
    assert len(arrived) == len(rows) > 100
    assert set(arrived["by"]) == {By.VAN}
    assert told.tables["route"]["parcels"].sum() == len(set(arrived["parcel"]))


def test_parcels_beyond_the_carriers_capacity_wait_for_another_day(told):
    rows = told.world.orders.rows
    first_lines = np.unique(rows["parcel"])
    collected = np.bincount(rows["shipped"][first_lines] // (24 * HOUR))
    assert collected.max() == CAPACITY
    assert (rows["shipped"] - rows["packed"]).max() > 24 * HOUR


def test_copies_of_one_order_at_one_instant_travel_as_one_parcel_unless_blurred(tmp_path):
    together = play(with_depot(tmp_path), 1).world.orders.rows
    apart = play(with_depot(tmp_path, blur="1 h"), 1).world.orders.rows
    assert len(set(together["parcel"])) < len(together)
    assert len(set(apart["parcel"])) > len(set(together["parcel"]))


def test_a_blurred_time_stays_within_its_span_of_the_day(tmp_path):
    world = build_world(with_depot(tmp_path, blur="1 h", per_day=2000), 0)
    placed = BootstrapDemand(world, 0).draw(0, 24 * HOUR)["placed"]
    assert ((placed >= 10 * HOUR) & (placed < 11 * HOUR)).all()
    assert abs(placed.mean() / HOUR - 10.5) < 4 / np.sqrt(12 * len(placed))  # 4 sd: 1 in 15,000; the seed is fixed


def test_a_blur_that_reaches_beyond_midnight_keeps_the_date(tmp_path):
    world = build_world(with_depot(tmp_path, blur="17 h", per_day=500), 0)
    placed = BootstrapDemand(world, 0).draw(0, 24 * HOUR)["placed"]
    assert (placed < 17 * HOUR).all()
