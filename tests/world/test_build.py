"""A world is built: the same from the same seed, lawful from the start, and whole in every part left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.schema.kinds import ContentKind
from sim.world.build import build_world
from tests.world.worlds import fingerprint, scenario

BARE = {"population": {"consumers": 0}, "creators": {"count": 0}, "catalogue": {"items": 1}, "merchants": {"count": 1}}
NO_NETWORK = {"network": {"warehouses": []}}


def test_the_same_seed_builds_the_same_world_byte_for_byte():
    assert fingerprint(build_world(scenario(), 3)) == fingerprint(build_world(scenario(), 3))


def test_another_replication_or_seed_is_another_world():
    prints = {fingerprint(build_world(scenario(seed=seed), replication)) for seed in (7, 8) for replication in (0, 1)}
    assert len(prints) == 4


def test_one_more_creator_changes_no_consumer_and_no_item():
    few, many = (build_world(scenario(creators={"count": count}), 0) for count in (5, 6))
    for name in few.truth.consumers.dtype.names:
        if name != "follows":
            assert np.array_equal(few.truth.consumers[name], many.truth.consumers[name]), name
    assert few.truth.offers.tobytes() == many.truth.offers.tobytes()
    assert few.stock.on_hand.tobytes() == many.stock.on_hand.tobytes()


def test_one_more_consumer_changes_no_item_and_no_other_home():
    few, many = (build_world(scenario(population={"consumers": count}), 0) for count in (300, 301))
    assert np.array_equal(few.truth.offers["price"], many.truth.offers["price"])
    assert np.array_equal(few.cast.creator_topic, many.cast.creator_topic)
    assert few.cast.offer_text == many.cast.offer_text


def test_how_much_is_stocked_changes_nothing_that_consumers_see():
    thin, thick = (build_world(scenario(stock={"opening": "units", "amount": amount}), 0) for amount in (0, 1_000_000))
    changed = {"available", "position", "empty_since"}
    for name in set(thin.truth.offers.dtype.names) - changed:
        assert np.array_equal(thin.truth.offers[name], thick.truth.offers[name]), name
    assert thin.truth.contents.tobytes() == thick.truth.contents.tobytes()


def test_contents_are_offers_then_videos_then_one_room_per_creator():
    world = build_world(scenario(), 0)
    contents, n_offers = world.truth.contents, len(world.truth.offers)
    assert np.all(np.diff(contents["kind"]) >= 0)
    assert np.array_equal(contents["offer"][:n_offers], np.arange(n_offers))
    rooms = contents[contents["kind"] == ContentKind.ROOM]
    assert rooms["creator"].tolist() == rooms["room"].tolist() == list(range(5))
    videos = contents[contents["kind"] == ContentKind.VIDEO]
    assert np.all(videos["listed"] >= world.truth.offers["listed"][videos["offer"]])
    assert len(set(world.cast.content_name)) == len(contents)


def test_creators_show_what_fits_them():
    world = build_world(scenario(catalogue={"items": 400}, creators={"count": 40, "topics": 1}), 0)
    contents, offers = world.truth.contents, world.truth.offers
    videos = contents[contents["kind"] == ContentKind.VIDEO]
    topic = world.cast.creator_topic[videos["creator"]]
    fit = np.einsum("nd,nd->n", topic, offers["vector"][videos["offer"]])
    anyhow = topic @ offers["vector"].T
    assert fit.mean() > anyhow.mean() + 2 * anyhow.std()


@pytest.mark.parametrize(
    "parts",
    [
        BARE | NO_NETWORK,
        BARE | NO_NETWORK | {"orders": {"handling": "1 day"}},
        BARE | {"creators": {"count": 1, "videos": 0}},
        {"population": {"consumers": 0}},
        {"creators": {"count": 0}},
        {"stock": {"amount": 0}},
        {"catalogue": {"items": 3, "launched_during": 1.0, "offers_per_item": 10}},
        {"population": {"consumers": 50, "taste_focus": 0, "follows": 0, "activity_spread": 0}},
    ],
)
def test_a_world_with_a_part_left_out_is_lawful(parts):
    world = build_world(scenario(**parts), 0)
    world.stock.check("the start")
    world.money.check("the start")
    world.orders.check("the start")
    assert np.all(world.truth.offers["price"] >= 1)


def test_without_warehouses_everything_lies_in_one_place_nowhere():
    world = build_world(scenario(**NO_NETWORK), 0)
    assert world.cast.node_name == ("nowhere",)
    assert world.cast.node_warehouse.tolist() == [-1]
    assert np.all(world.truth.promise_days == 2.0)


ALL_PARTS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**40),
        "population": st.fixed_dictionaries({"consumers": st.integers(0, 40), "taste_focus": st.floats(0, 50)}),
        "catalogue": st.fixed_dictionaries(
            {
                "items": st.integers(1, 30),
                "offers_per_item": st.floats(1, 5),
                "margin": st.floats(0, 0.9),
                "launched_during": st.floats(0, 1),
            }
        ),
        "brands": st.fixed_dictionaries({"count": st.integers(1, 5)}),
        "merchants": st.fixed_dictionaries({"count": st.integers(1, 8), "multi_node_share": st.floats(0, 1)}),
        "creators": st.fixed_dictionaries({"count": st.integers(0, 6), "videos": st.floats(0, 4)}),
        "stock": st.fixed_dictionaries(
            {
                "opening": st.sampled_from(("cover", "units")),
                "amount": st.floats(0, 100),
                "expected_daily_sales": st.sampled_from((0.0, 55.5)),
            }
        ),
        "orders": st.sampled_from(({}, {"handling": "36 h"})),
        "demand": st.sampled_from(((), ({"per_day": 2.5},))),
        "network": st.sampled_from(({}, {"warehouses": []}, {"vans": {"reach_km": 3}})),
    }
)


@settings(max_examples=60, deadline=None)
@given(ALL_PARTS)
def test_whatever_the_scenario_a_world_begins_lawfully(parts):
    world = build_world(scenario(**parts), 0)
    world.stock.check("the start")
    world.money.check("the start")
    stock, offers, contents = world.stock, world.truth.offers, world.truth.contents
    assert np.array_equal(np.repeat(np.arange(len(offers)), np.diff(stock.first_key)), stock.offer)
    assert np.array_equal(stock.node[stock.first_key[:-1]], offers["node"])
    assert np.array_equal(stock.owner, offers["merchant"][stock.offer])
    assert np.all((stock.node >= 0) & (stock.node < len(world.cast.node_name)))
    assert np.array_equal(offers["position"], np.bincount(stock.offer, stock.on_hand, len(offers)).astype(np.int64))
    assert np.all(offers["stars"] >= offers["ratings"])
    assert np.all(offers["stars"] <= 5 * offers["ratings"])
    assert np.all(offers["ratings"] <= offers["sold"])
    assert np.all(np.isfinite(contents["vector"]))
    assert np.all(np.isfinite(world.truth.consumers["taste"]))
    assert np.all(world.cast.base_rate >= 0)
    assert len(world.cast.content_name) == len(contents)
