"""Who sells what, and from where."""

import numpy as np
import pytest

from sim.world.build import build_world
from sim.world.goods import make_goods
from sim.world.nodes import place_nodes
from sim.world.trade import list_offers, make_merchants
from tests.world.worlds import scenario, stream

WAREHOUSE = {"latitude": 30.0, "longitude": 120.0}
FAR = {"latitude": 40.0, "longitude": 116.0}


def listings(rules, seed=1):
    made = stream(seed)
    goods = make_goods(rules, made, None)
    merchants = make_merchants(rules, made, None, None)
    return goods, merchants, list_offers(rules, made, goods, merchants, None)


def test_a_few_merchants_are_large_and_many_are_small():
    _, merchants, listed = listings(scenario(catalogue={"items": 2000}, merchants={"count": 200}))
    sizes = np.sort(listed.sizes(len(merchants.names)))[::-1]
    assert sizes[:20].sum() > 0.5 * sizes.sum()
    assert np.median(sizes) < 0.5 * sizes.mean()
    assert np.argmax(listed.sizes(200)) == 0


def test_no_merchant_lists_a_sku_twice_and_each_sku_is_listed():
    goods, _, listed = listings(scenario(catalogue={"items": 300, "offers_per_item": 3}))
    pairs = listed.sku.astype(np.int64) * 100 + listed.merchant
    assert np.all(np.diff(pairs) > 0)
    assert set(listed.sku.tolist()) == set(range(len(goods.names)))


def test_the_mean_number_of_offers_per_item_is_the_scenarios():
    rules = scenario(catalogue={"items": 4000, "offers_per_item": 1.7}, merchants={"count": 500, "size_exponent": 0})
    _, _, listed = listings(rules)
    assert abs(len(listed.sku) / 4000 - 1.7) < 0.055  # four standard errors of a Poisson mean


def test_merchants_of_a_sku_ask_within_five_per_cent_of_its_price():
    goods, _, listed = listings(scenario(catalogue={"items": 500, "offers_per_item": 2}))
    assert np.abs(listed.price / goods.price[listed.sku] - 1).max() < 0.051


def test_the_largest_merchants_stock_two_warehouses_and_the_others_the_nearest():
    rules = scenario(catalogue={"items": 500}, merchants={"count": 50, "multi_node_share": 0.2})
    _, merchants, listed = listings(rules)
    nodes = place_nodes(rules, merchants, listed)
    sizes = listed.sizes(50)
    two = nodes.second >= 0
    assert two.sum() == 10
    assert sizes[two].min() >= sizes[~two].max()
    assert np.all(nodes.first != nodes.second)


def test_with_one_warehouse_nobody_stocks_two():
    rules = scenario(network={"warehouses": [{"name": "only", **WAREHOUSE}]}, merchants={"multi_node_share": 1})
    world = build_world(rules, 0)
    assert len(world.stock) == len(world.truth.offers)


def test_who_hands_over_by_itself_keeps_goods_at_home_beyond_the_vans_reach():
    cities = [{"name": "near", **WAREHOUSE, "share": 1}, {"name": "far", **FAR, "share": 1}]
    rules = scenario(
        network={"cities": cities, "warehouses": [{"name": "only", **WAREHOUSE}]},
        merchants={"count": 40},
        orders={"handling": "1 day"},
    )
    world = build_world(rules, 0)
    own = world.cast.node_warehouse == -1
    assert 5 < own.sum() < 35
    assert np.all(world.cast.node_latitude[own] > 35)
    near = world.cast.merchant_latitude[world.truth.offers["merchant"]] < 35
    assert np.array_equal(world.truth.offers["node"] == 0, near)


def test_where_no_warehouse_has_vans_all_merchants_hand_over_from_their_own_places():
    rules = scenario(network={"warehouses": [{"name": "only", **WAREHOUSE, "vans": 0}]}, orders={"handling": "1 day"})
    world = build_world(rules, 0)
    assert world.cast.node_warehouse.tolist() == [0] + 12 * [-1]
    node = world.truth.offers["node"]
    assert np.array_equal(world.cast.node_latitude[node], world.cast.merchant_latitude[world.truth.offers["merchant"]])


def test_nobody_keeps_goods_in_a_depot():
    cities = [{"name": "here", **WAREHOUSE, "share": 1}]
    depot = {"name": "depot", **WAREHOUSE, "depot_only": True}
    beside = {"name": "beside", "latitude": 30.1, "longitude": 120.1}
    network = {"cities": cities, "warehouses": [depot, beside], "carrier": {"to_the_door": False}}
    rules = scenario(network=network, orders={"handling": "1 day"}, merchants={"count": 12, "multi_node_share": 1})
    nodes = set(build_world(rules, 0).stock.node.tolist())
    assert 0 not in nodes
    assert 1 in nodes


@pytest.mark.parametrize("seed", range(3))
def test_commissions_lie_around_their_mean(seed):
    world = build_world(scenario(seed=seed, catalogue={"items": 2000}, creators={"count": 500}), 0)
    for shares in (world.cast.offer_commission, world.cast.creator_commission):
        assert abs(shares.mean() - 0.15) < 0.004  # more than four standard errors
        assert shares.min() >= 0.15 * 0.75
        assert shares.max() <= 0.15 * 1.25
