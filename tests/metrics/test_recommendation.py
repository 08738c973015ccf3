"""Logged pages against what their consumers turned to."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.metrics.cohort import Cohort
from sim.metrics.pages import first_of_its_kind, last_day
from sim.metrics.variety import diversity
from sim.schema.kinds import Act, Surface
from tests.metrics.handmade import (
    DAY,
    HORIZON,
    ROOM_0,
    VIDEO,
    acts,
    by,
    make_world,
    overall,
    replication,
    slates,
    snapshot,
)

LAST = HORIZON - DAY
"""The last day begins."""
CLICK, CART, ORDER = Act.CLICK, Act.CART, Act.ORDER


def test_a_first_page_is_judged_by_what_its_consumer_turned_to_from_then_on():
    pages = slates(
        (LAST + 100, 0, 0, (2, 0, 1)),
        (LAST + 110, 0, 1, (1, 1, 1)),  # no first page
        (LAST - 1, 0, 0, (1, 0, 2)),  # no page of the last day
        (LAST + 100, 2, 0, (0, 1, 2)),  # turned to nothing
    )
    log = acts(
        (LAST + 50, 0, CLICK, 2),  # before the page
        (LAST + 120, 0, CLICK, 0),
        (LAST + 130, 0, Act.LIKE, 1),  # no act of interest
        (LAST + 140, 1, CLICK, 1),  # somebody else's
        (HORIZON + 1, 0, CLICK, 1),  # after the day
    )
    found = overall(replication(slates=pages, acts=log))
    assert found["ndcg_at_10"] == pytest.approx((1 / math.log2(3)) / 1)
    assert found["recall_at_10"] == found["hit_rate_at_10"] == 1
    assert found["precision_at_10"] == 1 / 10
    assert found["mrr_at_10"] == found["map_at_10"] == 1 / 2


def test_a_video_and_its_offer_are_one_item_and_count_once():
    pages = slates((LAST + 100, 0, 0, (0, VIDEO, 1)))
    log = acts((LAST + 120, 0, CLICK, VIDEO), (LAST + 130, 0, CART, 1), (LAST + 140, 0, ORDER, 2))
    found = overall(replication(slates=pages, acts=log))
    assert found["recall_at_10"] == 1 / 2
    assert found["precision_at_10"] == 1 / 10
    assert found["ndcg_at_10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_a_rooms_card_is_an_item_and_inside_the_room_it_is_the_offer_on_show():
    pages = slates((LAST + 100, 0, 0, (ROOM_0, 2)))
    log = acts((LAST + 120, 0, CLICK, ROOM_0), (LAST + 130, 0, CLICK, ROOM_0))
    log["surface"][1], log["offer"][1] = Surface.LIVE, 2
    found = overall(replication(slates=pages, acts=log))
    assert found["recall_at_10"] == 2 / 2
    assert found["map_at_10"] == 1


def test_smaller_pages_are_judged_by_the_places_they_have():
    pages = slates((LAST + 100, 0, 0, (0, 1)), places=2)
    log = acts(*((LAST + 120, 0, CLICK, content) for content in (0, 1, 2)))
    found = overall(replication(slates=pages, acts=log))
    assert found["precision_at_10"] == 2 / 2
    assert found["ndcg_at_10"] == 1
    assert found["recall_at_10"] == pytest.approx(2 / 3)


EVENTS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.sampled_from((0, 1, 2, VIDEO))), max_size=30)


@settings(deadline=None)  # each example makes a world
@given(EVENTS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.permutations((0, 1, 2, VIDEO, -1)))))
def test_hits_and_relevant_items_equal_what_looking_each_page_up_by_hand_gives(events, served):
    log = acts(*sorted((LAST + minute, consumer, CLICK, content) for minute, consumer, content in events))
    pages = slates(*((LAST + minute, consumer, 0, contents) for minute, consumer, contents in served), places=5)
    item = {0: 0, 1: 1, 2: 2, VIDEO: 1, -1: -1}
    expected = []
    for minute, consumer, contents in served:
        relevant = {item[content] for at, whose, content in events if whose == consumer and at >= minute}
        items = [item[content] for content in contents]
        if relevant:
            row = [it in relevant and it not in items[:place] for place, it in enumerate(items)]
            expected.append((row, len(relevant)))
    judged = last_day(Cohort(replication(slates=pages, acts=log))).judged(10)
    assert [(row, n) for row, n in zip(judged.hits.tolist(), judged.relevant.tolist(), strict=True)] == expected


@given(st.lists(st.lists(st.integers(-1, 4), min_size=6, max_size=6), min_size=1))
def test_only_the_first_place_of_an_item_counts(rows):
    expected = [[item not in row[:place] for place, item in enumerate(row)] for row in rows]
    assert first_of_its_kind(np.array(rows)).tolist() == expected


def test_coverage_counts_offers_on_all_pages_of_the_window_as_such_or_in_a_video():
    pages = slates((2000, 0, 3, (VIDEO, 1, ROOM_0)), (100, 0, 0, (2,)), (HORIZON, 0, 0, (0,)))
    assert overall(replication(slates=pages))["coverage_at_10"] == 1 / 3


def test_popular_is_what_was_turned_to_before_the_last_day():
    log = acts(
        *[(100, 1, CLICK, 0)] * 5,  # in the warm-up as well
        *[(2000, 1, ORDER, 2)] * 2,
        (LAST + 500, 1, CLICK, 1),  # too late
    )
    pages = slates((LAST + 100, 0, 0, (0, VIDEO)), (2000, 0, 0, (2,)))
    found = overall(replication(slates=pages, acts=log))
    # One is added to each offer: 6, 1 and 3 of 10.
    assert found["novelty"] == pytest.approx((-math.log2(6 / 10) - math.log2(1 / 10)) / 2)
    # The head is a fifth of three offers, rounded down: nobody; everything is tail.
    assert found["tail_share"] == 1


def test_the_tail_is_what_is_not_among_the_fifth_ordered_most():
    log = acts((2000, 1, ORDER, 1), *[(2000, 1, CLICK, 0)] * 9)  # clicks are no orders
    pages = slates((LAST + 100, 0, 0, (0, 1, 2)))
    made = replication(world=make_world(n=6), slates=pages, acts=log)
    assert overall(made)["tail_share"] == 2 / 3


def test_serendipity_counts_hits_beyond_the_ten_most_popular():
    log = acts((LAST + 120, 0, CLICK, 0), (LAST + 121, 0, CLICK, 10), (LAST + 122, 0, CLICK, 11))
    pages = slates((LAST + 100, 0, 0, (0, 1, 10)))
    # Nobody had turned to anything before: of equals the first ten are the most popular.
    assert overall(replication(world=make_world(n=12), slates=pages, acts=log))["serendipity"] == 1 / 3


def test_lift_compares_what_each_consumer_is_shown_with_what_each_had_turned_to():
    log = acts(
        (2000, 0, CLICK, 2),
        (2001, 1, CLICK, 0),
        *[(2002, 3, CLICK, 0)] * 6,
        (2003, 3, CLICK, 2),
    )  # popularity 7, 0, 2
    pages = slates(
        (LAST + 100, 0, 0, (0, 2)),  # shown (7 + 2) / 2, own 2
        (LAST + 100, 1, 0, (1,)),  # shown 0, own 7
        (LAST + 100, 2, 0, (0,)),  # has no history
    )
    found = overall(replication(slates=pages, acts=log))
    assert found["popularity_lift"] == pytest.approx(((4.5 + 0) / 2 - (2 + 7) / 2) / ((2 + 7) / 2))


@given(st.lists(st.lists(st.integers(-1, 5), min_size=4, max_size=4), min_size=1, max_size=8))
def test_diversity_equals_going_through_the_pairs_one_by_one(rows):
    vectors = np.array([(1, 0), (0, 1), (1, 1), (-1, 0), (0, 0), (3, 4)], np.float32)
    expected = []
    for row in rows:
        aimed = [vectors[c] / np.linalg.norm(vectors[c]) for c in row if c not in (-1, 4)]
        pairs = [1 - float(a @ b) for i, a in enumerate(aimed) for b in aimed[:i]]
        expected.append(np.mean(pairs) if pairs else math.nan)
    assert diversity(np.array(rows, np.int32), vectors) == pytest.approx(expected, nan_ok=True, abs=1e-6)


NAMES = (
    *(f"{name}_at_10" for name in ("ndcg", "recall", "precision", "hit_rate", "mrr", "map", "coverage")),
    *("serendipity", "tail_share", "intra_list_diversity", "novelty", "popularity_lift"),
)


BUSY_PAGES = ((100, 0, 0, (0, VIDEO, 2)), (200, 1, 0, (2,)), (300, 3, 1, (0, 1)))
BUSY_ACTS = ((110, 0, CLICK, 2), (120, 0, ORDER, 0), (210, 1, CLICK, 1), (310, 3, CART, 0))
"""A day in which there is something to say of each KPI; minutes of the day."""


def busy(*days, **parts):
    """Return a replication in which some days were busy."""
    pages = [(day * DAY + minute, *page) for day in days for minute, *page in BUSY_PAGES]
    log = [(day * DAY + minute, *act) for day in days for minute, *act in BUSY_ACTS]
    return replication(slates=slates(*pages), acts=acts(*log), **parts)


def test_the_last_day_is_told_by_day_as_it_is_over_all():
    made = busy(1, 2, 3)
    found, day = overall(made), by(made, "day")
    of_the_window = ("coverage_at_10", "intra_list_diversity")
    for name in NAMES:
        assert math.isfinite(found[name]), name
        if name not in of_the_window:
            assert day[name, "3"] == found[name], name


def test_each_day_is_told_as_if_the_window_ended_with_it():
    day = by(busy(1, 2, 3), "day")
    for last in (1, 2):
        earlier = overall(busy(*range(1, last + 1), closing=snapshot((last + 1) * DAY)))
        for name in ("ndcg_at_10", "novelty", "tail_share", "serendipity"):
            assert day[name, str(last)] == earlier[name], name


def test_coverage_and_diversity_of_a_day_are_those_of_its_own_pages():
    pages = slates((1 * DAY, 0, 0, (0, 1)), (2 * DAY, 0, 0, (0, 2)), (3 * DAY, 0, 0, (0,)))
    found = by(replication(slates=pages), "day")
    assert [found["coverage_at_10", day] for day in "123"] == [2 / 3, 2 / 3, 1 / 3]
    assert [found["intra_list_diversity", day] for day in "12"] == [1, 0]
    assert math.isnan(found["intra_list_diversity", "3"])


def test_pages_are_told_apart_by_surface():
    pages = slates((LAST + 100, 0, 0, (0, 1)), (LAST + 200, 1, 0, (2,)))
    pages["surface"] = (Surface.FEED, Surface.SEARCH)
    log = acts((LAST + 150, 0, CLICK, 1), (LAST + 250, 1, CLICK, 2))
    found = by(replication(slates=pages, acts=log), "surface")
    assert (found["mrr_at_10", "feed"], found["mrr_at_10", "search"]) == (1 / 2, 1)
    assert (found["coverage_at_10", "feed"], found["coverage_at_10", "search"]) == (2 / 3, 1 / 3)
    assert math.isnan(found["mrr_at_10", "mall"])


def test_a_consumer_is_new_in_the_session_of_the_first_interest_and_in_all_before_it():
    pages = slates(
        (LAST + 100, 0, 0, (0,)),  # before anything
        (LAST + 200, 0, 0, (1,)),  # the session in which it clicks
        (LAST + 300, 0, 1, (2,)),  # the same session, after the click
        (LAST + 500, 0, 0, (1,)),  # another
        (LAST + 100, 1, 0, (0,)),  # has clicked in the warm-up
    )
    pages["session"] = (10, 11, 11, 12, 13)
    log = acts((50, 1, CLICK, 0), (LAST + 250, 0, CLICK, 1), (LAST + 600, 1, CLICK, 0), (LAST + 600, 0, CLICK, 2))
    log["session"] = (5, 11, 13, 12)
    found = by(replication(slates=pages, acts=log), "history")
    assert found["coverage_at_10", "new"] == 3 / 3
    assert found["coverage_at_10", "known"] == 2 / 3
    assert found["hit_rate_at_10", "new"] == 1 / 2  # neither page 1 nor a second page: the sessions 10 and 11
    assert found["hit_rate_at_10", "known"] == 1 / 2
    assert math.isnan(found["popularity_lift", "new"])  # no history to compare with


def test_without_logged_pages_nothing_can_be_said_of_them():
    found = overall(replication())
    assert np.isnan([found[name] for name in NAMES]).all()
