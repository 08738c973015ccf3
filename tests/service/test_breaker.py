"""Who fails again and again is left alone for a while, and then tried once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.recommenders._breaker import Breaker

MANY, ONE, NONE = -1, 1, 0


def failed(breaker, minute, times):
    for _ in range(times):
        breaker.note(minute, False)


def test_five_failures_in_a_row_open_it_and_four_do_not():
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 4)
    assert breaker.calls(10.0) == MANY
    breaker.note(10.0, False)
    assert breaker.calls(10.0) == NONE


def test_one_success_between_failures_keeps_it_closed():
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 4)
    breaker.note(10.0, True)
    failed(breaker, 10.0, 4)
    assert breaker.calls(10.0) == MANY


@pytest.mark.parametrize(("minute", "calls"), [(69.9, NONE), (70.0, ONE), (500.0, ONE)])
def test_after_a_simulated_hour_one_probe_is_let_through(minute, calls):
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 5)
    assert breaker.calls(minute) == calls


@pytest.mark.parametrize("went_well", [True, False])
def test_calls_that_were_under_way_when_it_opened_change_nothing(went_well):
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 5)
    breaker.note(10.0, went_well)
    assert breaker.calls(69.9) == NONE
    assert breaker.calls(70.0) == ONE


def test_a_probe_that_goes_well_closes_it():
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 5)
    breaker.note(70.0, True)
    assert breaker.calls(70.0) == MANY
    failed(breaker, 70.0, 4)
    assert breaker.calls(70.0) == MANY


def test_a_probe_that_fails_opens_it_for_another_hour():
    breaker = Breaker(5, 60.0)
    failed(breaker, 10.0, 5)
    breaker.note(75.0, False)
    assert breaker.calls(134.9) == NONE
    assert breaker.calls(135.0) == ONE


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=80))
def test_a_dead_service_is_called_at_most_five_times_and_then_once_an_hour(steps):
    breaker, minute, made = Breaker(5, 60.0), 0.0, []
    for pause, _ in steps:
        minute += pause
        if breaker.calls(minute):
            made.append(minute)
            breaker.note(minute, False)
    later = [b - a for a, b in pairwise(made[4:])]
    assert all(gap >= 60.0 for gap in later)
