"""Continuous review with Poisson demand against theory, through the real processes of supply."""

from dataclasses import dataclass

import numpy as np
import pytest

from policies.inventory.base_stock import BaseStock
from policies.inventory.reorder_up_to import ReorderUpTo
from sim.schema.clock import to_ticks
from tests.processes.supply_world import rules, shop
from tests.theory.at_once import Counter
from tests.theory.batches import BATCHES, assert_agrees

DAY = to_ticks(1440.0)
WARM_UP = 60  # days

# lam = 2 a day, mean lead time 3 days, S = 8: Palm's theorem, closed form (Zipkin 2000, ch. 6; Sherbrooke 2004).
PALM = {"fill_rate": 0.743979760453717, "owed": 0.3140213891541882, "held": 2.3140213891541883}
# Offered load lam L = 10, S = 12: Erlang loss formula (Karush 1957); insensitive to the law of the lead time.
ERLANG = {"fill_rate": 0.8802608115551749, "held": 3.197391884448251, "owed": 0.0}
# lam = 1.5, L = 2, r = 3, Q = 5: Federgruen & Zheng 1992; Snyder & Shen, 2nd ed., example 5.8.
R_Q = {"fill_rate": 0.8666328304219004, "owed": 0.10543282725382212, "held": 3.1054328272538227, "orders": 0.3}


@dataclass(frozen=True)
class Case:
    """A stock under Poisson demand: rate a day, mean lead time in days and its cv, policy, opening stock."""

    name: str
    rate: float
    lead: float
    cv: float
    policy: object
    opening: int
    short: str
    theory: dict[str, float]


CASES = [
    Case("palm, constant lead time", 2, 3, 0.0, BaseStock(level=8), 8, "backorder", PALM),
    Case("palm, lots that overtake", 2, 3, 1.0, BaseStock(level=8), 8, "backorder", PALM),
    Case("erlang, constant lead time", 10, 1, 0.0, BaseStock(level=12), 12, "lost", ERLANG),
    Case("erlang, lots that overtake", 10, 1, 1.0, BaseStock(level=12), 12, "lost", ERLANG),
    Case("r, Q", 1.5, 2, 0.0, ReorderUpTo(reorder_point=3, order_up_to=8), 8, "backorder", R_Q),
]


def measure(case: Case, demands: int, seed: int, pace: int = 1) -> dict[str, np.ndarray]:
    """Return batch means of what theory knows, over about so many demands after the warm-up.

    A day of theory is ``1 / pace`` of a day of the clock: a horizon has its limit.
    """
    days = round(demands / case.rate / pace)
    scenario = rules(
        brands={"lead_time": f"{1440 * case.lead / pace:g} min", "lead_time_cv": case.cv},
        demand=[{"per_day": case.rate * pace}],
        stock={"when_short": case.short},
        horizon=f"{WARM_UP + days} days",
        seed=seed,
    )
    world = shop(scenario, [[case.opening]])
    counter = Counter(world, case.policy)
    totals = []
    for batch in range(BATCHES + 1):
        counter.run(days / BATCHES if batch else WARM_UP)
        stock, now = world.stock, counter.now
        short = sum(row["units"] for kind in ("unmet", "backorder") for row in counter.diary.of(kind))
        orders = len(counter.diary.of("purchase"))
        wanted = int(world.truth.offers["wanted"][0])
        totals.append((now, stock.held_total(now)[0], stock.owed_total(now)[0], wanted, short, orders))
    time, held, owed, wanted, short, orders = np.diff(np.array(totals), axis=0).T
    return {
        "fill_rate": 1 - short / wanted,
        "held": held / time,
        "owed": owed / time,
        "orders": orders / time * DAY / pace,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_stock_behaves_as_theory_says(case):
    """Error rate 1 in 1,000 per number for the interval; the seed is fixed."""
    measured = measure(case, 6_000, seed=21)
    for name, value in case.theory.items():
        assert_agrees(name, measured[name], value, tolerance=0.2)


@pytest.mark.precise
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_stock_behaves_as_theory_says_precisely(case):
    """Error rate 1 in 1,000 per number for the interval; the seed is fixed."""
    measured = measure(case, 300_000, seed=22, pace=10)
    for name, value in case.theory.items():
        assert_agrees(name, measured[name], value, tolerance=0.05)
