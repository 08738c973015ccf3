"""When creators go live, and what they plan to show.

Statistical tests have an error rate of 1 in 1,000 (two-sided) and a fixed seed.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.errors import ScenarioError
from sim.policy.contain_supply import ContainedShowcase
from sim.processes.run_of_show import RunOfShow
from sim.processes.schedule import Schedule
from sim.processes.showcase import Showcase, affinity
from sim.schema.clock import to_ticks
from sim.schema.stocking import ShowcaseView
from tests.processes.live_world import DAY, HOUR, Evening, build, scenario, show, slot

ERROR = 1e-3
NO_SALES = np.zeros(3, np.int64)


def plans(days: int, rooms: int = 1, **parts: Any) -> list[list[RunOfShow]]:
    """Return the livestreams of each day."""
    rules = scenario(horizon=f"{days} days", **parts)
    schedule = Schedule(build(rules, 0, [5, 5, 5], creators=rooms))
    return [schedule.of_day(day) for day in range(days)]


def usual(**rules: Any) -> dict[str, Any]:
    """Return creators who go live by themselves."""
    return {"livestreams": {"slots": 3, "slot": "10 min", **rules}}


def test_creators_go_live_as_often_as_the_scenario_says():
    number = sum(len(today) for today in plans(70, 100, creators=usual(per_week=2, slots=1, slot="1 s")))
    low, high = stats.poisson.ppf([ERROR / 2, 1 - ERROR / 2], 100 * 70 * 2 / 7)
    assert low <= number <= high


@pytest.mark.parametrize("start", ["2026-11-02T00:00", "2026-11-02T10:00"])
def test_livestreams_start_at_the_hours_of_the_clock(start):
    hours = [0] * 18 + [1, 2, 3, 2, 1, 0]
    today = plans(70, 100, start=start, creators=usual(per_week=2, slots=1, slot="1 s", hours=hours))
    begins = np.array([show.begins for shows in today for show in shows])
    assert np.mean(begins % to_ticks(1.0) == 0) > 0.99  # the others wait until the creator is free
    clock = begins // HOUR + int(start[11:13])
    seen = np.bincount(clock % 24, minlength=24)
    assert seen[:18].sum() == seen[23] == 0
    assert stats.chisquare(seen[18:23], len(begins) * np.array([1, 2, 3, 2, 1]) / 9).pvalue > ERROR


def test_days_hold_their_own_livestreams_in_order():
    for day, today in enumerate(plans(20, 5, creators=usual(per_week=7))):
        assert all(day * DAY <= show.begins < (day + 1) * DAY for show in today)
        assert today == sorted(today, key=lambda show: (show.creator, show.begins))


def test_none_begins_beyond_the_horizon():
    rules = scenario(horizon="36 h", creators=usual(per_week=50))
    schedule = Schedule(build(rules, 0, [5], creators=20))
    shows = schedule.of_day(0) + schedule.of_day(1)
    assert max(show.begins for show in shows) < 36 * HOUR


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0, 50),
    st.sampled_from(["1 min", "10 min", "3 h"]),
    st.lists(st.tuples(st.integers(0, 6 * 24 - 1), st.integers(1, 24)), max_size=6),
    st.integers(0, 2**32),
)
def test_no_creator_is_live_twice_at_a_time(per_week, length, planned, seed):
    spans: list[tuple[int, int]] = []
    for at, hours in sorted(planned):
        if not spans or at >= spans[-1][1]:
            spans.append((at, at + hours))
    events = [show(at=f"{at} h", for_=f"{ends - at} h") for at, ends in spans]
    days = plans(7, 2, seed=seed, creators=usual(per_week=per_week, slot=length), events=events)
    shows = sorted((show for today in days for show in today), key=lambda show: (show.creator, show.begins))
    for before, after in pairwise(shows):
        assert before.creator < after.creator or before.ends <= after.begins
    for own in shows:
        assert own.begins < own.ends
        edges = [own.begins, *(edge for part in own.slots for edge in (part.begins, part.ends)), own.ends]
        assert edges == sorted(edges)
    assert len({show.number for show in shows}) == len(shows)
    own = {(show.begins, show.ends) for show in shows if show.creator == 0}
    assert own >= {(at * HOUR, ends * HOUR) for at, ends in spans}


def test_one_more_creator_changes_nobody_elses_livestreams():
    few, many = (plans(14, rooms, creators=usual(per_week=5)) for rooms in (3, 4))
    assert few == [[show for show in today if show.creator < 3] for today in many]
    assert any(show.creator == 3 for today in many for show in today)


def test_a_planned_livestream_moves_only_those_it_overlaps():
    creators = usual(per_week=5)
    free, busy = (plans(14, 2, creators=creators, events=events) for events in ([], [show(at="3 days", for_="24 h")]))
    assert [[s for s in today if s.creator == 1] for today in free] == [
        [s for s in today if s.creator == 1] for today in busy
    ]
    away = [[s for s in today if s.ends <= 3 * DAY or s.begins >= 5 * DAY] for today in free]
    assert away == [[s for s in today if s.ends <= 3 * DAY or s.begins >= 5 * DAY] for today in busy]


def test_a_long_livestream_without_slots_gets_slots_of_the_usual_length():
    [today] = plans(1, events=[show(at="2 h", for_="25 min")])
    assert [(part.begins, part.ends) for part in today[0].slots] == [
        (to_ticks(120), to_ticks(130)),
        (to_ticks(130), to_ticks(140)),
        (to_ticks(140), to_ticks(145)),
    ]


def test_an_item_that_does_not_exist_is_refused_with_the_nearest_name():
    wrong = {**slot(0, "0 min", "10 min"), "item": "sku-l"}
    with pytest.raises(ScenarioError) as refused:
        plans(1, events=[{"kind": "demand_surge", "factor": 2, "at": "0 h", "for": "1 h"}, show(wrong)])
    assert str(refused.value) == "events.1.slots.0.item: no item 'sku-l'. Did you mean 'sku-2'?"


# -- what they plan to show ------------------------------------------------------------------------------------


class Notes:
    """A showcase policy that shows offers in order of their id, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[ShowcaseView] = []

    def choose(self, view: ShowcaseView) -> np.ndarray:
        self.asked.append(view)
        most = int(view.slots.max(initial=0))
        offers = np.where(np.arange(most) < len(view.price), np.arange(most), -1)
        return np.tile(offers, (len(view.creator), 1)).astype(np.int32)


def fill(evening: Evening, policy: Notes, sold_week: np.ndarray = NO_SALES) -> list[RunOfShow]:
    """Return the first day's livestreams with their offers."""
    showcase = Showcase(evening.scene, ContainedShowcase("showcase", policy, policy))
    return showcase.fill(Schedule(evening.world).of_day(0), sold_week)


def test_the_policy_fills_the_slots_without_an_item_and_only_those():
    slots = (slot(None, "0 min", "10 min"), slot(2, "10 min", "10 min"), slot(None, "20 min", "10 min"))
    evening = Evening(build(scenario(events=[show(*slots)]), 0, [5, 5, 5]), daily=False)
    policy = Notes()
    [planned] = fill(evening, policy)
    assert [part.offer for part in planned.slots] == [0, 2, 1]
    assert policy.asked[0].slots.tolist() == [2]


def test_a_slot_for_which_the_policy_has_nothing_stays_empty():
    evening = Evening(build(scenario(events=[show(for_="50 min")]), 0, [5, 5, 5]), daily=False)
    assert [part.offer for part in fill(evening, Notes())[0].slots] == [0, 1, 2, -1, -1]


def test_a_given_item_is_shown_by_the_cheapest_merchant_in_stock():
    evening = Evening(build(scenario(events=[show(slot(0, "0 min", "10 min"))]), 0, [0, 5, 5, 5]), daily=False)
    offers = evening.world.truth.offers
    offers["sku"] = 0
    offers["price"] = 500, 900, 700, 600
    offers["listed"][3] = DAY
    sold = np.zeros(4, np.int64)
    assert fill(evening, Notes(), sold)[0].slots[0].offer == 2
    offers["available"] = 0
    assert fill(evening, Notes(), sold)[0].slots[0].offer == 0


def test_the_policy_sees_what_a_creator_knows_the_midnight_before():
    evening = Evening(build(scenario(events=[show()]), 0, [5, 6, 7]), daily=False)
    world = evening.world
    world.truth.offers["listed"][1] = DAY
    world.truth.offers["vector"][1] = 0
    world.truth.offers["vector"][2, :2] = 3.0, 4.0
    policy = Notes()
    fill(evening, policy, np.array([4, 5, 6]))
    view = policy.asked[0]
    assert (view.minute, view.creator.tolist(), view.slots.tolist()) == (0.0, [0], [6])
    assert view.available.tolist() == [5, 0, 7]
    assert view.sold_week.tolist() == [4, 5, 6]
    assert view.affinity == pytest.approx(np.array([[1.0, 0.0, 0.6]]))
    assert view.commission.tolist() == [0.1, 0.1, 0.1]


def test_a_creator_without_topics_has_an_affinity_to_nothing():
    world = build(scenario(), 0, [5])
    world.cast.creator_topic[:] = 0
    assert affinity(world, np.array([0], np.int32)).tolist() == [[0.0]]


def test_many_livestreams_are_planned_in_several_questions(monkeypatch):
    monkeypatch.setattr("sim.processes.showcase.MOST_PAIRS", 7)
    evening = Evening(build(scenario(creators=usual(per_week=50)), 0, [5, 5, 5], creators=3), daily=False)
    policy = Notes()
    planned = fill(evening, policy)
    assert len(planned) > 4
    assert {len(view.creator) for view in policy.asked} == {2} | ({1} if len(planned) % 2 else set())
    assert all([part.offer for part in own.slots] == [0, 1, 2] for own in planned)
