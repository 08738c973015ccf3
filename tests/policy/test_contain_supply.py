"""Faults of supply-side policies stay at their seams."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import PolicyError
from sim.policy.contain_routing import ContainedRouting
from sim.policy.contain_supply import (
    MOST_UNITS,
    NEVER_DUE,
    ContainedAllocation,
    ContainedPricing,
    ContainedReplenishment,
    ContainedShowcase,
)
from sim.policy.faults import Faults
from sim.policy.lookup import build
from sim.schema.driving import RoutePlan
from sim.testing import toy_supply as toy


def saying(method, answer):
    """Return a policy that answers the same whatever it sees."""

    def reply(view):
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(**{method: reply})


SEAMS = {
    "review": (ContainedReplenishment, build("inventory", "none"), toy.inventory_view(5, 3)),
    "allocate": (ContainedAllocation, build("allocation", "nearest"), toy.allocation_view(5)),
    "price": (ContainedPricing, build("pricing", "fixed"), toy.pricing_view(5)),
    "choose": (ContainedShowcase, build("showcase", "best_sellers"), toy.showcase_view(5)),
}


@pytest.mark.parametrize("method", SEAMS)
@pytest.mark.parametrize("answer", [ValueError("x"), None, np.zeros(3, np.int64), np.zeros((5, 1)), [1, 2]])
def test_nonsense_as_a_whole_is_replaced_as_a_whole(method, answer):
    container, fallback, view = SEAMS[method]
    faults = Faults()
    guard = container("seam", saying(method, answer), fallback, faults)
    assert np.array_equal(getattr(guard, method)(view), getattr(fallback, method)(view))
    counts = faults.seams["seam"]
    assert counts.served_by_fallback == 5
    assert (counts.raised, counts.malformed) == ((1, 0) if isinstance(answer, Exception) else (0, 5))


@pytest.mark.parametrize(
    ("method", "row", "bad"),
    [
        ("review", 2, -1),
        ("review", 2, MOST_UNITS + 1),
        ("price", 2, 0),
        ("price", 2, MOST_UNITS + 1),
        ("allocate", 2, -1),
        ("allocate", 2, 10**6),
        ("choose", (2, 0), 50),
        ("choose", (2, 0), -2),
    ],
)
def test_a_malformed_row_alone_goes_to_the_fallback(method, row, bad):
    container, fallback, view = SEAMS[method]
    good = getattr(fallback, method)(view)
    answer = good.copy()
    answer[row] = bad
    guard = container("seam", saying(method, answer), fallback)
    assert np.array_equal(getattr(guard, method)(view), good)
    assert (guard.counts.malformed, guard.counts.served_by_fallback) == (1, 1)


def test_a_line_bound_to_another_lines_candidate_is_malformed():
    container, nearest, view = SEAMS["allocate"]
    good = nearest.allocate(view)
    swapped = good[[1, 0, 2, 3, 4]]
    guard = container("allocation", saying("allocate", swapped), nearest)
    assert np.array_equal(guard.allocate(view), good)
    assert guard.counts.malformed == 2


def test_an_offer_twice_in_a_show_is_malformed_and_slots_beyond_the_plan_stay_empty():
    container, best, view = SEAMS["choose"]
    shape = (5, int(view.slots.max()))
    everything = np.tile(np.arange(shape[1], dtype=np.int32), (5, 1))
    twice = everything.copy()
    twice[0] = 0
    guard = container("showcase", saying("choose", twice), best)
    shown = guard.choose(view)
    assert guard.counts.malformed == 1
    assert ((shown >= 0).sum(axis=1)[1:] == view.slots[1:]).all()


def test_a_policy_without_a_reorder_level_is_never_due():
    view = toy.inventory_view(5, 3)
    guard = ContainedReplenishment("inventory", build("inventory", "none"), build("inventory", "none"))
    assert (guard.reorder_level(view) == NEVER_DUE).all()


def test_a_reorder_level_that_is_nonsense_is_counted_and_never_due():
    view = toy.inventory_view(5, 3)
    policy = SimpleNamespace(review=None, reorder_level=lambda view: "soon")
    guard = ContainedReplenishment("inventory", policy, build("inventory", "none"))
    assert (guard.reorder_level(view) == NEVER_DUE).all()
    assert guard.counts.raised == 1


def plans(problem):
    """Return plans that each break one rule."""
    good = build("routing", "nearest_neighbour").plan(problem)
    every = tuple(range(problem.n_stops))
    return {
        "nothing": None,
        "a stop left out": RoutePlan(good.routes, {}, good.metres),
        "a stop twice": RoutePlan((*good.routes, good.routes[0]), good.dropped, 0),
        "dropped without a reason": RoutePlan((), dict.fromkeys(every, ""), 0),
        "an unknown stop": RoutePlan(good.routes, {**good.dropped, 99: "x"}, 0),
        "an empty route": RoutePlan((*good.routes, ()), good.dropped, 0),
        "too heavy": RoutePlan((every,), {}, 0),
        "more routes than vans": RoutePlan(tuple((stop,) for stop in every[:-1]), good.dropped, 0),
        "not whole": RoutePlan(((0.5,),), good.dropped, 0),
    }


@pytest.mark.parametrize("fault", plans(toy.routing_problem()))
def test_a_plan_that_breaks_one_rule_is_replaced_as_a_whole(fault):
    problem = toy.routing_problem()
    fallback = build("routing", "nearest_neighbour")
    guard = ContainedRouting("routing", saying("plan", plans(problem)[fault]), fallback)
    assert guard.plan(problem) == fallback.plan(problem)
    assert guard.counts.malformed == problem.n_stops


def test_a_round_longer_than_the_shift_is_malformed():
    problem = toy.routing_problem(40)
    light = toy.routing_problem(40, vans=1)
    light.weight[:], light.volume[:] = 1, 1
    assert problem.n_stops == 40
    guard = ContainedRouting(
        "routing",
        saying("plan", RoutePlan((tuple(range(40)),), {}, 0)),
        build("routing", "nearest_neighbour"),
    )
    guard.plan(light)
    assert "time" in guard.counts.first_error


def test_metres_claimed_wrongly_are_put_right():
    problem = toy.routing_problem()
    good = build("routing", "nearest_neighbour").plan(problem)
    guard = ContainedRouting("routing", saying("plan", RoutePlan(good.routes, good.dropped, 1)), None)
    assert guard.plan(problem) == good


def test_a_fallback_that_fails_too_ends_the_run():
    bad = saying("review", np.full(5, -1))
    with pytest.raises(PolicyError, match="cannot serve"):
        ContainedReplenishment("inventory", bad, bad).review(toy.inventory_view(5, 3))
    with pytest.raises(PolicyError, match="cannot serve"):
        ContainedRouting("routing", saying("plan", None), saying("plan", None)).plan(toy.routing_problem())
