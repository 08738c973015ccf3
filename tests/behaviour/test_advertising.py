"""Whom money reaches: how many, who, when; and that one target's visits are none of another's business.

Statistical tests have an error rate of 1 in 1,000 (two-sided) and a fixed seed.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.behaviour.advertising import coupon_holders, visits_to_offers, visits_to_rooms
from sim.behaviour.coefficients import coefficients
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.world.state import Rows, consumer_rows
from sim.world.topics import TOPICS

DAY, HOUR = to_ticks(1440.0), to_ticks(60.0)
ERROR = 1e-3
KEY = 20261112
EVENING = np.array([[0.0] * 18 + [1, 2, 4, 4, 2, 1]])
C = coefficients(Scenario(name="advertising"))


def people(n: int = 500) -> Rows:
    return consumer_rows(n, len(TOPICS))


def to_offers(offer: list[int], visits: list[int], **changes: Any) -> Rows:
    """Return who comes to offers on day 3."""
    plain: dict[str, Any] = {"day": 3, "hours": EVENING, "hour_of_start": 0.0}
    columns = {"offer": np.array(offer, np.int32), "visits": np.array(visits, np.int64)}
    return visits_to_offers(changes.pop("consumers", people()), C, KEY, **columns, **{**plain, **changes})


def to_rooms(visits: int, *spans: tuple[int, int], room: int = 2) -> Rows:
    """Return who comes to a room whose card is content 40 on day 3; spans in hours of that day."""
    table = 3 * DAY + np.array([spans], np.int64).reshape(1, -1, 2) * HOUR
    return visits_to_rooms(
        people(), C, KEY, day=3, room=np.array([room], np.int32), content=np.array([40], np.int32),
        visits=np.array([visits]), begins=table[..., 0].copy(), ends=table[..., 1].copy(),
    )  # fmt: skip


def told(rows: Rows, offer: int) -> list[tuple[Any, ...]]:
    """Return an offer's visits by their numbers."""
    own = rows[rows["offer"] == offer]
    return sorted(zip(own["number"].tolist(), own["consumer"].tolist(), own["time"].tolist(), strict=True))


@given(st.lists(st.integers(0, 20), min_size=3, max_size=3))
def test_as_many_come_as_are_bought(visits):
    rows = to_offers([1, 5, 9], visits)
    assert [np.count_nonzero(rows["offer"] == offer) for offer in (1, 5, 9)] == visits
    assert (np.diff(rows["time"]) >= 0).all()


def test_more_money_brings_the_same_visits_and_more():
    few, many = to_offers([5], [7]), to_offers([5], [30])
    assert told(few, 5) == told(many, 5)[:7]


def test_a_targets_visits_are_the_same_whatever_else_is_bought():
    assert told(to_offers([5], [7]), 5) == told(to_offers([1, 5, 9], [50, 7, 1]), 5)


def test_no_two_visits_share_their_luck():
    rows = np.concatenate([to_offers([1, 5], [40, 40], day=day) for day in (0, 3)] + [to_rooms(40, (20, 21))])
    assert len(np.unique(rows["number"])) == len(rows)
    assert (rows["number"] >= 1 << 61).all()


def test_everybody_is_as_likely_to_come():
    rows = to_offers([5], [50_000], consumers=people(50))
    assert stats.chisquare(np.bincount(rows["consumer"], minlength=50)).pvalue > ERROR


@pytest.mark.parametrize("hour_of_start", [0.0, 19.5])
def test_they_come_at_the_hours_of_their_segment_and_on_the_day(hour_of_start):
    rows = to_offers([5], [20_000], hour_of_start=hour_of_start)
    assert rows["time"].min() >= 3 * DAY
    assert rows["time"].max() < 4 * DAY
    hour = ((rows["time"] / HOUR + hour_of_start) % 24).astype(int)
    seen = np.bincount(hour, minlength=24)
    assert seen[:18].sum() == 0
    assert stats.chisquare(seen[18:], 20_000 * EVENING[0, 18:] / EVENING.sum()).pvalue > ERROR


def test_visits_to_a_room_are_spread_evenly_over_its_livestreams():
    rows = to_rooms(20_000, (9, 10), (20, 22), (0, 0))
    hour = (rows["time"] - 3 * DAY) / HOUR
    early = hour < 10
    assert ((hour >= 9) & early | (hour >= 20) & (hour <= 22)).all()
    low, high = stats.binom.ppf([ERROR / 2, 1 - ERROR / 2], 20_000, 1 / 3)
    assert low <= np.count_nonzero(early) <= high
    assert stats.kstest(hour[~early], "uniform", (20, 2)).pvalue > ERROR
    assert (rows["room"] == 2).all()


def test_coupons_go_to_everybody_alike_and_more_of_them_to_the_same_and_others():
    few, many = (coupon_holders(50, KEY, day=1, content=4, number=number) for number in (10, 50_000))
    assert few.tolist() == many[:10].tolist()
    assert stats.chisquare(np.bincount(many, minlength=50)).pvalue > ERROR
    assert coupon_holders(50, KEY, day=2, content=4, number=10).tolist() != few.tolist()
