"""A depot that keeps no goods, and demand that is drawn again and again."""

import numpy as np
import pandas as pd
import pytest

from sim.processes.bootstrap_demand import BootstrapDemand
from sim.processes.story import play
from sim.schema.clock import to_ticks
from sim.scenario.scenario import Scenario
from sim.world.build import build_world
from sim.world.orders import By, Status
from tests.world.worlds import scenario

HOUR = to_ticks(60)
DEPOT = {"name": "depot", "latitude": 30.25, "longitude": 120.17, "vans": 3, "depot_only": True}
CITY = {"name": "city", "latitude": 30.25, "longitude": 120.17, "radius_km": 15, "share": 1}


def with_depot(tmp_path, **demand) -> Scenario:
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
        network={"cities": [CITY], "warehouses": [DEPOT], "carrier": {"to_the_door": False, "capacity_per_day": 30}},
        orders={"handling": "6 h", "unpaid_share": 0},
        demand=[{"kind": "bootstrap", "from": "orders.csv", "per_day": 40, **demand}],
        policies={"routing": {"kind": "nearest_neighbour"}},
    )


def test_nobody_keeps_goods_at_a_depot(tmp_path):
    world = build_world(with_depot(tmp_path), 0)
    assert (world.cast.node_warehouse[world.stock.node] == -1).all()


def test_merchants_keep_their_goods_where_another_warehouse_does(tmp_path):
    rules = with_depot(tmp_path)
    other = {"name": "stores", "latitude": 30.3, "longitude": 120.2}
    network = {**rules.network.model_dump(by_alias=True), "warehouses": [DEPOT, other]}
    parts = {**rules.model_dump(by_alias=True), "network": network, "merchants": {"count": 40, "multi_node_share": 1}}
    changed = Scenario.model_validate(parts)
    changed._inputs.update(rules._inputs)
    kept = build_world(changed, 0).cast.node_warehouse[build_world(changed, 0).stock.node]
    assert set(kept) == {-1, 1}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return play(with_depot(tmp_path_factory.mktemp("depot")), 0)


def test_the_carrier_brings_parcels_to_the_depot_and_vans_to_the_door(told):
    rows = told.world.orders.rows
    arrived = rows[rows["status"] >= Status.DELIVERED]
    assert len(arrived) > 100
    assert set(arrived["by"]) == {By.VAN}
    assert told.tables["route"]["parcels"].sum() == len(set(arrived["parcel"]))


def test_parcels_beyond_the_carriers_capacity_wait_for_another_day(told):
    rows = told.world.orders.rows
    shipped, first = np.unique(rows["parcel"], return_index=True)[1], None
    days = rows["shipped"][shipped] // (24 * HOUR)
    assert first is None
    assert np.bincount(days).max() <= 30


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
