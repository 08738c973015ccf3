"""A livestream: who watches, what is on show, what is sold, and what stays true meanwhile."""

import numpy as np
import pytest

from sim.behaviour.arrivals import flash_crowd
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.kinds import Act, Surface
from tests.processes.live_world import CERTAIN, EAGER, HOUR, IDLE, PAYING, Evening, build, scenario, show, slot

MINUTE = to_ticks(1.0)
ALL = {"notified_share": 1.0}
STAYS = {**IDLE, "live": {"stay": CERTAIN}}
LEAVES = {**IDLE, "live": {"stay": -CERTAIN}}
GLANCE = to_ticks(8 / 60)
"""The shortest page: how long a consumer watches who leaves at the first chance while nothing is on show."""


def crowd_of(evening: Evening, share: float = 1.0, crowd: int = 0, begins: int = HOUR) -> np.ndarray:
    """Return the instants at which the followers of creator 0 will come."""
    world = evening.world
    within = to_ticks(world.scenario.creators.livestreams.notified_within)
    return flash_crowd(
        world.truth.consumers, evening.consumers.c, world.key, room=0, livestream=begins, now=begins, share=share,
        within=within, crowd=crowd,
    )["time"]  # fmt: skip


def only(rows: list[dict]) -> dict:
    """Return the only row."""
    assert len(rows) == 1
    return rows[0]


# -- who watches -----------------------------------------------------------------------------------------------


def test_who_never_gets_bored_watches_to_the_end():
    rules = scenario(behaviour=STAYS, events=[show(slot(0, "0 min", "1 h"), **ALL)])
    evening = Evening(build(rules, 60, [10], followers=40))
    times = crowd_of(evening)
    times = times[times < 2 * HOUR]
    row = only(evening.run().diary.of("livestream"))
    assert (row["began"], row["time"]) == (HOUR, 2 * HOUR)
    assert row["entries"] == row["peak"] == len(times)
    assert row["watched"] == (2 * HOUR - times).sum()


def test_who_leaves_at_the_first_chance_watches_the_shortest_page():
    rules = scenario(behaviour=LEAVES, events=[show(**ALL)], creators={"livestreams": {"per_week": 0, "allotment": 0}})
    evening = Evening(build(rules, 300, [10], followers=300))
    times = crowd_of(evening)
    times = times[times < 2 * HOUR]
    row = only(evening.run().diary.of("livestream"))
    assert row["entries"] == len(times)
    assert row["watched"] == np.minimum(GLANCE, 2 * HOUR - times).sum()
    at_once = [np.count_nonzero((times <= t) & (t < times + GLANCE)) for t in times]
    assert row["peak"] == max(at_once)


def test_at_every_minute_viewers_are_those_who_came_less_those_who_left():
    rules = scenario(behaviour=LEAVES, events=[show(**ALL)], creators={"livestreams": {"per_week": 0, "allotment": 0}})
    evening = Evening(build(rules, 2_000, [10], followers=2_000))
    times = crowd_of(evening)
    rows = evening.run().diary.of("room_minute")
    assert [row["time"] for row in rows] == list(range(HOUR + MINUTE, 2 * HOUR, MINUTE))
    for row in rows:
        came, left = np.count_nonzero(times < row["time"]), np.count_nonzero(times + GLANCE < row["time"])
        assert row["viewers"] == came - left
    assert sum(row["viewers"] for row in rows) > 0


def test_when_it_ends_everybody_is_counted_out_and_the_next_counts_anew():
    events = [show(**ALL), show(at="2 h", for_="30 min", notified_share=0.0)]
    evening = Evening(build(scenario(behaviour=STAYS, events=events), 40, [10], followers=40))
    first, second = evening.run().diary.of("livestream")
    assert first["entries"] > 0
    assert (second["entries"], second["peak"], second["watched"]) == (0, 0, 0)
    room = evening.world.truth.rooms[0]
    assert (room["live"], room["viewers"], room["offer"], room["slot"], room["left"]) == (0, 0, -1, -1, 0)


def test_a_share_of_the_followers_and_a_crowd_come():
    rules = scenario(behaviour=STAYS, events=[show(for_="4 h", notified_share=0.5, crowd=30)])
    evening = Evening(build(rules, 500, [10], followers=200))
    expected = len(crowd_of(evening, 0.5, 30))
    assert 80 < expected < 180
    assert only(evening.run().diary.of("livestream"))["entries"] == expected


def test_others_come_in_through_the_feed():
    behaviour = {**EAGER, "live": {"stay": -CERTAIN}}
    rules = scenario(behaviour=behaviour, events=[show(slot(0, "0 min", "8 h"), for_="8 h")])
    row = only(Evening(build(rules, 200, [10_000], visits=2.0)).run().diary.of("livestream"))
    assert row["entries"] > 20


def test_a_room_is_in_the_view_only_while_something_is_on_show():
    rules = scenario(behaviour=EAGER, events=[show(slot(0, "0 min", "20 min"), slot(1, "40 min", "20 min"))])
    evening = Evening(build(rules, 0, [50, 50]))
    seen = {}
    for minute in (59, 61, 79, 81, 99, 101, 119, 121):
        evening.at(minute, lambda m=minute: seen.update({m: int(evening.world.truth.rooms["offer"][0])}))
    evening.run()
    assert seen == {59: -1, 61: 0, 79: 0, 81: -1, 99: -1, 101: 1, 119: 1, 121: -1}


def test_followers_gained_are_the_follows_while_it_ran():
    behaviour = {**EAGER, "social": {"follow": 1.0}, "live": {"stay": CERTAIN}}
    rules = scenario(behaviour=behaviour, events=[show(slot(0, "0 min", "1 h"), crowd=50)])
    evening = Evening(build(rules, 300, [10_000], followers=20))
    row = only(evening.run().diary.of("livestream"))
    acts = evening.acts()
    assert row["followers_gained"] == np.count_nonzero(acts["act"] == Act.FOLLOW) > 20
    assert (evening.world.truth.consumers["follows"] == 0).sum() == 20 + row["followers_gained"]


# -- what is sold ----------------------------------------------------------------------------------------------


def test_what_is_not_sold_of_an_allotment_returns_when_the_slot_ends():
    rules = scenario(behaviour=IDLE, events=[show(slot(0, "10 min", "20 min", allotment=30))])
    evening = Evening(build(rules, 0, [50]))
    offers = evening.world.truth.offers
    seen = {}
    for minute in (69, 71, 89, 91):
        evening.at(minute, lambda m=minute: seen.update({m: (int(offers["available"][0]), int(offers["allotted"][0]))}))
    row = only(evening.run().diary.of("slot"))
    assert seen == {69: (50, 0), 71: (20, 30), 89: (20, 30), 91: (50, 0)}
    assert (row["allotted"], row["sold"], row["sold_out_at"], row["time"]) == (30, 0, -1, 90 * MINUTE)


def test_an_allotment_is_at_most_what_is_available():
    rules = scenario(events=[show(slot(0, "0 min", "20 min", allotment=30))])
    assert only(Evening(build(rules, 0, [12])).run().diary.of("slot"))["allotted"] == 12


def test_orders_of_a_slot_name_it_and_pay_its_flash_price():
    rules = scenario(behaviour=EAGER, orders=PAYING, events=[show(slot(0, "0 min", "1 h", allotment=500), **ALL)])
    evening = Evening(build(rules, 100, [1000], followers=100), rooms=False)
    row = only(evening.run().diary.of("slot"))
    orders = evening.world.orders.rows
    ours = orders[orders["slot"] == row["slot"]]
    assert row["price"] == 800
    assert (ours["price"] == 800).all()
    assert (ours["surface"] == Surface.LIVE).all()
    assert (ours["creator"] == 0).all()
    assert ours["units"].sum() == row["sold"] > 50
    total = only(evening.diary.of("livestream"))
    assert (total["sold"], total["allotted"], total["revenue"]) == (row["sold"], 500, 800 * row["sold"])


def test_a_flash_price_is_at_least_a_cent():
    rules = scenario(events=[show(slot(0, "0 min", "20 min", discount=0.99))])
    world = build(rules, 0, [5])
    world.truth.offers["price"] = 3
    assert only(Evening(world).run().diary.of("slot"))["price"] == 1


def test_a_consumer_buys_no_more_of_a_slot_than_the_limit():
    behaviour = {**EAGER, "buy": {"base": CERTAIN, "more_units": 0.9}, "live": {"stay": CERTAIN}}
    limited = slot(0, "0 min", "1 h", allotment=500, purchase_limit=2)
    rules = scenario(behaviour=behaviour, events=[show(limited, **ALL)])
    evening = Evening(build(rules, 50, [1000], followers=50), rooms=False)
    row = only(evening.run().diary.of("slot"))
    orders = evening.world.orders.rows
    ours = orders[orders["slot"] == row["slot"]]
    assert np.bincount(ours["consumer"], ours["units"]).max() == 2


def test_a_slot_that_is_sold_out_ends_at_that_instant_and_the_next_begins():
    slots = (slot(0, "0 min", "20 min", allotment=5), slot(1, "30 min", "10 min", allotment=500))
    rules = scenario(behaviour=EAGER, orders=PAYING, events=[show(*slots, **ALL)])
    evening = Evening(build(rules, 100, [5, 500], followers=100), rooms=False)
    first, second = evening.run().diary.of("slot")
    orders = evening.world.orders.rows
    last = orders["placed"][orders["slot"] == first["slot"]].max()
    assert first["sold"] == first["allotted"] == 5
    assert first["sold_out_at"] == first["time"] == last
    assert HOUR < last < HOUR + 20 * MINUTE
    assert second["time"] == HOUR + 40 * MINUTE
    assert orders["placed"][orders["slot"] == second["slot"]].min() < HOUR + 30 * MINUTE
    assert evening.world.stock.on_hand[0] == 0


def test_a_sold_out_item_gets_one_more_allotment_from_what_is_left():
    rules = scenario(behaviour=EAGER, orders=PAYING, events=[show(slot(0, "0 min", "50 min", allotment=5), **ALL)])
    evening = Evening(build(rules, 100, [12], followers=100), rooms=False)
    row = only(evening.run().diary.of("slot"))
    assert row["allotted"] == row["sold"] == 10
    orders = evening.world.orders.rows
    placed = np.sort(orders["placed"][orders["slot"] == row["slot"]])
    assert row["sold_out_at"] == row["time"] == placed[9]


def test_a_slot_without_units_waits_for_its_time_and_is_then_passed_over():
    slots = (slot(0, "0 min", "20 min", allotment=5), slot(1, "20 min", "20 min"), slot(2, "40 min", "20 min"))
    rules = scenario(behaviour=EAGER, orders=PAYING, events=[show(*slots, **ALL)])
    evening = Evening(build(rules, 100, [5, 0, 500], followers=100), rooms=False)
    first, second, third = evening.run().diary.of("slot")
    assert first["time"] < HOUR + 20 * MINUTE
    assert (second["allotted"], second["time"], second["sold_out_at"]) == (0, HOUR + 20 * MINUTE, HOUR + 20 * MINUTE)
    assert third["time"] == 2 * HOUR
    assert third["sold"] > 0


def test_stock_that_comes_before_a_slot_begins_is_sold_in_it():
    slots = (slot(0, "0 min", "10 min", allotment=5), slot(1, "40 min", "20 min"))
    evening = Evening(build(scenario(behaviour=EAGER, events=[show(*slots, **ALL)]), 0, [0, 0]))
    evening.at(90.0, lambda: evening.world.stock.order(1, 7))
    evening.at(90.0, lambda: evening.world.stock.receive(1, 7, evening.scene.now))
    assert [row["allotted"] for row in evening.run().diary.of("slot")] == [0, 7]


def test_after_a_sold_out_slot_consumers_find_nothing():
    rules = scenario(behaviour=EAGER, orders=PAYING, events=[show(slot(0, "0 min", "1 h", allotment=5), **ALL)])
    evening = Evening(build(rules, 100, [5], followers=100), rooms=False)
    evening.run()
    stockouts = evening.acts()["act"] == Act.STOCKOUT
    assert stockouts.sum() > 0
    assert (evening.world.truth.offers["wanted"] > evening.world.truth.offers["sold"]).all()


def test_a_slot_fee_is_paid_after_the_return_window():
    creators = {"livestreams": {"per_week": 0, "slot_fee": 12.5}}
    slots = (slot(0, "0 min", "10 min"), slot(1, "20 min", "10 min"), slot(2, "40 min", "10 min"))
    orders = {"return_window": "1 day"}
    rules = scenario(behaviour=IDLE, creators=creators, orders=orders, events=[show(*slots)])
    evening = Evening(build(rules, 0, [5, 5, 0]))
    seen = []
    for minute in (1439.0, 1440.0 + 61, 1440 + 81, 1440.0 + 121):
        evening.at(minute, lambda: seen.append((evening.world.money.total("slot_fee"), evening.shows.busy)))
    evening.run()
    assert seen == [(0, True), (1250, True), (2500, False), (2500, False)]
    assert evening.world.money.balance("merchants").tolist() == [-1250, -1250, 0]
    assert evening.world.money.balance("creators").tolist() == [2500]


def test_a_new_price_leaves_the_slot_on_air_alone():
    rules = scenario(behaviour=IDLE, events=[show(slot(0, "0 min", "20 min"), slot(0, "30 min", "20 min"))])
    evening = Evening(build(rules, 0, [50]))
    evening.at(70.0, lambda: evening.world.truth.offers["price"].__setitem__(0, 500))
    assert [row["price"] for row in evening.run().diary.of("slot")] == [800, 400]


# -- the edges of the day and of the cast ------------------------------------------------------------------------


def test_a_livestream_that_runs_at_the_horizon_goes_on_but_nobody_comes_any_more():
    parts = {"horizon": "1 day", "behaviour": STAYS}
    events = [show(slot(0, "0 min", "1 h"), at="1430 min", **ALL)]
    evening = Evening(build(scenario(events=events, **parts), 300, [10], followers=300))
    coming = crowd_of(evening, begins=1430 * MINUTE)
    before = np.count_nonzero(coming < 1440 * MINUTE)
    row = only(evening.run().diary.of("livestream"))
    assert row["time"] == 1490 * MINUTE
    assert 0 < row["entries"] == before < len(coming)
    assert evening.consumers.crowd.daily[..., 0].sum() == before


def test_a_livestream_without_a_slot_or_without_a_viewer_is_a_livestream():
    rules = scenario(events=[show(for_="20 min")], creators={"livestreams": {"per_week": 0, "allotment": 0}})
    evening = Evening(build(rules, 0, [5, 5]))
    row = only(evening.run().diary.of("livestream"))
    assert (row["slots"], row["allotted"], row["entries"], row["watched"]) == (2, 0, 0, 0)
    assert not evening.shows.busy


def test_without_creators_there_are_no_livestreams():
    evening = Evening(build(scenario(creators={"count": 0}), 50, [100], creators=0, visits=1.0))
    assert evening.run().diary.of("livestream") == []
    assert evening.consumers.crowd.daily[..., 0].sum() > 0


def test_slots_and_livestreams_have_numbers_of_their_own():
    usual = {"per_week": 20, "slots": 3, "slot": "10 min"}
    evening = Evening(build(scenario(creators={"livestreams": usual}), 0, [50] * 5, creators=4))
    lives = set()
    evening.scene.env.process(_watch(evening, lives))
    evening.run()
    slots = [row["slot"] for row in evening.diary.of("slot")]
    assert len(slots) == len(set(slots)) > 20
    assert len(lives) == len(evening.diary.of("livestream"))
    assert 0 not in {live for _, live in lives}


def _watch(evening: Evening, lives: set):
    while True:
        yield evening.env.timeout(5.0)
        live = evening.world.truth.rooms["live"]
        lives.update(zip(np.flatnonzero(live).tolist(), live[live > 0].tolist(), strict=True))


@pytest.mark.parametrize("grid", [1, to_ticks(1 / 60), to_ticks(7.5 / 60)])
def test_the_same_evening_on_any_grid_keeps_all_laws(grid):
    slots = (slot(0, "0 min", "20 min", allotment=5), slot(1, "20 min", "20 min", allotment=20))
    rules = scenario(behaviour=EAGER, events=[show(*slots, crowd=100, **ALL)])
    evening = Evening(build(rules, 300, [8, 40], followers=30, visits=0.5), grid=grid)
    evening.run()
    sold = sum(row["sold"] for row in evening.diary.of("slot"))
    orders = evening.world.orders.rows
    assert orders["units"][orders["slot"] >= 0].sum() == sold
    assert to_minutes(evening.scene.now) == rules.horizon + rules.drain
