"""A shelf whose best level is known: searches over replications that are made up, so that none takes a simulation."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.load import load
from sim.study.prepare import prepare
from sim.study.tune import Tuning
from sim.study.tune_goal import goal
from sim.study.tune_space import space, values_at
from sim.study.tune_trials import Trial, Trials

SHELF = """\
name: shelf
horizon: 3 days
warm_up: 1 day
seed: 7
replications: 4
record: off
population: {consumers: 0}
creators: {count: 0}
catalogue: {items: 1}
demand: [{per_day: 4}]
policies:
  inventory: {kind: reorder_up_to, with: {reorder_point: 10, order_up_to: 60}}
"""
POINT, LEVEL = "policies.inventory.with.reorder_point", "policies.inventory.with.order_up_to"
BEST = (17, 83)
"""Reorder point and order-up-to level of the lowest cost, nothing else asked."""


def costs(point, level):
    """Return the cost: a valley that lies aslant, so that one number alone does not lead down."""
    a, b = point - BEST[0], level - BEST[1]
    return 1000 + 2 * (a + 0.3 * b) ** 2 + 0.2 * b**2


def fill(point):
    """Return the fill rate: 0.97 and more from a reorder point of 20."""
    return 1 - 0.03 * 0.9 ** (point - 20)


def kpis(point, level, seed, replication):
    """Return KPIs whose luck is the same for all settings, but for a little."""
    luck = np.random.default_rng([seed, replication]).normal()
    own = np.random.default_rng([seed, replication, point + 1, level]).normal()
    return {
        "cost_total": costs(point, level) + 200 * luck + own,
        "fill_rate": fill(point) + 0.001 * luck,
        "ctr": np.nan,
        "clicks": float(seed == 7),
    }


class InMind(Trials):
    """Trials that are made up at once and written nowhere: what a search does with them is the question."""

    def __init__(self, params, subject, seed):
        super().__init__(space(params), goal("cost_total", None, subject), None, seed, None, None)
        self.seed, self.calls = seed, []

    def look(self, setting):
        if setting not in self._all:
            self._all[setting] = Trial(len(self._all), setting, plan="a plan")
        return self._all[setting]

    def play(self, settings, replications, stage):
        trials = [self.look(setting) for setting in settings]
        for trial in trials:
            chosen = values_at(self.space, trial.setting).values()
            rows = [kpis(*chosen, self.seed, number) for number in range(max(replications, len(trial.kpis)))]
            trial.kpis = pd.DataFrame(rows)
        self.calls.append((stage, replications, len(trials)))
        return trials


def keeping(**columns):
    """Return what a replication is that keeps KPIs: by name a function of the scenario and the replication."""

    def perform(scenario, replication, trusted, folder, progress):
        rows = {name: float(value(scenario, replication)) for name, value in columns.items()}
        keep(folder, replication, rows)
        return (), {}

    return perform


def made_up(scenario, replication, trusted, folder, progress):
    """Keep the shelf's KPIs."""
    chosen = scenario.policies.inventory.with_
    keep(folder, replication, kpis(chosen["reorder_point"], chosen["order_up_to"], scenario.seed, replication))
    return (), {}


def keep(folder, replication, rows):
    """Write KPIs as a run does."""
    frame = pd.DataFrame({"name": list(rows), "dimension": "", "key": "", "value": list(rows.values())})
    folder.write_series(replication, pd.DataFrame({"day": [0], "hour": [-1], "name": ["orders"], "value": [0.0]}))
    folder.write_kpis(replication, frame)


def never(scenario, replication, trusted, folder, progress):
    """Fail where nothing should be simulated."""
    raise AssertionError(f"replication {replication} simulated again")


def tuning(folder, params, *, subject=(), minimise="cost_total", budget=60, sampler="plain", sets=(), text=SHELF):
    """Return a search on the shelf, its runs in ``folder``."""
    path = Path(folder) / "shelf.yaml"
    path.write_text(text)
    runs = Path(folder) / "runs"

    def planned(out, arm=None):
        more, called = (arm.sets, arm.called) if arm else ((), {})
        return prepare(load(path, sets=(*sets, *more), called=called), out, (), arm.label if arm else "")

    wanted = goal(minimise, None, subject)
    return Tuning(planned(runs), planned, space(params), wanted, budget, sampler, runs)


def unheard(number, share):
    """Watch nothing."""
