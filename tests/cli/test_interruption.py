"""Ctrl-C, killed workers and any number of workers: what is finished stays, and the numbers are the same."""

import json
import os
import signal
from hashlib import blake2b

from sim.report.figures import count
from tests.cli.command import children, finished, sim, started, until, world

LONG = ["--set", "population.consumers=1000", "--set", "horizon=6 days"]


def contents(folder):
    """Return each file's digest, the manifest's left out: it tells wall time."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest() for path in files}


def test_one_worker_and_two_write_the_same_bytes(tmp_path):
    scenario = world(tmp_path)
    for workers in ("1", "2"):
        done = sim(tmp_path, "run", scenario, "--workers", workers, "--out", workers, "--set", "record=full", "-q")
        assert done.returncode == 0, done.stderr
    one, two = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert one == two
    assert len(one) > 20


def test_ctrl_c_keeps_what_is_finished_and_running_again_goes_on(tmp_path):
    scenario = world(tmp_path)
    running = started(tmp_path, "run", scenario, "--workers", "2", "--replications", "40", *LONG)
    until(lambda: finished(tmp_path))
    workers = children(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    kept = finished(tmp_path)
    assert running.returncode == 130
    assert out == ""
    assert "of 40 replications are kept; run again to go on." in err
    assert "Traceback" not in err
    assert 1 <= len(kept) < 40
    assert len(workers) == 2
    assert not any(os.path.exists(f"/proc/{pid}") for pid in workers)

    more = str(len(kept) + 1)
    again = sim(tmp_path, "run", scenario, "--workers", "2", "--replications", more, *LONG)
    assert again.returncode == 0
    assert f"{count(len(kept), 'replication')} kept from before, 1 simulated now." in again.stdout


def test_a_killed_worker_loses_only_the_replication_in_hand(tmp_path):
    scenario = world(tmp_path)
    running = started(tmp_path, "run", scenario, "--workers", "2", "--replications", "5", "--json", *LONG)
    until(lambda: finished(tmp_path))
    os.kill(children(running.pid)[0], signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    undisturbed = sim(tmp_path, "run", scenario, "--workers", "2", "--replications", "5", "--json", "--out", "b", *LONG)
    assert json.loads(out) == json.loads(undisturbed.stdout)


def test_workers_end_when_the_command_is_killed(tmp_path):
    running = started(tmp_path, "run", world(tmp_path), "--workers", "2", "--replications", "40", *LONG)
    until(lambda: finished(tmp_path))
    workers = children(running.pid)
    running.kill()
    running.communicate()
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers), seconds=30)
