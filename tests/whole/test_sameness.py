"""The same seed is the same world, byte for byte: played again, in more processes, recorded more or less."""

import json
import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest

from sim.metrics import kpis
from sim.record.series import series
from sim.scenario.load import load
from sim.study.prepare import prepare
from sim.study.run import run
from tests.oracle.on_stage import differing
from tests.whole.lively import LIVELY, lively, merged

ROOT = Path(__file__).parents[2]
ASIDE = ("wall_seconds", "peak_memory", "replications")
"""What a manifest says of the machine at work, not of the result."""


@pytest.fixture(scope="module")
def once():
    return lively()


def test_the_same_seed_twice_leaves_the_same_bytes(once):
    again = lively()
    assert differing(once, again) == []
    assert kpis(once).equals(kpis(again))
    assert series(once).equals(series(again))


def test_what_is_compared_is_a_world_in_which_much_happens(once):
    assert len(once.world.orders.rows) > 100
    assert all(len(once.tables[kind]) for kind in ("slot", "purchase", "packing", "return"))


def test_another_replication_and_another_seed_are_other_worlds(once):
    for other in (lively(replication=1), lively(seed=8)):
        assert {"orders.placed", "consumers.taste", "acts.time", "slot.offer"} <= set(differing(once, other))


def digests(folder):
    """Return the digest of each file below; of a manifest what it says of the result."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "manifest.json":
                said = json.loads(content)
                content = json.dumps([value for key, value in said.items() if key not in ASIDE]).encode()
            found[str(path.relative_to(folder))] = blake2b(content).hexdigest()
    return found


@pytest.fixture(scope="module")
def by_command(tmp_path_factory):
    """Return the run folder of the real command, by workers and hash seed: three replications, all recorded."""
    folder = tmp_path_factory.mktemp("runs")
    rules = merged(LIVELY, {"record": "full", "replications": 3})
    (folder / "lively.yaml").write_text(json.dumps(rules))
    found = {}
    for workers, hash_seed in ((1, 1), (2, 1), (1, 2)):
        out = f"{workers}-{hash_seed}"
        words = ("run", "lively.yaml", "--out", out, "--workers", str(workers), "-q")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(hash_seed)}
        command = [sys.executable, str(ROOT / "cli.py"), *words]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[workers, hash_seed] = digests(folder / out)
    return found


def test_one_worker_and_two_leave_the_same_folder(by_command):
    assert by_command[1, 1] == by_command[2, 1]


def test_the_order_of_hashes_leaves_the_same_folder(by_command):
    assert by_command[1, 1] == by_command[1, 2]


def test_the_folders_compared_hold_every_replication_and_its_events(by_command):
    names = [name.partition("/")[2] for name in by_command[1, 1]]
    assert {"manifest.json", "scenario.resolved.yaml", "series.parquet"} <= set(names)
    assert sum(name.startswith("replications/") for name in names) == 3
    assert sum(name.startswith("events/orders/") for name in names) == 3
    assert len(names) > 30


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return replication 0's KPIs and days as kept, by what was set beside the world itself."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "lively.yaml").write_text(json.dumps(merged(LIVELY, {"record": "off", "replications": 1})))

    def kept(*sets):
        plan = prepare(load(folder / "lively.yaml", sets=sets), folder / str(len(list(folder.iterdir()))))
        run([plan])
        return plan.hash, *(
            (plan.folder.path / part / "0000.parquet").read_bytes() for part in ("replications", "series")
        )

    return kept


@pytest.mark.parametrize("aside", ["record=full", "question=Why?", "replications=2"])
def test_what_is_recorded_asked_or_repeated_changes_no_result(told, aside):
    assert told() == told(aside)


def test_what_belongs_to_the_world_changes_the_result(told):
    plain, other = told(), told("stock.amount=5")
    assert all(one != two for one, two in zip(plain, other, strict=True))
