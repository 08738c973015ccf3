"""The day's round: what happens at midnight, in which order, and who comes on the day.

Statistical tests have an error rate of 1 in 1,000 (two-sided) and a fixed seed.
"""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pytest
from scipy import stats

from sim.processes.sales_week import SalesWeek
from sim.processes.visitors import category_vectors, surge, weekday_factors
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.counters import Counter
from sim.schema.stocking import PricingView
from sim.world.topics import TOPICS
from tests.processes.live_world import DAY, EAGER, HOUR, IDLE, Evening, build, scenario, show, slot

ERROR = 1e-3
FLAT = {"week": [1] * 7, "segments": [{"name": "all", "share": 1, "hours": [1] * 24, "surfaces": [1, 0, 0]}]}


def sessions(evening: Evening) -> np.ndarray:
    """Return the number of sessions that began on each day."""
    return evening.consumers.crowd.daily[..., Counter.SESSIONS].sum(axis=(0, 2))


def assert_poisson(count: int, mean: float) -> None:
    """Assert that a count lies between the quantiles of its Poisson distribution."""
    low, high = stats.poisson.ppf([ERROR / 2, 1 - ERROR / 2], mean)
    assert low <= count <= high


@dataclass
class Cuts:
    """A pricing policy that cuts offer 0 by a cent a day, and keeps what it was asked."""

    asked: list[PricingView] = field(default_factory=list)

    def price(self, view: PricingView) -> np.ndarray:
        self.asked.append(view)
        return view.price - (np.arange(len(view.price)) == 0)


# -- the order of things -----------------------------------------------------------------------------------------


def test_every_day_is_closed_once_at_its_end_and_none_after_the_horizon():
    evening = Evening(build(scenario(), 0, [5])).run()
    assert evening.closed == [(0, 1440.0), (1, 2880.0), (2, 4320.0)]


def test_a_horizon_within_a_day_closes_that_day_then():
    evening = Evening(build(scenario(horizon="30 h"), 200, [5], visits=2.0)).run()
    assert evening.closed == [(0, 1440.0), (1, 1800.0)]
    assert sessions(evening)[1] > 0


def test_a_day_is_closed_before_the_next_ones_prices_and_livestreams():
    rules = scenario(horizon="2 days", events=[show(slot(0, "0 min", "10 min"), at="1 day")])
    evening = Evening(build(rules, 0, [5]), pricing=Cuts())
    order = evening.order = []
    evening.run()
    assert order == ["price", "closed", "price", "slot", "livestream", "closed"]


def test_a_livestream_at_midnight_takes_the_price_of_the_new_day():
    rules = scenario(events=[show(slot(0, "0 min", "10 min", discount=0.0), at="1 day")])
    evening = Evening(build(rules, 0, [5]), pricing=Cuts()).run()
    assert [row["price"] for row in evening.diary.of("slot")] == [998]


# -- prices ------------------------------------------------------------------------------------------------------


def test_each_change_of_a_price_is_recorded_and_nothing_else():
    evening = Evening(build(scenario(), 0, [5, 5]), pricing=Cuts()).run()
    rows = [tuple(row.values()) for row in evening.diary.of("price")]  # time, offer, price
    assert rows == [(0, 0, 999), (DAY, 0, 998), (2 * DAY, 0, 997)]
    assert evening.world.truth.offers["price"].tolist() == [997, 1000]


def test_fixed_prices_are_not_recorded():
    assert Evening(build(scenario(), 0, [5])).run().diary.of("price") == []


def test_the_pricing_policy_sees_the_shelf_of_the_midnight():
    rules = scenario(behaviour=EAGER, population=FLAT, orders={"unpaid_share": 0})
    world = build(rules, 100, [10_000, 3], visits=1.0)
    world.truth.offers["listed"] = -DAY, HOUR
    policy = Cuts()
    evening = Evening(world, pricing=policy).run()
    assert [view.minute for view in policy.asked] == [0.0, 1440.0, 2880.0]
    assert policy.asked[0].listed.tolist() == [-1440.0, 60.0]
    assert policy.asked[0].available.tolist() == [10_000, 3]
    placed, offer, units = (evening.world.orders.rows[name] for name in ("placed", "offer", "units"))
    for view in policy.asked:
        before = (placed < to_ticks(view.minute)) & (offer == 0)
        assert view.sold_week[0] == units[before].sum()
        assert view.available[0] == 10_000 - units[before].sum()
    assert policy.asked[2].sold_week[0] > 0


def test_a_weeks_sales_forget_what_is_older_than_a_week():
    world = build(scenario(), 0, [5])
    world.truth.offers["sold"] = 1_000
    week = SalesWeek(world)
    seen = []
    for sold in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        world.truth.offers["sold"] += sold
        seen.append(int(week.close()[0]))
    assert seen == [0, 1, 3, 7, 15, 31, 63, 127, 254, 508]


def test_before_a_week_is_over_the_days_before_the_start_count_as_expected():
    world = build(scenario(), 0, [5])
    world.cast.base_rate[:] = 10.0
    week = SalesWeek(world)
    assert week.close().tolist() == [70]
    world.truth.offers["sold"] += 3
    assert week.close().tolist() == [63]


def test_lapsed_orders_never_make_a_weeks_sales_negative():
    world = build(scenario(), 0, [5])
    week = SalesWeek(world)
    week.close()
    world.truth.offers["sold"] -= 3
    assert week.close().tolist() == [0]


# -- budgets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("returning", "full"), [("1 day", [0, 1, 2]), ("2 days", [0, 2]), ("7 days", [0])])
def test_budgets_are_filled_up_once_per_period(returning, full):
    evening = Evening(build(scenario(population={"returning": returning}), 5, [5]))
    people = evening.world.truth.consumers
    seen = []

    def look() -> None:
        if (people["budget_left"] == people["budget"]).all():
            seen.append(int(evening.env.now // 1440))
        people["budget_left"] = 1

    for day in range(5):
        evening.at(day * 1440 + 1.0, look)
    evening.run()
    assert seen == full


# -- who comes ---------------------------------------------------------------------------------------------------


def test_visitors_come_at_the_rate_and_not_after_the_horizon():
    evening = Evening(build(scenario(horizon="60 h", behaviour=IDLE, population=FLAT), 3_000, [5], visits=0.5)).run()
    counted = sessions(evening)
    assert_poisson(counted[0], 1_500)
    assert_poisson(counted[1], 1_500)
    assert_poisson(counted[2], 750)


def test_each_session_began_on_its_own_day_for_retention():
    evening = Evening(build(scenario(behaviour=IDLE, population=FLAT), 500, [5], visits=0.5)).run()
    active = np.unpackbits(evening.consumers.crowd.active, axis=1, bitorder="little")[:, :3]
    first = evening.consumers.crowd.daily[..., Counter.SESSIONS].sum(axis=(0, 2))
    assert (active.sum(axis=0) <= first).all()
    assert active.sum() > 0


def test_weekends_differ_from_weekdays_as_the_scenario_says():
    week = [1, 1, 1, 1, 1, 3, 6]
    rules = scenario(start="2026-11-06T00:00", behaviour=IDLE, population={**FLAT, "week": week})  # a Friday
    counted = sessions(Evening(build(rules, 4_000, [5], visits=0.5)).run())
    for day, weight in enumerate((1, 3, 6)):
        assert_poisson(counted[day], 2_000 * weight / 2)


def test_a_day_that_begins_at_midnight_has_one_factor():
    factors = weekday_factors(datetime(2026, 11, 2), 5, (1, 1, 1, 1, 1, 3, 6))
    assert factors == pytest.approx(np.full(24, 1.5))


def test_a_day_that_begins_at_noon_lies_on_two_weekdays():
    factors = weekday_factors(datetime(2026, 11, 6, 12, 15), 0, (1, 1, 1, 1, 2, 4, 4)) * 2  # a Friday; the mean is 2
    assert factors[:12] == pytest.approx(np.full(12, 4.0))
    assert factors[12] == pytest.approx(2.5)
    assert factors[13:] == pytest.approx(np.full(11, 2.0))


def test_a_surge_multiplies_the_whole_of_each_day_it_touches():
    surges = [
        {"kind": "demand_surge", "factor": 3, "at": "1 day", "for": "1 day"},
        {"kind": "demand_surge", "factor": 2, "at": "47 h", "for": "2 h"},
    ]
    rules = scenario(horizon="5 days", events=surges)
    assert [surge(rules, day) for day in range(5)] == [1, 6, 2, 1, 1]


def test_a_surge_brings_more_visitors_that_day():
    events = [{"kind": "demand_surge", "factor": 4, "at": "1 day", "for": "1 day"}]
    rules = scenario(behaviour=IDLE, population=FLAT, events=events)
    counted = sessions(Evening(build(rules, 3_000, [5], visits=0.5)).run())
    for day, factor in enumerate((1, 4, 1)):
        assert_poisson(counted[day], 1_500 * factor)


def test_a_category_is_about_the_mean_of_its_offers():
    world = build(scenario(), 0, [5, 5, 5])
    world.cast.categories = ("all", "none", "two")  # type: ignore[misc]  # a hand-made cast
    world.truth.offers["category"] = 0, 2, 2
    world.truth.offers["vector"][:, 0] = 1.0, 2.0, 4.0
    about = category_vectors(world)
    assert about.shape == (3, len(TOPICS))
    assert about[:, 0].tolist() == [1.0, 0.0, 3.0]


@pytest.mark.parametrize("refresh", ["60 s", "7 min", "1 day"])
@pytest.mark.parametrize("grid", [1, to_ticks(7.5 / 60), to_ticks(1.0)])
def test_first_pages_come_from_the_view_in_force_at_the_arrival(refresh, grid):
    rules = scenario(behaviour=IDLE, population=FLAT, serving={"refresh": refresh})
    evening = Evening(build(rules, 2_000, [5], visits=2.0), grid=grid).run()
    every = to_ticks(rules.serving.refresh)
    views = np.array([(to_ticks(minute), to_ticks(view)) for _, minute, view in evening.recommender.seen])
    assert len(views) > 10_000
    behind = views[:, 0] - views[:, 1]
    assert behind.min() >= 0
    assert behind.max() < every
    assert (views[:, 1] % every == 0).all()


def test_arrivals_left_over_from_the_day_before_come_with_the_next_day():
    evening = Evening(build(scenario(behaviour=IDLE), 5, [5]), daily=False)
    late = np.zeros(3, evening.consumers.crowd.arrivals.dtype)
    late["time"] = DAY - 1, DAY, DAY
    late["consumer"], late["room"], late["query"] = (0, 1, 2), -1, -1
    early = late[:2].copy()
    early["time"], early["consumer"], early["number"] = (DAY, DAY + 1), (3, 4), 64
    evening.consumers.come(late)
    evening.at(1440.0, lambda: evening.consumers.come(early))
    evening.run()
    first = {session: minute for session, minute, _ in reversed(evening.recommender.seen)}
    assert sorted(first) == [0, 1, 2, 3, 4]
    assert [to_ticks(first[i]) for i in range(5)] == [DAY - 1, DAY, DAY, DAY, DAY + 1]
    assert sessions(evening).tolist() == [1, 4, 0]
    assert to_minutes(DAY) == 1440.0
