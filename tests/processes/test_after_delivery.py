"""At the door and after: trust, reviews, returns, and who pays whom."""

import numpy as np
import pytest

from sim.behaviour.aftermath import luck, return_chance, stars, trust_after
from sim.scenario.behaviour import AfterDelivery, Trust
from sim.schema.clock import to_ticks
from sim.schema.kinds import Act
from sim.world.orders import Status
from tests.processes.fulfilment_world import FAR_EAST, PLACE, Town, build, lines, minute, scenario


def town_of(n: int, homes: list | None = None, **parts) -> Town:
    """Return a town without a network in which ``n`` orders of one unit will be delivered after two days."""
    network = parts.pop("network", {"warehouses": []})
    rules = scenario(network=network, **parts)
    town = Town(
        build(rules, homes or [PLACE], [[n]], node_warehouse=[-1] if not network.get("warehouses", 1) else None)
    )
    town.order(lines([1.5] * n))
    return town


def test_trust_rises_on_time_and_falls_when_late_and_with_the_match():
    moves = Trust()
    assert trust_after(0.5, False, 0.0, moves) == pytest.approx(0.52)
    assert trust_after(0.5, True, 0.0, moves) == pytest.approx(0.40)
    assert trust_after(0.5, False, 0.6, moves) == pytest.approx(0.54)
    assert trust_after(0.5, False, -0.6, moves) == pytest.approx(0.46)
    assert trust_after(0.01, True, -1.0, moves) == 0.0
    assert trust_after(1.0, False, 1.0, moves) == 1.0


def test_mean_stars_are_what_was_felt():
    draws = (np.arange(1000) + 0.5) / 1000
    given = [stars(False, 0.0, u, AfterDelivery()) for u in draws]
    assert np.mean(given) == pytest.approx(4.34)
    assert np.mean([stars(True, 0.0, u, AfterDelivery()) for u in draws]) == pytest.approx(2.34)
    assert {stars(False, 9.0, u, AfterDelivery()) for u in draws} == {5}


def test_an_average_match_returns_at_the_rate_of_its_category_and_a_room_raises_the_odds():
    habits = AfterDelivery()
    assert return_chance(0.25, 0.0, False, habits) == pytest.approx(0.25)
    odds = return_chance(0.25, 0.0, True, habits) / (1 - return_chance(0.25, 0.0, True, habits))
    assert odds == pytest.approx(np.exp(1.1) / 3)
    assert return_chance(0.25, 1.0, False, habits) < 0.25 < return_chance(0.25, -1.0, False, habits)
    assert return_chance(0.0, -5.0, True, habits) == 0.0


def test_luck_is_uniform_and_differs_by_each_part_of_its_key():
    """Error rate: Kolmogorov-Smirnov at 1 in 1,000; the seed is fixed."""
    from scipy.stats import kstest

    root = np.uint64(2**63 + 5)
    draws = [luck(root, consumer, number, 53, 7) for consumer in range(50) for number in range(50)]
    assert kstest(draws, "uniform").pvalue > 0.001
    one = luck(root, 3, 4, 53, 7)
    assert len({one, luck(root, 4, 4, 53, 7), luck(root, 3, 5, 53, 7), luck(root, 3, 4, 54, 7)}) == 4
    assert luck(root, 3, 4, 53, 8) != one == luck(root, 3, 4, 53, 7)


def test_a_late_delivery_lowers_trust_at_exactly_its_instant():
    town = town_of(1, orders={"promise_slack": "0 min"})
    town.env.run(until=2 + 2 * 1440)
    assert town.world.truth.consumers["trust"][0] == pytest.approx(0.7)
    town.run()
    assert town.world.truth.consumers["trust"][0] == pytest.approx(0.6)  # half a minute late


def test_reviews_count_for_the_offer_and_enter_the_log():
    town = town_of(400)
    rows = town.run()
    reviewed = rows["stars"] > 0
    assert town.world.truth.offers["ratings"][0] == reviewed.sum()
    assert town.world.truth.offers["stars"][0] == rows["stars"].sum()
    assert abs(reviewed.mean() - 0.3) < 3.3 * np.sqrt(0.3 * 0.7 / 400)  # error rate 1 in 1,000, fixed seed
    assert [act for act, *_ in town.diary.acts] == [Act.RATING] * int(reviewed.sum())


def test_nothing_comes_back_where_nobody_returns_and_everything_where_all_do():
    assert (town_of(50).run()["status"] == Status.DELIVERED).all()
    rows = town_of(50, return_rate=1.0).run(days=400)
    assert (rows["status"] == Status.RETURNED).all()
    assert (rows["returned_units"] == 1).all()


def test_returned_units_are_restocked_sold_as_seconds_or_written_off():
    town = town_of(400, return_rate=1.0)
    rows = town.run(days=400)
    fates = [row["fate"] for row in town.diary.of("return")]
    stock, money = town.world.stock, town.world.money
    assert len(fates) == 400
    assert stock.on_hand[0] == fates.count("restocked") == town.world.truth.offers["available"][0]
    assert stock.written_off[0] == fates.count("written_off")
    assert money.total("seconds") == fates.count("seconds") * 160
    assert money.total("cost_writeoff") == fates.count("written_off") * 400
    assert money.total("refunds") == money.total("sales") == 400 * 1000
    assert abs(fates.count("restocked") / 400 - 0.75) < 3.3 * np.sqrt(0.75 * 0.25 / 400)  # 1 in 1,000, fixed seed
    delay = (rows["returned"] - rows["delivered"]) / to_ticks(1440.0)
    assert abs(delay.mean() - 10) < 3.3 * 10 / np.sqrt(400)  # exponential, 1 in 1,000, fixed seed


def test_a_return_that_is_still_on_its_way_at_the_end_is_open():
    row = town_of(1, return_rate=1.0, behaviour={"after_delivery": {"return_delay": "5000 days"}}).run()[0]
    assert (row["status"], row["ended"], row["returned"]) == (Status.RETURNING, -1, -1)


def test_the_way_back_and_the_inspection_are_paid_by_the_merchant():
    town = town_of(1, homes=[FAR_EAST], network={}, return_rate=1.0)
    row = town.run(days=400)[0]
    tariff = round(100 * (5 + 0.3 * row["distance"] / 1e5 + 1.0 * 0.5))
    money = town.world.money
    assert money.flows["cost_returns", "merchants", "carriers"] == tariff
    assert money.flows["cost_returns", "merchants", "operators"] == 200
    assert money.total("cost_last_mile") == tariff
    assert money.total("cost_fulfilment") == 100


def test_commission_and_fee_settle_at_the_first_midnight_after_the_return_window():
    rules = scenario(network={"warehouses": []})
    town = Town(build(rules, [PLACE], [[2]], node_warehouse=[-1]))
    town.order(lines([1.5, 1.5], creator=[1, -1], offer=[0, 0]))
    town.env.run(until=10 * 1440)  # delivered on day 2, window until day 9
    assert town.world.money.total("fee_platform") == 0
    town.run()
    assert town.world.money.total("fee_platform") == 2 * 50
    assert town.world.money.balance("creators").tolist() == [0, 100]


def test_what_comes_back_earns_nobody_a_commission():
    town = town_of(20, return_rate=1.0)
    town.run(days=400)
    assert town.world.money.total("fee_platform") == 0


def test_a_merchant_who_ships_late_pays_once():
    town = town_of(1, homes=[FAR_EAST], network={}, orders={"ship_promise": "1 h"})
    row = town.run()[0]
    assert minute(row["shipped"]) > minute(row["ship_by"])
    assert town.world.money.flows["cost_penalties", "merchants", "platform"] == 300


def test_a_round_is_paid_to_the_cent_by_the_merchants_on_board():
    rules = scenario()
    town = Town(build(rules, [{"latitude": 30.0, "longitude": 120.0 + i / 100} for i in range(7)], [[9], [9], [9]]))
    town.order(lines([1.5] * 7, consumer=list(range(7)), offer=[0, 1, 2, 0, 1, 2, 0]))
    town.run()
    (route,) = town.diary.of("route")
    cost = round(100 * (1.2 * route["metres"] / 1000 + 30 * route["seconds"] / 3600))
    assert town.world.money.flows["cost_last_mile", "merchants", "operators"] == cost
    assert (route["stops"], route["parcels"], route["grams"]) == (7, 7, 3500)
    assert route["seconds"] > 7 * 180


def test_the_same_order_has_the_same_luck_whatever_else_is_ordered():
    alone, crowded = town_of(1, homes=[FAR_EAST], network={}), None
    rules = scenario()
    crowded = Town(build(rules, [FAR_EAST, PLACE], [[99], [99]]))
    many = lines([1.25] * 30 + [1.5], consumer=[1] * 30 + [0], offer=[1] * 30 + [0])
    many["number"][-1] = 0
    crowded.order(many)
    a, b = alone.run()[0], crowded.run()[-1]
    assert a["delivered"] - a["shipped"] == b["delivered"] - b["shipped"]
    assert a["stars"] == b["stars"]
