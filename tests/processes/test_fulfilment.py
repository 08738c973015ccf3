"""Orders from the click to the door: one order at a time, each step at its own instant."""

import numpy as np
import pytest

from sim.errors import InvariantError
from sim.schema.clock import to_ticks
from sim.world.orders import By, Status
from tests.processes.fulfilment_world import FAR_EAST, PLACE, WAREHOUSE, Town, build, lines, minute, scenario

NEAR = {"latitude": 30.05, "longitude": 120.05}  # about 7 km from the warehouse


def test_a_local_order_is_released_paid_picked_packed_and_driven_to_the_door():
    town = Town(build(scenario(), [NEAR], [[5]]))
    town.order(lines([10.25]))
    row = town.run()[0]
    assert minute(row["paid"]) == 11.0
    assert minute(row["allocated"]) == 11.0
    assert 30.0 < minute(row["picked"]) < minute(row["packed"]) < 540.0  # the wave of 0:30
    assert minute(row["shipped"]) == 540.0  # the first cut-off is at 9:00
    assert 540.0 < minute(row["delivered"]) < 600.0
    assert (row["status"], row["by"]) == (Status.DELIVERED, By.VAN)
    assert town.world.stock.issued.tolist() == [1]


def test_a_far_order_waits_for_the_collection_and_travels_its_distance():
    town = Town(build(scenario(network={"carrier": {"spread": 0}}), [FAR_EAST], [[5]]))
    town.order(lines([10.25]))
    row = town.run()[0]
    assert minute(row["shipped"]) == 18 * 60
    days = 0.8 + 1.2 * row["distance"] / 1e6
    assert minute(row["delivered"]) - minute(row["shipped"]) == pytest.approx(days * 1440, abs=0.01)
    assert row["by"] == By.CARRIER


def test_the_promise_is_the_median_transit_of_the_way_and_the_slack():
    town = Town(build(scenario(), [NEAR, FAR_EAST], [[5]]))
    town.order(lines([10.25, 10.25], consumer=[0, 1]))
    rows = town.run()
    promised = (rows["promised"] - rows["placed"]) / to_ticks(1440.0)
    assert promised[0] == pytest.approx(1 + 2)
    assert promised[1] == pytest.approx(0.8 + 1.2 * rows["distance"][1] / 1e6 + 2, rel=1e-6)
    assert np.all(rows["ship_by"] - rows["placed"] == to_ticks(48 * 60.0))


def test_an_order_placed_at_a_release_instant_goes_with_the_next_release():
    town = Town(build(scenario(), [NEAR], [[5]]))
    town.order(lines([12.0]))
    assert minute(town.run()[0]["allocated"]) == 13.0


def test_an_order_that_becomes_known_after_its_release_stops_the_run():
    town = Town(build(scenario(), [NEAR], [[5]]))
    town.env.run(until=30.0)
    with pytest.raises(InvariantError, match="after the release"):
        town.release.place(lines([10.0]))


def test_a_later_payment_is_booked_at_its_instant_and_goes_on_at_the_next_release():
    town = Town(build(scenario(), [NEAR], [[5]]))
    town.order(lines([10.25], pays_at=to_ticks(14.5)))
    row = town.run()[0]
    assert (minute(row["paid"]), minute(row["allocated"])) == (14.5, 15.0)


@pytest.mark.parametrize("pays_at", [-1, to_ticks(10.25 + 30.0) + 1])
def test_what_is_not_paid_within_the_reservation_lapses_at_exactly_its_end(pays_at):
    town = Town(build(scenario(), [NEAR], [[5]]))
    town.order(lines([10.25], pays_at=pays_at))
    town.env.run(until=40.25)
    assert town.world.truth.offers["available"].tolist() == [4]
    row = town.run()[0]
    assert (row["status"], minute(row["ended"])) == (Status.LAPSED, 40.25)
    assert town.world.truth.offers["available"].tolist() == [5]
    assert town.world.money.accounts == {}


def test_a_line_goes_to_the_key_with_most_when_the_batch_before_it_took_the_nearest():
    rules = scenario(network={"warehouses": [WAREHOUSE, {**WAREHOUSE, "name": "b"}]})
    town = Town(build(rules, [NEAR], [[1, 3]], nodes=[PLACE, FAR_EAST]))
    town.order(lines([10.25, 10.5]))
    assert town.run()["node"].tolist() == [0, 1]


def test_a_line_that_no_single_node_can_serve_is_called_off_at_its_ship_by_time():
    rules = scenario(network={"warehouses": [WAREHOUSE, {**WAREHOUSE, "name": "b"}]})
    town = Town(build(rules, [NEAR], [[1, 1]], nodes=[PLACE, FAR_EAST]))
    town.order(lines([10.25], units=2))
    row = town.run()[0]
    assert (row["status"], row["ended"]) == (Status.CANCELLED, row["ship_by"])
    assert town.world.money.total("refunds") == town.world.money.total("sales") == 2000
    assert town.world.truth.offers["available"].tolist() == [2]


def test_a_line_that_waits_is_bound_when_stock_comes():
    rules = scenario(network={"warehouses": [WAREHOUSE, {**WAREHOUSE, "name": "b"}]})
    town = Town(build(rules, [NEAR], [[1, 1]], nodes=[PLACE, FAR_EAST]))
    town.order(lines([10.25], units=2))
    town.env.run(until=100.5)
    town.world.stock.order(0, 1)
    town.world.stock.receive(0, 1, to_ticks(100.5))
    town.release.stock_came()
    row = town.run()[0]
    assert (minute(row["allocated"]), row["node"], row["status"]) == (101.0, 0, Status.DELIVERED)


def test_lines_of_one_consumer_in_one_wave_are_one_parcel():
    town = Town(build(scenario(), [NEAR, PLACE], [[5], [5]]))
    town.order(lines([10.25, 11.5, 12.5, 40.0], consumer=[0, 0, 1, 0], offer=[0, 1, 0, 1]))
    rows = town.run()
    assert rows["parcel"].tolist() == [0, 0, 2, 3]
    assert rows["packed"][0] == rows["packed"][1]


def test_nothing_is_picked_or_packed_at_night_but_what_was_begun_is_finished():
    hours = {**WAREHOUSE, "opens": "8 h", "closes": "20 h", "packers": 1, "pack_seconds": 7200, "pack_law": "constant"}
    town = Town(build(scenario(network={"warehouses": [hours]}), [NEAR, PLACE], [[5]]))
    town.order(lines([19 * 60 + 0.5, 19 * 60 + 0.5], consumer=[0, 1]))
    packed = np.sort([minute(row["packed"]) for row in town.run()])
    assert 1200 < packed[0] < 1300  # begun before eight in the evening
    assert packed[1] == 1440 + 8 * 60 + 120  # begun when the doors opened


def test_the_carrier_takes_so_many_a_day_first_come_first_served():
    rules = scenario(network={"carrier": {"capacity_per_day": 2}})
    town = Town(build(rules, [FAR_EAST] * 5, [[9]]))
    town.order(lines([1.5, 61.5, 121.5, 181.5, 241.5], consumer=[0, 1, 2, 3, 4]))
    days = (town.run()["shipped"] // to_ticks(1440.0)).tolist()
    assert days == [0, 0, 1, 1, 2]


def test_while_the_carrier_is_cut_its_capacity_is_multiplied():
    rules = scenario(
        network={"carrier": {"capacity_per_day": 2}},
        events=[{"kind": "carrier_cut", "factor": 0.5, "at": "0 min", "for": "36 h"}],
    )
    town = Town(build(rules, [FAR_EAST] * 5, [[9]]))
    town.order(lines([1.5, 61.5, 121.5, 181.5, 241.5], consumer=[0, 1, 2, 3, 4]))
    days = (town.run()["shipped"] // to_ticks(1440.0)).tolist()
    assert days == [0, 1, 1, 2, 2] or days == [0, 1, 2, 2, 3]


def test_a_stop_too_heavy_for_any_van_goes_to_the_carrier():
    town = Town(build(scenario(network={"vans": {"weight_kg": 1}}), [NEAR], [[5]], grams=1500))
    town.order(lines([10.25]))
    assert town.run()["by"].tolist() == [By.CARRIER]


def test_without_a_carrier_what_vans_cannot_bring_is_called_off_and_paid_back():
    rules = scenario(network={"vans": {"weight_kg": 1}, "carrier": {"capacity_per_day": 0}})
    town = Town(build(rules, [NEAR, FAR_EAST], [[5]], grams=1500))
    town.order(lines([10.25, 10.25], consumer=[0, 1]))
    rows = town.run()
    assert rows["status"].tolist() == [Status.UNDELIVERABLE, Status.UNDELIVERABLE]
    assert town.world.money.total("refunds") == 2000
    assert town.world.truth.offers["available"].tolist() == [5]


def test_stops_that_find_no_van_wait_for_the_next_wave():
    one_van = {**WAREHOUSE, "vans": 1, "cut_off": ["9 h", "10 h"]}
    rules = scenario(network={"warehouses": [one_van], "vans": {"stop_seconds": 5400, "shift": "3 h"}})
    town = Town(build(rules, [NEAR, PLACE], [[5]]))
    town.order(lines([1.5, 2.5], consumer=[0, 1]))
    shipped = [minute(row["shipped"]) for row in town.run()]
    assert shipped == [540.0, 1440 + 540.0]  # at ten the only van is still out


def test_a_merchant_without_a_warehouse_hands_over_in_its_own_time():
    rules = scenario(orders={"handling": "36 h", "handling_spread": 0})
    town = Town(build(rules, [NEAR], [[5]], node_warehouse=[-1]))
    town.order(lines([10.25]))
    row = town.run()[0]
    assert minute(row["packed"]) - minute(row["allocated"]) == pytest.approx(36 * 60, abs=0.001)
    assert minute(row["shipped"]) == 1440 + (18 + 24 * (36 * 60 + 11 > 18 * 60 + 1440)) * 60
    assert row["by"] == By.CARRIER


def test_without_a_network_parcels_appear_at_the_door():
    town = Town(build(scenario(network={"warehouses": []}), [NEAR], [[5]], node_warehouse=[-1]))
    town.order(lines([10.25]))
    row = town.run()[0]
    assert (minute(row["shipped"]), minute(row["delivered"])) == (11.0, 11.0 + 2 * 1440)
    assert row["by"] == By.DIRECT


def test_an_order_of_nobody_on_the_map_is_packed_and_then_appears():
    town = Town(build(scenario(), [], [[5]]))
    town.order(lines([10.25, 10.5], consumer=-1))
    rows = town.run()
    assert np.all(rows["packed"] > 0)
    assert np.all(rows["delivered"] - rows["shipped"] == to_ticks(2 * 1440.0))
    assert rows["parcel"].tolist() == [0, 1]


def test_where_the_carrier_does_not_go_to_the_door_the_depot_near_home_delivers():
    rules = scenario(network={"carrier": {"spread": 0, "to_the_door": False, "base_days": 0.5}})
    town = Town(build(rules, [NEAR, FAR_EAST], [[0, 5]], nodes=[PLACE, FAR_EAST], node_warehouse=[0, -1]))
    town.order(lines([10.25, 10.25], consumer=[0, 1]))
    there, far = town.run()
    days = 0.5 + 1.2 * there["distance"] / 1e6
    assert there["by"] == By.VAN
    assert far["by"] == By.CARRIER
    at_depot = minute(there["shipped"]) + days * 1440
    wave = min(t for t in (d * 1440 + h * 60 for d in range(9) for h in (9, 15)) if t > at_depot)
    assert wave < minute(there["delivered"]) < wave + 60
    (route,) = town.diary.of("route")
    assert (route["node"], route["stops"]) == (0, 1)
    assert town.world.money.flows["cost_last_mile", "merchants", "carriers"] > 0
    assert town.world.stock.issued.tolist() == [0, 2]
