"""The Kaplan-Meier median."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.survival import median_time

WAITS = st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=30)


def slow_median(waits: list[tuple[int, bool]]) -> float:
    """Go through the instants one by one: the product of the shares that got past each."""
    surviving = 1.0
    for time in sorted({waited for waited, _ in waits}):
        at_risk = sum(waited >= time for waited, _ in waits)
        surviving *= 1 - sum(waited == time and happened for waited, happened in waits) / at_risk
        if surviving <= 0.5 + 1e-12:
            return float(time)
    return math.nan


@given(WAITS)
def test_the_median_equals_the_product_limit_gone_through_by_hand(waits):
    found = median_time([w for w, _ in waits], [h for _, h in waits])
    assert found == pytest.approx(slow_median(waits), nan_ok=True)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=31).filter(lambda waits: len(waits) % 2 == 1))
def test_where_everything_happened_it_is_the_plain_median(waits):
    assert median_time(waits, [True] * len(waits)) == np.median(waits)


def test_who_was_watched_for_a_short_time_only_does_not_pull_the_median_down():
    assert median_time([1, 1, 1, 8, 9], [False, False, False, True, True]) == 8


def test_it_is_missing_where_fewer_than_half_saw_it():
    assert math.isnan(median_time([1, 5, 5], [True, False, False]))
    assert math.isnan(median_time([], []))
