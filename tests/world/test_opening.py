"""How the world stands at the start: stock, promises, what was sold before."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.processes.ways import Ways
from sim.world.build import build_world
from sim.world.promise import promise_days
from sim.world.state import consumer_rows
from tests.world.worlds import scenario


def test_opening_units_are_the_scenarios_per_offer():
    world = build_world(scenario(stock={"opening": "units", "amount": 7}), 0)
    assert np.all(world.truth.offers["available"] == 7)
    assert world.stock.on_hand.sum() == 7 * len(world.truth.offers)


@pytest.mark.parametrize("least", [1, 5])
def test_cover_is_days_of_expected_sales_and_at_least_a_minimum_order(least):
    parts = {"stock": {"amount": 10, "expected_daily_sales": 20.0}, "brands": {"minimum_order": least}}
    world = build_world(scenario(**parts), 0)
    expected = np.maximum(least, np.rint(10 * world.cast.base_rate))
    assert np.array_equal(world.truth.offers["available"], expected)


def test_twice_the_cover_is_twice_the_stock():
    one, two = (build_world(scenario(stock={"amount": a, "expected_daily_sales": 600.0}), 0) for a in (20, 40))
    ratio = two.stock.on_hand.sum() / one.stock.on_hand.sum()
    assert abs(ratio - 2) < 0.05


def test_expected_daily_sales_are_what_cover_counts_on():
    world = build_world(scenario(stock={"expected_daily_sales": 500.0}), 0)
    assert world.cast.base_rate.sum() == pytest.approx(500)


def test_expected_daily_sales_change_nothing_that_was_sold_before():
    plain, planned = (build_world(scenario(stock={"expected_daily_sales": n}), 0) for n in (0.0, 500.0))
    assert np.array_equal(plain.truth.offers["sold"], planned.truth.offers["sold"])


def test_attractive_offers_are_expected_to_sell_more():
    world = build_world(scenario(catalogue={"items": 500}), 0)
    offers, rate = world.truth.offers, world.cast.base_rate
    relative = np.log(offers["price"]) - offers["reference"]
    best = offers["appeal"] - 2 * relative
    assert np.corrcoef(best, np.log(rate))[0, 1] > 0.9


def test_twice_the_consumers_are_expected_to_buy_twice_as_much_and_more_for_what_sells_sells():
    few, many = (build_world(scenario(population={"consumers": n}), 0) for n in (4000, 8000))
    assert 1.9 < many.cast.base_rate.sum() / few.cast.base_rate.sum() < 2.8


def test_exogenous_demand_is_expected_of_each_offer():
    world = build_world(scenario(population={"consumers": 0}, demand=[{"per_day": 3.5}, {"per_day": 1}]), 0)
    assert np.allclose(world.cast.base_rate, 4.5)


def test_what_is_not_listed_yet_has_no_past():
    world = build_world(scenario(population={"consumers": 5000}, catalogue={"items": 200, "launched_during": 0.5}), 0)
    offers = world.truth.offers
    new = offers["listed"] >= 0
    assert not offers["sold"][new].any()
    assert offers["sold"][~new].sum() > 0


def test_ratings_before_the_start_have_the_mean_of_deliveries_on_time():
    """Three thousand ratings of standard deviation one, over items whose quality differs: four standard errors."""
    parts = {"population": {"consumers": 0}, "catalogue": {"items": 400}, "demand": [{"per_day": 1.0}]}
    offers = build_world(scenario(**parts), 0).truth.offers
    assert offers["ratings"].sum() > 3000
    assert abs(offers["stars"].sum() / offers["ratings"].sum() - 4.34) < 0.1
    assert abs(offers["ratings"].sum() / offers["sold"].sum() - 0.3) < 0.02


@pytest.mark.parametrize(
    ("carrier", "orders"),
    [
        ({}, {}),
        ({"saturation_km": 900.0}, {"handling": "1 day"}),
        ({"to_the_door": False}, {}),
        ({"to_the_door": False}, {"handling": "1 day"}),
    ],
)
def test_promises_are_the_medians_that_fulfilment_keeps(carrier, orders):
    world = build_world(scenario(network={"carrier": carrier}, orders=orders), 0)
    cities = world.scenario.network.cities
    homes = consumer_rows(len(cities), 1)
    homes["latitude"], homes["longitude"] = np.array([(city.latitude, city.longitude) for city in cities]).T
    stand_in = SimpleNamespace(scenario=world.scenario, cast=world.cast, truth=SimpleNamespace(consumers=homes))
    ways = Ways(stand_in)
    for node in range(len(world.cast.node_name)):
        for city in range(len(cities)):
            metres = ways.metres(np.array([node]), np.array([city]))[0]
            assert world.truth.promise_days[node, city] * 1440 == pytest.approx(ways.median_minutes(node, city, metres))


def test_promises_without_a_network_are_how_long_parcels_take_to_appear():
    world = build_world(scenario(network={"warehouses": [], "delivery_without_network": "3 days"}), 0)
    assert np.all(world.truth.promise_days == 3.0)
    assert promise_days.__doc__
