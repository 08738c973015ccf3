"""Faults of a marketing policy stay at its seam: nothing negative, nothing beyond the budget, nothing else."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import PolicyError
from sim.policy.contain_marketing import ContainedMarketing
from sim.policy.lookup import build
from sim.schema.marketing import MarketingPlan
from sim.testing.toy_supply import marketing_view

VIEW = marketing_view(5, 1, budget=1_000)
NOTHING = np.zeros(6, np.int64)


def at(place, cents):
    """Return cents for one target only."""
    found = NOTHING.copy()
    found[place] = cents
    return found


def guard(answer, fallback=None):
    """Return a guard around a policy that answers the same whatever it sees."""

    def spend(view):
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ContainedMarketing("marketing", SimpleNamespace(spend=spend), fallback or build("marketing", "none"))


BAD = {
    "raises": (ValueError("x"), "ValueError"),
    "nothing": (None, "NoneType instead of a MarketingPlan"),
    "an array": (np.zeros((2, 6), np.int64), "ndarray instead"),
    "too few": (MarketingPlan(NOTHING[:5], NOTHING), "shape"),
    "fractions": (MarketingPlan(NOTHING, NOTHING * 0.5), "whole numbers"),
    "negative": (MarketingPlan(at(1, -1), at(2, 1)), "-1 cents for visits"),
    "beyond the budget": (MarketingPlan(at(0, 600), at(3, 401)), "1001 cents of a budget of 1000"),
    "beyond all bounds": (MarketingPlan(NOTHING, at(3, 2**62)), "of a budget of 1000"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_plan_that_breaks_a_rule_is_replaced_as_a_whole(fault):
    answer, why = BAD[fault]
    contained = guard(answer)
    plan = contained.spend(VIEW)
    assert not plan.visits.any()
    assert not plan.coupons.any()
    assert contained.counts.served_by_fallback == contained.counts.asked == 6
    assert why in contained.counts.first_error


def test_the_whole_budget_may_be_spent_on_one_target():
    plan = MarketingPlan(at(0, 600), at(0, 400))
    contained = guard(plan)
    assert contained.spend(VIEW) is plan
    assert contained.counts.served_by_fallback == 0


def test_a_fallback_that_fails_too_ends_the_run():
    bad = SimpleNamespace(spend=lambda view: None)
    with pytest.raises(PolicyError, match="cannot serve"):
        guard(None, bad).spend(VIEW)
