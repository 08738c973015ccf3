"""The search without an extra comes near the best of thousands of settings with a few dozen, and spends no more."""

import pytest

from sim.study.tune_plain import search
from sim.study.tune_space import values_at
from tests.study.shelf import BEST, LEVEL, POINT, InMind, costs

BOTH = (f"{POINT}=0:50", f"{LEVEL}=40:140")
WORLDS = 8
LOWEST_WITHIN_BOUND = min(costs(20, level) for level in range(40, 141))


def found(params=BOTH, subject=(), budget=60, given=None, seed=1):
    trials = InMind(params, subject, seed)
    search(trials, budget, WORLDS, given, seed)
    best = trials.ranked(trials.tried, WORLDS)[0]
    return trials, tuple(values_at(trials.space, best.setting).values())


@pytest.mark.parametrize("seed", range(10))
def test_a_valley_that_lies_aslant_is_walked_to_its_bottom(seed):
    """Costs range over 3,600 about 1,000; 5 more is had by one setting in 40."""
    trials, best = found(seed=seed)
    assert costs(*best) <= costs(*BEST) + 5
    assert len(trials.tried) <= 60


@pytest.mark.parametrize("seed", range(10))
def test_a_bound_is_kept_and_little_is_given_away(seed):
    """Luck moves the mean fill rate by 0.0004, half a step of the reorder point at the bound."""
    _, (point, level) = found(subject=["fill_rate>=0.97"], seed=seed)
    assert 19 <= point <= 21
    assert costs(point, level) <= LOWEST_WITHIN_BOUND + 10


def test_the_whole_budget_may_be_spent_but_no_more():
    for budget in (1, 2, 3, 7, 20):
        trials, _ = found(budget=budget)
        assert len(trials.tried) <= budget


def test_every_setting_is_tried_where_there_are_few():
    trials, best = found([f"{POINT}=15:19", f"{LEVEL}=81:84"], budget=20)
    assert len(trials.tried) == 20
    assert costs(*best) <= costs(*BEST) + 1


def test_the_scenarios_own_setting_is_tried_too():
    assert (13, 44) in {trial.setting for trial in found(given=(13, 44), budget=4)[0].tried}


def test_half_is_left_behind_each_time_the_worlds_double():
    trials, _ = found(budget=32)
    assert trials.calls[:3] == [("screened", 2, 16), ("screened", 4, 8), ("screened", 8, 4)]


def test_the_same_seed_tries_the_same_settings_and_another_others():
    tried = [[trial.setting for trial in found(seed=seed)[0].tried] for seed in (1, 1, 2)]
    assert tried[0] == tried[1]
    assert tried[0] != tried[2]
