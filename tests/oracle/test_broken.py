"""Each of the semantics that make the kernel exact, broken on purpose, is caught by the comparison."""

from functools import cache

import pytest

from sim.errors import InvariantError
from tests.oracle.breaks import BREAKS, Break
from tests.oracle.by_kernel import by_kernel
from tests.oracle.outcome import Outcome, differences
from tests.oracle.per_session import per_session
from tests.oracle.recommenders import Moody
from tests.oracle.worlds import FINE, SLOW, Small, small_world


def world(name: str) -> Small:
    if name == "fine":
        return small_world(1, FINE)
    if name == "quiet":
        return small_world(21, FINE, consumers=6, refresh="7 min")
    return small_world(6, SLOW, release="30 s")


@cache
def unbroken(name: str) -> Outcome:
    return per_session(world(name), Moody())


def broken(how: Break) -> Outcome:
    if how.oracle is None:
        return by_kernel(world(how.world), Moody(), **how.kernel)
    return per_session(world(how.world), Moody(), how.oracle, **how.town)


@pytest.mark.parametrize("name", ["fine", "slow", "quiet"])
def test_unbroken_both_are_equal(name):
    assert differences(by_kernel(world(name), Moody()), unbroken(name)) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_semantics_is_caught(name):
    """By a difference, or because a law stops the run."""
    try:
        outcome = broken(BREAKS[name])
    except InvariantError:
        return
    assert differences(outcome, unbroken(BREAKS[name].world))


def test_every_semantics_is_broken_at_least_once():
    assert {how.number for how in BREAKS.values()} == set(range(1, 11))
