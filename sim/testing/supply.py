"""The contracts of the supply-side seams, as suites that authors run on their own policies."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.policy.contain_marketing import checked_spending
from sim.policy.contain_routing import checked_plan
from sim.policy.contain_supply import (
    ContainedAllocation,
    ContainedPricing,
    ContainedReplenishment,
    ContainedShowcase,
)
from sim.policy.protocols import Triggered
from sim.testing import toy_supply as toy
from sim.testing.purity import frozen, is_policy, same

Factory = Callable[[], Any]


def check_replenishment(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a replenishment policy breaks; packs and minima among them."""
    for n, days in ((40, 14), (1, 0), (0, 14)):
        view = frozen(toy.inventory_view(n, days))
        policy = _answers_alike(factory, ContainedReplenishment, "review", view)
        units = policy.review(view)
        assert (units % view.pack_size == 0).all(), "an order is not in whole packs"
        assert ((units == 0) | (units >= view.minimum_order)).all(), "an order is under the supplier's minimum"
        knows = getattr(policy, "privileged", False)
        if isinstance(policy, Triggered):
            due = view.position <= policy.reorder_level(view)
            assert (units[~due] == 0).all() or knows, "an order where none is due"


def check_allocation(factory: Factory) -> None:
    """Fail with a sentence at the first rule that an allocation policy breaks."""
    for n in (30, 1, 0):
        _answers_alike(factory, ContainedAllocation, "allocate", frozen(toy.allocation_view(n)))


def check_pricing(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a pricing policy breaks."""
    for n in (50, 1, 0):
        _answers_alike(factory, ContainedPricing, "price", frozen(toy.pricing_view(n)))


def check_marketing(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a marketing policy breaks, with targets many, few and none."""
    for offers, rooms, budget in ((50, 4, 10_000), (50, 4, 1), (3, 0, 10_000), (0, 1, 500), (0, 0, 500)):
        view = frozen(toy.marketing_view(offers, rooms, budget))
        policy = factory()
        is_policy(policy, "spend")
        plan = policy.spend(view)
        checked_spending(plan, view)
        for what in ("visits", "coupons"):
            spent = getattr(plan, what)
            same(getattr(policy.spend(view), what), spent, "asked twice")
            same(getattr(pickle.loads(pickle.dumps(policy)).spend(view), what), spent, "after pickling")
            same(getattr(factory().spend(view), what), spent, "a new copy")


def check_showcase(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a showcase policy breaks."""
    for rooms, offers in ((6, 50), (6, 3), (1, 50), (0, 50)):
        _answers_alike(factory, ContainedShowcase, "choose", frozen(toy.showcase_view(rooms, offers)))


def check_routing(factory: Factory) -> None:
    """Fail with a sentence at the first rule that a routing policy breaks, with vans enough, few and none."""
    for n, vans in ((25, 4), (60, 1), (1, 4), (0, 4), (5, 0)):
        problem = frozen(toy.routing_problem(n, vans))
        policy = factory()
        is_policy(policy, "plan")
        plan = policy.plan(problem)
        assert checked_plan(plan, problem).metres == plan.metres, "the plan's metres are not what it drives"
        same(policy.plan(problem), plan, "asked twice")
        same(pickle.loads(pickle.dumps(policy)).plan(problem), plan, "after pickling")
        same(factory().plan(problem), plan, "a new copy")


def _answers_alike(factory: Factory, container: type, method: str, view: Any) -> Any:
    """Return the policy, after asking it in every way that must not matter."""
    policy = _new(factory)
    is_policy(policy, method)
    guard = container("seam", policy, policy if not getattr(policy, "privileged", False) else _Nobody())
    getattr(guard, method)(view)
    assert not guard.counts.first_error, guard.counts.first_error
    answer = np.array(getattr(policy, method)(view))
    same(getattr(policy, method)(view), answer, "asked twice")
    same(getattr(pickle.loads(pickle.dumps(policy)), method)(view), answer, "after pickling")
    same(getattr(_new(factory), method)(view), answer, "a new copy")
    return policy


def _new(factory: Factory) -> Any:
    policy = factory()
    if getattr(policy, "privileged", False):
        policy.reveal(toy.ToyTruth(10, 100))
    return policy


class _Nobody:
    """A fallback for judging a privileged policy: it serves nothing, so a fault ends the check."""
