"""Supply one order at a time: reviews, brands, lead times, outages, what it all costs."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from policies.inventory.base_stock import BaseStock
from policies.inventory.reorder_up_to import ReorderUpTo
from sim.processes.demand_history import WARM_DAYS
from sim.processes.triggers import Triggers
from sim.schema.clock import to_ticks
from sim.schema.stocking import InventoryView
from sim.world.availability import due, reserve
from tests.processes.fulfilment_world import lines, minute
from tests.processes.supply_world import Shop, rules, shop

DAY = 1440.0


@dataclass
class Scripted:
    """Orders what the script says per instant, and keeps what it was shown."""

    script: dict[float, list[int]] = field(default_factory=dict)
    seen: list[InventoryView] = field(default_factory=list)

    def review(self, view: InventoryView) -> np.ndarray:
        self.seen.append(view)
        return np.array(self.script.get(view.minute, [0] * len(view)), np.int64)


@dataclass
class Due(Scripted):
    """As scripted, and due at or under a level."""

    level: int = 0
    units: int = 0

    def review(self, view: InventoryView) -> np.ndarray:
        self.seen.append(view)
        return np.full(len(view), self.units, np.int64)

    def reorder_level(self, view: InventoryView) -> np.ndarray:
        return np.full(len(view), self.level, np.int64)


def arrivals(place: Shop) -> list[float]:
    """Return the minutes at which goods came."""
    return [minute(row["time"]) for row in place.diary.of("receipt")]


def test_reviews_come_at_once_and_every_period_before_the_horizon():
    policy = Scripted()
    Shop(shop(rules(review="36 h", horizon="3 days"), [[5]]), policy).run(10)
    assert [view.minute for view in policy.seen] == [0, 1.5 * DAY]


def test_an_order_is_made_travels_and_is_received():
    network = {"inbound": "6 h", "receiving": "2 h"}
    place = Shop(shop(rules(review="1 day", network=network), [[5], [0]]), Scripted({DAY: [0, 4]}))
    place.run(2)
    assert place.world.stock.on_order.tolist() == [0, 4]
    place.run(10)
    assert arrivals(place) == [4 * DAY + 8 * 60]
    assert place.world.stock.on_hand.tolist() == [5, 4]
    bought = place.diary.of("purchase")[0]
    assert (bought["key"], bought["offer"], bought["units"], bought["cents"]) == (1, 1, 4, 1600)
    assert minute(bought["due"]) == 4 * DAY + 8 * 60
    received = place.diary.of("receipt")[0]
    assert (received["ordered"], received["due"], received["units"]) == (bought["time"], bought["due"], 4)


def test_without_lead_time_goods_are_there_at_the_instant_of_the_review():
    place = Shop(shop(rules(review="1 day", brands={"lead_time": "0 min"}), [[0]]), Scripted({DAY: [3]}))
    place.env.run(until=DAY + 1e-4)
    assert arrivals(place) == [DAY]
    assert place.world.stock.on_hand.tolist() == [3]


def test_goods_that_come_at_the_instant_of_a_review_are_seen_by_it():
    policy = Scripted({0.0: [2]})
    Shop(shop(rules(review="1 day", brands={"lead_time": "1 day"}), [[0]]), policy).run(1.5)
    assert [int(view.on_hand[0]) for view in policy.seen] == [0, 2]


def test_orders_are_raised_to_the_minimum_and_to_whole_packs():
    brands = {"minimum_order": 5, "pack_size": 4}
    place = Shop(shop(rules(review="1 day", brands=brands), [[0], [0], [0]]), Scripted({0.0: [1, 9, 0]}))
    place.run(5)
    assert place.world.stock.on_hand.tolist() == [8, 12, 0]


def test_lots_of_a_brand_queue_for_its_line_and_those_of_another_do_not():
    brands = {"count": 2, "lead_time": "0 min", "capacity_per_day": 10}
    stock = [[0], [0], [0]]  # the first and the third are of one brand
    place = Shop(shop(rules(review="1 day", brands=brands), stock), Scripted({0.0: [10, 5, 20]}))
    place.run(5)
    assert arrivals(place) == [0.5 * DAY, DAY, 3 * DAY]


def test_a_lot_leaves_when_its_lead_time_is_over_but_not_before_it_is_made():
    brands = {"lead_time": "2 days", "capacity_per_day": 10}
    place = Shop(shop(rules(review="1 day", brands=brands), [[0], [0]]), Scripted({0.0: [10, 30]}))
    place.run(6)
    assert arrivals(place) == [2 * DAY, 4 * DAY]  # the second: taken up after 1 day, made after 4


def test_random_lead_times_have_the_scenarios_mean_and_spread_and_lots_overtake():
    """Error rate of each comparison under 1 in 1,000; the seed is fixed."""
    n = 4000
    world = shop(rules(review="1 day", brands={"lead_time_cv": 0.5}, horizon="1 day"), [[0]] * n)
    place = Shop(world, Scripted({0.0: [1] * n}))
    place.run(100)
    days = np.array(arrivals(place)) / DAY
    assert len(days) == n
    assert abs(days.mean() - 3) < 3.3 * 1.5 / np.sqrt(n)
    assert abs(days.std() - 1.5) < 0.15
    assert [row["key"] for row in place.diary.of("receipt")] != list(range(n))


def test_lead_times_of_a_brand_do_not_depend_on_the_orders_to_others():
    def times(ordered: list[int]) -> list[float]:
        world = shop(rules(review="1 day", brands={"count": 2, "lead_time_cv": 0.5}), [[0], [0]])
        place = Shop(world, Scripted({0.0: ordered}))
        place.run(29)
        return [minute(row["time"]) for row in place.diary.of("receipt") if row["brand"] == 1]

    assert times([1, 1]) == times([0, 1])


def test_during_an_outage_finished_lots_wait_and_production_goes_on():
    outage = {"kind": "supplier_outage", "brand": 0, "at": "2 days", "for": "3 days"}
    place = Shop(
        shop(rules(review="1 day", events=[outage]), [[0]]), Scripted({0.0: [1], DAY: [1], 2 * DAY: [1], 3 * DAY: [1]})
    )
    place.run(20)
    assert arrivals(place) == [5 * DAY, 5 * DAY, 5 * DAY, 6 * DAY]


def test_outages_that_follow_each_other_hold_a_lot_to_the_end_of_the_last():
    outages = [
        {"kind": "supplier_outage", "brand": 0, "at": "4 days", "for": "1 day"},
        {"kind": "supplier_outage", "brand": 0, "at": "2 days", "for": "2 days"},
    ]
    place = Shop(shop(rules(review="1 day", events=outages), [[0]]), Scripted({0.0: [1]}))
    place.run(20)
    assert arrivals(place) == [5 * DAY]


def test_the_merchant_pays_the_order_at_once_and_the_goods_when_they_come():
    place = Shop(shop(rules(review="1 day"), [[0]]), Scripted({DAY: [4]}))
    place.run(2)
    assert place.world.money.accounts == {"cost_ordering": 2000}
    place.run(10)
    assert place.world.money.accounts == {"cost_ordering": 2000, "cost_purchase": 1600}
    assert place.world.money.balance("brands").tolist() == [3600]


def test_holding_costs_a_share_of_the_unit_cost_a_year_to_the_cent():
    world = shop(rules(stock={"holding_rate": 0.365}, horizon="400 days"), [[3, 2]])
    place = Shop(world)
    place.live(365)
    assert world.money.total("cost_holding") == round(5 * 400 * 0.365)
    assert world.money.balance("operators").tolist() == [438, 292]


def test_the_days_stock_is_written_down_per_node():
    place = Shop(shop(rules(review="1 day"), [[3, 0], [0, 0]]), Scripted({0.0: [0, 7, 0, 0]}))
    place.live(1)
    rows = place.diary.of("stock_day")
    assert [row["node"] for row in rows] == [0, 1]
    assert [row["on_hand"] for row in rows] == [3, 0]
    assert [row["on_order"] for row in rows] == [0, 7]
    assert [row["value"] for row in rows] == [1200, 0]
    assert [(row["bare"], row["keys"]) for row in rows] == [(1, 2), (2, 2)]


def test_the_days_demand_orders_and_production_are_written_down():
    brands = {"capacity_per_day": 10}
    place = Shop(shop(rules(review="1 day", brands=brands), [[9], [0]]), Scripted({0.0: [20, 5], DAY: [3, 0]}))
    place.world.truth.offers["wanted"][0] += 4
    place.live(3)
    rows = place.diary.of("demand_day")
    assert [row["wanted"] for row in rows] == [4, 0, 0]
    assert [row["ordered"] for row in rows] == [25, 3, 0]
    assert [row["made"] for row in rows] == [20, 0, 8]  # the line is busy for two days with the first lot


def test_a_policy_sees_a_week_of_expected_demand_until_there_is_a_week_of_real_days():
    policy = Scripted()
    place = Shop(shop(rules(review="1 day"), [[5, 5]]), policy)
    for day in range(9):
        place.env.run(until=day * DAY + 1)
        place.world.truth.offers["wanted"][0] += day + 1
        place.env.run(until=(day + 1) * DAY)
        place.supply.close_day(day)
    place.env.run(until=9 * DAY + 1)
    assert policy.seen[0].demand.tolist() == [[1.0] * WARM_DAYS] * 2  # two units a day over two nodes
    assert policy.seen[2].demand[0].tolist() == [1.0] * 5 + [1.0, 2.0]  # nothing was bound: all at the main node
    assert policy.seen[2].demand[1].tolist() == [1.0] * 5 + [0.0, 0.0]
    assert policy.seen[9].demand[0].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]


def test_an_offers_demand_is_split_over_its_nodes_by_what_each_served():
    policy = Scripted()
    place = Shop(shop(rules(review="1 day"), [[2, 3]]), policy)
    world = place.world
    world.truth.offers["wanted"][0] += 8
    world.stock.demand(0, 5, 0)
    world.stock.bind(0, 2)
    world.stock.bind(1, 3)
    place.live(1)
    place.run(0.5)
    assert policy.seen[1].demand[:, -1].tolist() == [2.0 + 3.0, 3.0]


def test_promised_units_count_against_the_main_nodes_position():
    policy = Scripted()
    place = Shop(shop(rules(review="1 day"), [[2, 3]]), policy)
    place.world.stock.demand(0, 4, 0)
    place.run(0.5)
    view = policy.seen[0]
    assert view.position.tolist() == [-2, 3]
    assert (view.on_hand - view.reserved + view.on_order - view.backorders).tolist() == view.position.tolist()


def test_a_receipt_tells_whether_the_offer_had_run_out_since_the_last():
    place = Shop(
        shop(rules(review="1 day", brands={"lead_time": "0 min"}), [[1]]), Scripted({2 * DAY: [1], 4 * DAY: [1]})
    )
    place.env.run(until=DAY)
    place.world.stock.demand(0, 1, place.now)
    place.run(6)
    assert [row["ran_out"] for row in place.diary.of("receipt")] == [1, 0]


# -- continuous review ---------------------------------------------------------------------------------------------


def sell(place: Shop, at: float, units: int = 1, offer: int = 0) -> None:
    """Have exogenous demand at a minute."""
    place.order(lines([at], -1, offer, units=units))


def test_each_unit_sold_is_ordered_at_its_instant():
    place = Shop(shop(rules(), [[3]]), BaseStock(level=3))
    sell(place, 10.0)
    sell(place, 20.5, units=2)
    place.run(10)
    assert [(minute(row["time"]), row["units"]) for row in place.diary.of("purchase")] == [(10.0, 1), (20.5, 2)]


def test_a_trigger_that_the_kernel_pulls_is_a_review_at_exactly_its_instant():
    place = Shop(shop(rules(), [[3]]), BaseStock(level=3))
    triggers = Triggers(place.env, place.supply.review)
    place.run(0.1)
    offers = place.world.truth.offers
    reserve(offers, 0, 1, place.now)  # as the kernel does when it sells
    assert due(offers, 0)
    triggers.pull(200.25, 0, -1)
    place.run(1)
    assert [(minute(row["time"]), row["units"]) for row in place.diary.of("purchase")] == [(200.25, 1)]
    assert not due(offers, 0)
    reserve(offers, 0, 1, place.now)
    assert due(offers, 0)  # armed again


def test_stock_under_its_level_at_the_start_is_reviewed_at_once():
    place = Shop(shop(rules(), [[1], [9]]), ReorderUpTo(reorder_point=2, order_up_to=6))
    place.run(1)
    assert [(row["time"], row["key"], row["units"]) for row in place.diary.of("purchase")] == [(0, 0, 5)]


def test_a_policy_that_orders_too_little_is_asked_again_at_once_until_it_is_above_its_level():
    place = Shop(shop(rules(), [[3]]), Due(level=2, units=1))
    sell(place, 10.0, units=3)
    place.run(0.5)
    assert [row["units"] for row in place.diary.of("purchase")] == [1, 1, 1]


def test_a_policy_that_never_gets_above_its_level_does_not_stop_the_clock():
    place = Shop(shop(rules(), [[3]]), Due(level=1000, units=1))
    sell(place, 10.0)
    place.run(0.5)
    at = [minute(row["time"]) for row in place.diary.of("purchase")]
    assert set(at) == {0.0, 10.0}
    assert len(at) <= 20


def test_a_policy_that_orders_nothing_is_asked_at_each_further_unit():
    policy = Due(level=2, units=0)
    place = Shop(shop(rules(), [[4]]), policy)
    for at in (10.0, 20.0, 30.0, 40.0):
        sell(place, at)
    place.run(0.5)
    assert [view.minute for view in policy.seen] == [20.0, 30.0, 40.0]


def test_a_policy_without_a_level_is_asked_once_a_day():
    policy = Scripted()
    place = Shop(shop(rules(), [[4]]), policy)
    sell(place, 10.0)
    place.live(3)
    assert [view.minute for view in policy.seen] == [0.0, DAY, 2 * DAY, 3 * DAY]


def test_levels_in_days_of_demand_are_worked_out_anew_each_day():
    place = Shop(shop(rules(), [[30]]), ReorderUpTo(reorder_days=10, order_up_to_days=15))
    place.live(1)
    assert not place.diary.of("purchase")  # ten days of the expected two a day are 20
    place.world.truth.offers["wanted"][0] += 100
    place.live(1)
    assert len(place.diary.of("purchase")) == 1


def test_each_node_of_an_offer_is_reviewed_when_its_own_position_is_low():
    place = Shop(shop(rules(), [[6, 2]]), ReorderUpTo(reorder_point=1, order_up_to=5))
    world = place.world
    world.stock.demand(0, 1, 0)
    world.stock.bind(1, 1)  # as allocation does at a release
    place.supply.continuous.bound([1])
    place.run(0.5)
    assert [(row["key"], row["units"]) for row in place.diary.of("purchase")] == [(1, 4)]


def test_the_main_node_is_due_before_the_other_is_low():
    place = Shop(shop(rules(), [[3, 90]]), ReorderUpTo(reorder_point=1, order_up_to=5))
    sell(place, 10.0, units=2)
    place.run(0.001 + 10 / DAY)
    assert [(row["key"], row["units"]) for row in place.diary.of("purchase")] == [(0, 4)]


def test_after_the_horizon_nobody_orders_any_more():
    place = Shop(shop(rules(horizon="1 day"), [[3]]), BaseStock(level=3))
    sell(place, 2 * DAY)
    place.run(5)
    assert not place.diary.of("purchase")


def test_without_lead_time_every_unit_is_replaced_before_the_next_is_wanted():
    place = Shop(shop(rules(brands={"lead_time": "0 min"}), [[1]]), BaseStock(level=1))
    for at in (10.0, 10.5, 11.0):
        sell(place, at)
    orders = place.run(10)
    assert len(orders) == 3
    assert not place.diary.of("unmet")


@pytest.mark.parametrize("script", [{0.0: [-1]}, {0.0: [2 * 10**9]}])
def test_nonsense_orders_go_to_the_fallback(script: dict[float, list[Any]]):
    place = Shop(shop(rules(review="1 day"), [[1]]), Scripted(script))
    place.run(1)
    assert not place.diary.of("purchase")
    assert place.policy.counts.malformed == 1


def test_the_agreed_arrival_counts_on_the_mean_lead_time_without_a_queue():
    brands = {"capacity_per_day": 1}
    place = Shop(shop(rules(review="1 day", brands=brands), [[0]]), Scripted({0.0: [30]}))
    place.run(40)
    assert place.diary.of("purchase")[0]["due"] == to_ticks(3 * DAY)
    assert arrivals(place) == [30 * DAY]
