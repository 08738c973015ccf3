"""Rounds of vans."""

import math

from tests.metrics.handmade import HORIZON, WARM_UP, make_world, overall, replication, scenario, table


def test_rounds_that_left_in_the_window_are_summed():
    rounds = table(
        "route",
        {"time": WARM_UP - 1, "stops": 99, "parcels": 99, "metres": 99_000, "seconds": 99},
        {"time": WARM_UP, "stops": 3, "parcels": 4, "metres": 30_000, "seconds": 7_200},
        {"time": HORIZON - 1, "stops": 5, "parcels": 6, "metres": 20_000, "seconds": 3_600},
        {"time": HORIZON, "stops": 99, "parcels": 99, "metres": 99_000, "seconds": 99},
    )
    found = overall(replication(tables=rounds))
    assert found["routes"] == 2
    assert found["stops"] == 3 + 5
    assert found["route_km"] == 30 + 20
    assert found["km_per_parcel"] == 50 / 10
    assert found["co2_kg_per_parcel"] == 50 * 0.260 / 10  # grams per km of the default vans
    assert found["vehicle_utilisation"] == (2 + 1) / (2 * 8)  # hours of shifts of eight


def test_without_a_network_nobody_drives():
    found = overall(replication(world=make_world(scenario(network={"warehouses": []}))))
    assert found["routes"] == found["stops"] == found["route_km"] == 0
    for name in ("vehicle_utilisation", "km_per_parcel", "co2_kg_per_parcel"):
        assert math.isnan(found[name])
