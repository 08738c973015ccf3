"""Studies whose replications are made up, so that a test of the study takes no simulation."""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.load import load
from sim.study.prepare import prepare

TINY = """\
name: tiny
horizon: 3 days
warm_up: 1 day
replications: 3
record: off
population: {consumers: 120}
catalogue: {items: 30}
creators: {count: 2}
"""


def scenario_file(folder, text=TINY):
    path = Path(folder) / "tiny.yaml"
    path.write_text(text)
    return path


def planned(folder, sets=(), label="", trusted=()):
    """Return a plan of the tiny world, its runs in ``folder``."""
    path = Path(folder) / "tiny.yaml"
    if not path.exists():
        scenario_file(folder)
    return prepare(load(path, sets=sets), Path(folder) / "runs", trusted, label)


def made_up(scenario, replication, trusted, folder, progress):
    """Keep KPIs that depend on the scenario and the replication alone."""
    progress(0.5)
    rng = np.random.default_rng([scenario.seed, replication])
    luck = rng.normal(0, 50)
    stock = 10.0 if scenario.policies.recommender.kind == "item_knn" else 0.0
    rows = {
        "gmv_net": 1000 + luck + stock + rng.normal(0, 1),
        "ctr": 0.1 + luck / 1000,
        "retention_d7": np.nan,
        "open_orders": float(replication == 1),
    }
    frame = pd.DataFrame({"name": list(rows), "dimension": "", "key": "", "value": list(rows.values())})
    frame.loc[len(frame)] = ["policy_faults", "seam", "recommender", 2.0 if replication == 0 else 0.0]
    folder.write_series(replication, pd.DataFrame({"day": [0], "hour": [-1], "name": ["orders"], "value": [luck]}))
    folder.write_kpis(replication, frame)
    return ["7 rows without coordinates left out"], {
        "recommender": "ValueError: boom\x1b[31m\n!"
    } if replication == 0 else {}


def interrupted_at_2(scenario, replication, trusted, folder, progress):
    """Be stopped by Ctrl-C in the third replication."""
    if replication == 2:
        raise KeyboardInterrupt
    return made_up(scenario, replication, trusted, folder, progress)


def never(scenario, replication, trusted, folder, progress):
    """Fail where nothing should be simulated."""
    raise AssertionError(f"replication {replication} simulated again")


def slow(scenario, replication, trusted, folder, progress):
    """Take a moment, so that workers overlap."""
    time.sleep(0.05 * (3 - replication % 3))
    return made_up(scenario, replication, trusted, folder, progress)
