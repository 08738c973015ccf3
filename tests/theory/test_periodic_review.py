"""Periodic (s, S) without lead time against theory: order and receive, a day of demand, then the cost of the level."""

import numpy as np
import pytest

from policies.inventory.reorder_up_to import ReorderUpTo
from tests.processes.supply_world import rules, shop
from tests.theory.at_once import Counter
from tests.theory.batches import BATCHES, assert_agrees

CASES = {
    # holding 1, backorder p, order K; Poisson demand of mean mu a period; cost per period at the optimal (s, S).
    "Snyder & Shen, 2nd ed., example 4.7": {"p": 4, "K": 5, "mu": 6, "s": 4, "S": 10, "cost": 8.034111561471642},
    "Zheng & Federgruen 1991": {"p": 9, "K": 64, "mu": 20, "s": 14, "S": 62, "cost": 49.17303574493941},
}


def costs(case: dict[str, float], days: int, seed: int) -> np.ndarray:
    """Return the mean cost a day in each of 30 batches."""
    scenario = rules(
        review="1 day",
        brands={"lead_time": "0 min"},
        demand=[{"per_day": case["mu"]}],
        stock={"when_short": "backorder"},
        horizon=f"{days} days",
        seed=seed,
    )
    world = shop(scenario, [[case["S"]]])
    counter = Counter(world, ReorderUpTo(reorder_point=case["s"], order_up_to=case["S"]))
    levels = np.empty(days, np.int64)
    for day in range(days):
        counter.run(1)  # up to the midnight, before what happens at it
        levels[day] = world.stock.on_hand[0] - world.stock.backorders[0]
    ordered = np.zeros(days)
    ordered[[row["time"] // world_day(1) for row in counter.diary.of("purchase")]] = 1
    cost = np.maximum(levels, 0) + case["p"] * np.maximum(-levels, 0) + case["K"] * ordered
    return cost.reshape(BATCHES, -1).mean(axis=1)


def world_day(days: int) -> int:
    """Return days in ticks."""
    return days * 1440 * 65536


@pytest.mark.parametrize("name", CASES)
def test_the_best_s_S_costs_what_theory_says(name):  # noqa: N802  # the field's own letters
    """Error rate 1 in 1,000 for the interval; the seed is fixed."""
    assert_agrees("cost", costs(CASES[name], 1_500, seed=31), CASES[name]["cost"], tolerance=0.05)


@pytest.mark.precise
@pytest.mark.parametrize("name", CASES)
def test_the_best_s_S_costs_what_theory_says_precisely(name):  # noqa: N802  # as above
    """Error rate 1 in 1,000 for the interval; the seed is fixed."""
    assert_agrees("cost", costs(CASES[name], 30_000, seed=32), CASES[name]["cost"], tolerance=0.01)
