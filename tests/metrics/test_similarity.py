"""How alike consumers of like taste become in what they turn to."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.metrics import similarity
from sim.metrics.cohort import Cohort
from sim.metrics.similarity import nearest_pairs
from sim.schema.kinds import Act
from tests.metrics.handmade import DAY, HORIZON, acts, by, make_world, overall, replication

CLICK = Act.CLICK
TASTES = np.array([(1, 0), (2, 0.1), (0, 1), (0.1, 3)], np.float32)
"""Of the four consumers: 0 and 1 are alike, and so are 2 and 3."""


def shown(*rows):
    """Return a replication of consumers of these tastes; rows are (minute, consumer, content)."""
    world = make_world()
    world.truth.consumers["taste"] = TASTES
    return replication(world=world, acts=acts(*((minute, who, CLICK, what) for minute, who, what in sorted(rows))))


def test_likeness_is_what_both_of_a_pair_turned_to_over_what_either_did():
    rows = [(2000, 0, 0), (2001, 1, 0), (2002, 1, 1), (2003, 2, 2), (2004, 3, 2), (2005, 3, 1), (2006, 3, 0)]
    assert overall(shown(*rows))["similarity_nearest"] == pytest.approx((1 / 2 + 1 / 3) / 2)


def test_likeness_by_day_counts_all_of_the_window_up_to_the_days_end():
    rows = [
        (100, 0, 0),  # in the warm-up
        (1 * DAY, 0, 1),
        (1 * DAY + 1, 1, 1),
        (2 * DAY, 0, 2),
        (2 * DAY + 1, 0, 1),  # again: counted on the day it was first
        (3 * DAY, 1, 2),
        (HORIZON, 1, 0),  # too late
    ]
    found = by(shown(*rows), "day")
    assert [found["similarity_nearest", day] for day in "123"] == [1, 1 / 2, 1]


def test_a_pair_of_which_one_did_nothing_is_left_out():
    rows = [(2000, 0, 0), (2001, 2, 1), (2002, 3, 1)]
    assert overall(shown(*rows))["similarity_nearest"] == 1
    assert math.isnan(overall(shown(*rows[:2]))["similarity_nearest"])


def test_where_all_turn_to_the_same_nothing_is_more_alike():
    rows = [(2000 + who, who, what) for who in range(4) for what in (0, 1)]
    assert overall(shown(*rows))["similarity_nearest"] == 1


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_has_no_pair(n):
    assert [len(side) for side in nearest_pairs(TASTES[:n])] == [0, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=2, max_size=20))
def test_each_is_paired_with_the_most_similar_other_of_equals_the_first(tastes):
    unit = np.array([np.array(taste) / (np.linalg.norm(taste) or 1) for taste in tastes])
    cosine = (unit @ unit.T).astype(np.float32)
    np.fill_diagonal(cosine, -np.inf)
    expected = sorted({tuple(sorted((i, int(cosine[i].argmax())))) for i in range(len(tastes))})
    assert list(zip(*(side.tolist() for side in nearest_pairs(np.array(tastes, np.float32))), strict=True)) == expected


EVENTS = st.lists(st.tuples(st.integers(1440, 4 * 1440 - 1), st.integers(0, 3), st.integers(0, 2)), max_size=30)


@settings(deadline=None)  # each example makes a world
@given(EVENTS)
def test_likeness_equals_going_through_sets_by_hand(events):
    found = by(shown(*events), "day")
    for day in (1, 2, 3):
        sets = [{what for minute, who, what in events if who == own and minute < (day + 1) * DAY} for own in range(4)]
        both = [(sets[a], sets[b]) for a, b in ((0, 1), (2, 3)) if sets[a] and sets[b]]
        expected = np.mean([len(a & b) / len(a | b) for a, b in both]) if both else math.nan
        assert found["similarity_nearest", str(day)] == pytest.approx(expected, nan_ok=True)


def test_of_many_consumers_a_sample_is_looked_at_the_same_whatever_they_did(monkeypatch):
    """Of the four consumers three are drawn, and so three can have a pair."""
    monkeypatch.setattr(similarity, "MOST_CONSUMERS", 3)
    worlds = (shown((2000, 0, 0)), shown(*((2000 + who, who, 1) for who in range(4))))
    drawn = [similarity._watched(Cohort(made)).tolist() for made in (*worlds, *worlds)]
    assert len(set(drawn[0])) == 3
    assert drawn == [drawn[0]] * 4
    assert overall(worlds[1])["similarity_nearest"] == 1
