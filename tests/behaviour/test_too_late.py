"""What becomes of units that are wanted when stock is thin: had at once, had another way, or lost."""

import numpy as np
import pytest

from sim.schema.counters import Counter
from tests.oracle.by_kernel import by_kernel
from tests.oracle.outcome import Outcome
from tests.oracle.recommenders import Moody
from tests.oracle.worlds import FINE, SLOW, small_world


@pytest.fixture(scope="module", params=[(13, SLOW), (31, FINE)])
def scarce(request) -> Outcome:
    seed, grid = request.param
    return by_kernel(small_world(seed, grid, units=1, offers=10), Moody())


def count(outcome: Outcome, counter: Counter) -> int:
    return int(outcome.parts["daily"][..., counter].sum())


def test_every_unit_wanted_is_had_or_lost(scarce):
    another_way = (scarce.orders["substitute"] > 0) | (scarce.orders["retried"] > 0)
    had = count(scarce, Counter.SATISFIED) + int(scarce.orders["units"][another_way].sum())
    assert another_way.sum() > 20
    assert count(scarce, Counter.INTENTS) == had + count(scarce, Counter.LOST_UNITS)


def test_orders_have_units_and_are_never_short_of_less_than_nothing(scarce):
    assert (scarce.orders["units"] > 0).all()
    assert (scarce.orders["short"] >= 0).all()


def test_nobody_spends_more_than_the_budget(scarce):
    assert (scarce.parts["consumers"]["budget_left"] >= 0).all()


def test_an_offers_demand_is_what_was_wanted_of_it(scarce):
    assert scarce.parts["offers"]["wanted"].sum() == count(scarce, Counter.INTENTS)


def test_trust_stays_between_none_and_full(scarce):
    trust = scarce.parts["consumers"]["trust"]
    assert ((trust >= 0) & (trust <= 1)).all()
    assert (trust < np.float32(0.7)).any()
