"""A day's marketing money: what is paid for, what is not, what the policy sees, and that no cent is lost."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from policies.marketing.even import Even
from sim.schema.counters import Counter
from sim.schema.kinds import ContentKind, Surface
from sim.schema.marketing import MarketingPlan, MarketingView
from sim.world.money import PARTIES
from sim.world.orders import Status
from tests.processes.live_world import DAY, EAGER, HOUR, IDLE, PAYING, Evening, build, scenario, show, slot

AT_ONCE = {"visit_price": 0.5, "coupon": {"value": 3, "minimum_spend": 5, "valid": "2 days"}}
BUDGET = {"budget": 100, **AT_ONCE}
NEVER_BACK = {"categories": [{"name": "all", "share": 1, "price_median": 10, "return_rate": 0}]}


@dataclass
class Spends:
    """A policy that spends the same every day on the contents it is told, and keeps what it was asked."""

    visits: dict[int, int] = field(default_factory=dict)
    coupons: dict[int, int] = field(default_factory=dict)
    asked: list[MarketingView] = field(default_factory=list)

    def spend(self, view: MarketingView) -> MarketingPlan:
        self.asked.append(view)
        return MarketingPlan(*(self._of(view, cents) for cents in (self.visits, self.coupons)))

    def _of(self, view: MarketingView, cents: dict[int, int]) -> np.ndarray:
        return np.array([cents.get(content, 0) for content in view.content.tolist()], np.int64)


def rules(**parts: Any) -> Any:
    return scenario(**{"marketing": BUDGET, "orders": PAYING, **parts})


def days(evening: Evening, column: str) -> list[int]:
    return [int(row[column]) for row in evening.diary.of("marketing_day")]


def posted(evening: Evening, account: str) -> int:
    return evening.world.money.total(account)


# -- what is paid for ----------------------------------------------------------------------------------------------


def test_visits_that_come_are_paid_for_at_the_price_and_no_more_is_bought_than_the_money_buys():
    policy = Spends({0: 2_049, 1: 100})
    evening = Evening(build(rules(behaviour=IDLE), 200, [9, 9]), marketing=policy).run()
    assert days(evening, "bought") == [40, 2] * 3
    assert days(evening, "came") == [40, 2] * 3
    assert posted(evening, "marketing") == 3 * 42 * 50
    assert evening.world.money.balance("outside").sum() == 3 * 42 * 50
    assert evening.consumers.crowd.daily[..., Counter.PAID_SESSIONS].sum() == 126


def test_what_is_paid_for_grows_with_the_money_in_whole_visits():
    came = []
    for cents in (0, 500, 1_000, 2_000):
        evening = Evening(build(rules(behaviour=IDLE), 200, [9]), marketing=Spends({0: cents})).run()
        came.append(posted(evening, "marketing"))
    assert came == [0, 3 * 500, 3 * 1_000, 3 * 2_000]


def test_an_offer_that_is_sold_out_costs_nothing_from_then_on():
    policy = Spends({0: 5_000})
    evening = Evening(build(rules(behaviour=EAGER), 200, [12, 50]), marketing=policy, rooms=False).run()
    came = evening.diary.of("marketing_day")[0]["came"]
    assert 0 < came < 100
    assert posted(evening, "marketing") == 50 * sum(days(evening, "came"))
    assert days(evening, "came")[1:] == [0, 0]


def test_a_room_is_paid_for_while_it_is_live_and_by_who_comes_then():
    policy = Spends({1: 5_000})
    shows = [show(slot(0, "0 min", "30 min"), at="10 h", for_="30 min")]
    evening = Evening(build(rules(behaviour=IDLE, events=shows), 300, [9]), marketing=policy, rooms=False).run()
    assert days(evening, "bought") == [100]
    assert days(evening, "came") == [100]
    (livestream,) = evening.diary.of("livestream")
    assert livestream["entries"] == 100
    assert posted(evening, "marketing") == 5_000


def test_a_room_that_has_no_livestream_today_is_no_target():
    policy = Spends({1: 5_000})
    shows = [show(slot(0, "0 min", "30 min"), at="34 h", for_="30 min")]
    Evening(build(rules(behaviour=IDLE, events=shows), 300, [9]), marketing=policy).run()
    assert [(view.kind == ContentKind.ROOM).sum() for view in policy.asked] == [0, 1, 0]


def test_a_livestream_over_midnight_is_paid_for_until_midnight():
    policy = Spends({1: 5_000})
    shows = [show(slot(0, "0 min", "2 h"), at="23 h", for_="2 h")]
    evening = Evening(build(rules(behaviour=IDLE, events=shows), 300, [9]), marketing=policy, rooms=False).run()
    assert [(row["time"], row["came"]) for row in evening.diary.of("marketing_day")] == [(DAY, 100)]


def test_on_the_last_day_nobody_is_brought_after_the_horizon_or_paid_for():
    policy = Spends({0: 5_000})
    evening = Evening(build(rules(behaviour=IDLE, horizon="30 h"), 300, [9]), marketing=policy).run()
    came = days(evening, "came")
    assert came[0] == 100
    assert came[1] < 40  # six night hours of a shopping day
    assert evening.consumers.crowd.daily[..., Counter.PAID_SESSIONS].sum() == sum(came)
    assert posted(evening, "marketing") == 50 * sum(came)


def test_without_a_budget_or_anybody_to_reach_nobody_is_asked():
    for world in (build(scenario(marketing=AT_ONCE), 50, [9]), build(rules(), 0, [9])):
        policy = Spends({0: 100})
        evening = Evening(world, marketing=policy).run()
        assert policy.asked == []
        assert evening.diary.of("marketing_day") == []


def test_a_budget_that_nobody_spends_is_told():
    world = build(scenario(policies={"marketing": {"kind": "even"}}), 50, [9])
    Evening(world)
    assert world.notes == ["marketing.budget is 0: policies.marketing has nothing to spend"]


def test_a_policy_that_overspends_spends_nothing():
    evening = Evening(build(rules(behaviour=IDLE), 50, [9]), marketing=Spends({0: 10_001})).run()
    assert posted(evening, "marketing") == 0


# -- coupons -------------------------------------------------------------------------------------------------------


def test_a_coupon_is_paid_by_the_platform_and_the_rest_by_the_consumer():
    policy = Spends(coupons={0: 9_000})
    evening = Evening(build(rules(behaviour=EAGER), 20, [500, 500], visits=1.0), marketing=policy, rooms=False).run()
    rows = evening.world.orders.rows
    used = rows["coupon"] > 0
    assert (rows["coupon"][used] == 300).all()
    assert (rows["offer"][used] == 0).all()  # the other offer is another merchant's
    assert 10 < used.sum() <= days(evening, "coupons")[0] * 3
    assert posted(evening, "coupons") == 300 * used.sum()
    assert posted(evening, "sales") == 1000 * rows["units"].sum() - 300 * used.sum()
    told = evening.diary.of("redemption")
    assert sorted(row["order"] for row in told) == np.flatnonzero(used).tolist()
    assert {(row["content"], row["cents"]) for row in told} == {(0, 300)}


def test_a_rooms_coupon_is_good_for_what_the_room_shows_and_nothing_else():
    policy = Spends({1: 1_000}, {1: 9_000})
    shows = [show(slot(0, "0 min", "2 h", allotment=500), at="10 h", for_="2 h")]
    world = build(rules(behaviour=EAGER, events=shows), 40, [5_000], visits=1.0)
    evening = Evening(world, marketing=policy, rooms=False).run()
    rows = evening.world.orders.rows
    used = rows["coupon"] > 0
    assert used.sum() > 3
    assert (rows["surface"][used] == Surface.LIVE).all()
    assert (rows["touch"][used] == 1).all()


@pytest.mark.parametrize("rate", [0.0, 0.999])
def test_what_comes_back_is_paid_back_to_whom_it_came_from(rate):
    parts = {
        "catalogue": {"categories": [{**NEVER_BACK["categories"][0], "return_rate": rate}]},
        "behaviour": {**EAGER, "after_delivery": {"return_delay": "2 h"}},
        "orders": {"unpaid_share": 0.2, "reservation": "5 min", "return_window": "0 min"},
        "drain": "30 days",
    }
    world = build(rules(**parts), 30, [500], visits=1.0)
    world.cast.category_return_rate[:] = rate
    evening = Evening(world, marketing=Spends({0: 1_000}, {0: 9_000}), rooms=False).run()
    rows, money = evening.world.orders.rows, evening.world.money
    paid, back = rows["paid"] >= 0, rows["status"] == Status.RETURNED
    assert (rows["status"] == Status.LAPSED).any()
    assert (rows["coupon"][rows["status"] == Status.LAPSED] > 0).any()
    assert (back == (paid & (rate > 0))).mean() > 0.99
    assert posted(evening, "coupons") == rows["coupon"][paid].sum() > 0
    assert posted(evening, "coupons_returned") == rows["coupon"][back].sum()
    assert posted(evening, "refunds") == (rows["price"] * rows["units"] - rows["coupon"])[back].sum()
    assert sum(int(money.balance(party).sum()) for party in PARTIES) == 0
    spent = posted(evening, "marketing") + posted(evening, "coupons") - posted(evening, "coupons_returned")
    assert (
        money.balance("platform").sum() == posted(evening, "fee_platform") + posted(evening, "cost_penalties") - spent
    )


def test_fees_are_of_the_whole_price_whoever_paid_it():
    evening = Evening(
        build(rules(behaviour=EAGER, drain="30 days"), 20, [500], visits=1.0), marketing=Spends(coupons={0: 9_000})
    ).run()
    rows = evening.world.orders.rows
    assert (rows["coupon"] > 0).any()
    assert posted(evening, "fee_platform") == np.rint(rows["price"] * rows["units"] * 0.05).sum()


# -- the budget ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coupons", [0.0, 0.5, 1.0])
def test_no_day_costs_more_than_its_budget(coupons):
    """A coupon counts in full on the day it is sent, used or not."""
    shows = [show(slot(0, "0 min", "30 min"), at=f"{at} h", for_="30 min") for at in (10, 34, 58)]
    world = build(rules(behaviour=EAGER, events=shows), 300, [4_000, 7, 4_000], visits=0.3)
    evening = Evening(world, marketing=Even(coupons=coupons)).run()
    rows = evening.diary.of("marketing_day")
    for end in (DAY, 2 * DAY, 3 * DAY):
        today = [row for row in rows if row["time"] == end]
        assert sum(row["cents"] + 300 * row["coupons"] for row in today) <= 10_000
        assert sum(row["cents"] + 300 * row["coupons"] for row in today) > 5_000
        assert all(row["came"] <= row["bought"] for row in today)
    assert posted(evening, "marketing") + posted(evening, "coupons") <= 30_000


# -- what the policy sees ------------------------------------------------------------------------------------------


def test_the_policy_sees_what_there_is_and_what_followed_so_far():
    policy = Spends({0: 1_000, 1: 500}, {0: 1_800})
    shows = [show(slot(0, "0 min", "30 min"), slot(1, "30 min", "30 min"), at="34 h", for_="1 h")]
    world = build(rules(behaviour=EAGER, events=shows), 100, [900, 900, 900], visits=0.1)
    world.truth.offers["listed"] = -DAY, -2 * DAY, 30 * HOUR
    world.truth.offers["merchant"] = 0, 0, 2
    world.truth.offers["price"][1] = 2_000
    evening = Evening(world, marketing=policy, rooms=False).run()
    first, second, third = policy.asked
    assert first.content.tolist() == [0, 1]
    assert second.content.tolist() == [0, 1, 3]
    assert third.content.tolist() == [0, 1, 2]
    assert (first.budget, first.visit_price, first.coupon_value) == (10_000, 50, 300)
    assert first.listed.tolist() == [-1440, -2880]
    assert first.joined.tolist() == [-2880, -2880]
    assert third.joined.tolist() == [-2880, -2880, 1800]
    assert second.kind.tolist() == [ContentKind.OFFER, ContentKind.OFFER, ContentKind.ROOM]
    assert (second.creator[2], second.merchant[2], second.price[2], second.listed[2]) == (0, -1, 1_500, 34 * 60)
    assert second.available[2] == second.available[:2].sum()
    assert not any(getattr(first, name).any() for name in ("spent", "visits", "orders", "revenue", "coupons_sent"))
    rows = evening.world.orders.rows
    for view, end in ((second, DAY), (third, 2 * DAY)):
        so_far = rows[(rows["placed"] < end - 2 * 65536) & (rows["touch"] >= 0)]  # but for what is not released yet
        per_content = np.bincount(so_far["touch"], so_far["price"] * so_far["units"], minlength=4)
        assert view.revenue == pytest.approx(per_content[view.content], rel=0.02)
        assert view.orders[0] > 0
        assert view.visits.tolist()[:2] == [20 * end // DAY, 10 * end // DAY]
        assert view.coupons_sent.tolist()[:2] == [6 * end // DAY, 0]
        assert (view.spent == 50 * view.visits + 300 * view.coupons_used).all()
    assert third.coupons_used[0] > 0


def test_what_is_called_off_or_brought_back_is_off_the_revenue():
    policy = Spends({0: 1_000})
    evening = Evening(build(rules(behaviour=EAGER), 100, [900]), marketing=policy, rooms=False)
    rows = evening.world.orders
    evening.at(2870.0, lambda: rows.rows["status"].__setitem__(slice(None), Status.RETURNED))
    evening.run(2881.0)
    assert policy.asked[1].revenue[0] > 0
    assert policy.asked[2].revenue[0] < policy.asked[1].revenue[0]
