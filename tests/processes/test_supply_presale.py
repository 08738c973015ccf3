"""Presales: sold before there is stock, ordered at the end, shipped when it has come."""

from typing import Any

import numpy as np
import pytest

from policies.inventory.base_stock import BaseStock
from sim.errors import ScenarioError
from sim.world.orders import Status
from tests.processes.fulfilment_world import lines, minute
from tests.processes.supply_world import Shop, rules, shop

DAY = 1440.0
PRESALE = {"kind": "presale", "item": "sku-0", "at": "1 day", "for": "2 days", "units": 5}


def presale(stock: list[list[int]], policy: Any = None, **parts: Any) -> Shop:
    """Return a shop with a presale of five units on days 1 and 2; its brands take three days."""
    return Shop(shop(rules(events=[PRESALE], **parts), stock), policy)


def buy(place: Shop, at: float, units: int = 1, offer: int = 0) -> None:
    """Have an order come at a minute."""
    place.order(lines([at], -1, offer, units=units))


def test_what_is_sold_ahead_is_ordered_at_the_end_and_ships_when_it_has_come():
    place = presale([[0]])
    buy(place, DAY + 10, units=2)
    buy(place, 2 * DAY, units=1)
    orders = place.run(20)
    assert [(minute(row["time"]), row["units"]) for row in place.diary.of("purchase")] == [(3 * DAY, 3)]
    assert [minute(row["allocated"]) for row in orders] == [6 * DAY, 6 * DAY]
    assert [row["status"] for row in orders] == [Status.DELIVERED] * 2
    assert place.world.truth.offers["ahead"][0] == 0


def test_no_more_is_sold_ahead_than_planned():
    place = presale([[0]])
    buy(place, DAY + 10, units=4)
    buy(place, DAY + 20, units=4)
    orders = place.run(20)
    assert [(row["units"], row["short"]) for row in orders] == [(4, 0), (1, 3)]


def test_before_and_after_the_presale_nothing_is_sold_ahead():
    place = presale([[0]])
    buy(place, DAY - 1)
    buy(place, 3 * DAY + 1)
    assert len(place.run(20)) == 0
    assert len(place.diary.of("unmet")) == 2


def test_an_order_at_the_first_instant_is_taken_and_one_at_the_last_is_not():
    place = presale([[0]])
    buy(place, DAY)
    buy(place, 3 * DAY)
    assert [minute(row["placed"]) for row in place.run(20)] == [DAY]


def test_stock_that_is_there_is_sold_first_and_ships_at_once():
    place = presale([[2]])
    buy(place, DAY + 10, units=2)
    buy(place, DAY + 20, units=2)
    orders = place.run(20)
    assert [minute(row["allocated"]) for row in orders] == [DAY + 11, 6 * DAY]
    assert place.diary.of("purchase")[0]["units"] == 2


def test_goods_on_their_way_already_are_not_ordered_twice():
    place = presale([[2]], BaseStock(level=2))
    buy(place, DAY + 10, units=4)
    place.run(3.5)
    assert [row["units"] for row in place.diary.of("purchase")] == [4]
    orders = place.run(20)
    assert orders["status"].tolist() == [Status.DELIVERED]
    assert place.world.stock.on_hand.tolist() == [2]


def test_presold_orders_promise_to_ship_after_the_expected_arrival():
    place = presale([[0]])
    buy(place, DAY + 10)
    row = place.run(20)[0]
    assert minute(row["ship_by"]) == (3 + 3 + 2) * DAY  # end, lead time, ship promise
    assert minute(row["promised"]) == (3 + 3 + 1 + 2) * DAY  # end, lead time, way, slack
    assert row["delivered"] <= row["promised"]
    assert place.world.money.total("cost_penalties") == 0


def test_orders_of_other_offers_keep_their_promise():
    place = presale([[0], [1]])
    buy(place, DAY + 10, offer=1)
    row = place.run(20)[0]
    assert minute(row["ship_by"]) == DAY + 10 + 2 * DAY


def test_presold_goods_that_come_far_too_late_are_cancelled_and_not_sold_to_nobody():
    outage = {"kind": "supplier_outage", "brand": 0, "at": "3 days", "for": "20 days"}
    place = Shop(shop(rules(events=[PRESALE, outage]), [[0]]))
    buy(place, DAY + 10, units=3)
    place.run(10)
    offer = place.world.truth.offers[0]
    assert place.world.orders.rows["status"].tolist() == [Status.CANCELLED]
    assert (offer["available"], offer["ahead"], offer["promised"]) == (0, 0, 0)
    assert place.world.money.total("refunds") == 3000
    place.run(20)
    assert place.world.truth.offers["available"][0] == 3


def test_an_unpaid_presale_order_lapses_and_its_units_are_sold_ahead_again_while_it_lasts():
    place = presale([[0]])
    row = lines([DAY + 10], -1, 0, units=5)
    row["pays_at"] = -1
    place.order(row)
    buy(place, DAY + 60, units=5)
    orders = place.run(20)
    assert orders["status"].tolist() == [Status.LAPSED, Status.DELIVERED]


def test_the_cheapest_offer_of_the_item_is_sold_ahead():
    world = shop(rules(events=[PRESALE]), [[0], [0], [0]])
    world.truth.offers["sku"] = 0
    world.truth.offers["price"] = [900, 800, 800]
    place = Shop(world)
    place.run(1.5)
    assert world.truth.offers["available"].tolist() == [0, 5, 0]


def test_two_presales_of_an_item_may_follow_each_other():
    again = {**PRESALE, "at": "3 days", "units": 1}
    place = Shop(shop(rules(events=[PRESALE, again]), [[0]]))
    buy(place, DAY + 10, units=5)
    buy(place, 3 * DAY + 10)
    orders = place.run(20)
    assert [row["units"] for row in place.diary.of("purchase")] == [5, 1]
    assert (orders["status"] == Status.DELIVERED).all()


def test_an_unknown_item_is_refused_with_the_nearest_name():
    with pytest.raises(ScenarioError) as error:
        Shop(shop(rules(events=[{**PRESALE, "item": "sku-00"}]), [[0]]))
    assert str(error.value) == "events.0.item: no item 'sku-00'. Did you mean 'sku-0'?"


def test_thousands_who_wait_for_a_presale_are_looked_at_only_when_goods_come():
    place = Shop(
        shop(rules(events=[{**PRESALE, "units": 5000}], demand=[{"per_day": 500}], horizon="4 days"), [[0], [9999]])
    )
    looked: list[int] = []
    allocate = place.release._allocation._policy.allocate
    place.release._allocation._policy = Watched(looked, allocate)  # type: ignore[assignment]  # one method is asked for
    place.run(30)
    presold = np.count_nonzero(place.world.orders.rows["offer"] == 0)
    assert presold > 900
    assert sum(looked) == len(place.world.orders) + presold


class Watched:
    """Counts the lines it is asked about."""

    def __init__(self, looked: list[int], allocate: Any) -> None:
        self.looked = looked
        self.answer = allocate

    def allocate(self, view: Any) -> np.ndarray:
        self.looked.append(len(view.units))
        return self.answer(view)
