"""Ctrl-C, kills, a full disk and any number of workers: what is finished stays, and the numbers are the same."""

import errno
import json
import os
import signal
from hashlib import blake2b
from pathlib import Path

from sim.record import whole_file
from sim.report.figures import count
from tests.cli.command import children, finished, sim, started, until, world

LONG = ["--set", "population.consumers=600", "--set", "horizon=6 days"]


def contents(folder):
    """Return each file's digest, the manifest's left out: it tells wall time."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest() for path in files}


def gone(pids):
    """Whether none of the processes is there any more."""
    return not any(os.path.exists(f"/proc/{pid}") for pid in pids)


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
    assert gone(workers)

    more = str(len(kept) + 1)
    again = sim(tmp_path, "run", scenario, "--workers", "1", "--replications", more, *LONG)
    assert again.returncode == 0
    assert f"{count(len(kept), 'replication')} kept from before, 1 simulated now." in again.stdout


def test_ctrl_c_while_everything_is_still_being_loaded_ends_the_command(tmp_path):
    running = started(tmp_path, "run", world(tmp_path), "--workers", "2", *LONG)
    until(lambda: "numpy" in Path(f"/proc/{running.pid}/maps").read_text())
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert "Traceback" not in err


def test_a_killed_worker_loses_only_the_replication_in_hand(tmp_path):
    words = ["run", world(tmp_path), "--replications", "4", "--json", *LONG]
    running = started(tmp_path, *words, "--workers", "2")
    until(lambda: finished(tmp_path))
    os.kill(children(running.pid)[0], signal.SIGKILL)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    assert json.loads(out) == json.loads(sim(tmp_path, *words, "--workers", "1", "--out", "undisturbed").stdout)


def test_workers_end_when_the_command_is_killed(tmp_path):
    running = started(tmp_path, "run", world(tmp_path), "--workers", "2", "--replications", "40", *LONG)
    workers = until(lambda: children(running.pid))
    running.kill()
    running.communicate()
    until(lambda: gone(workers), seconds=60)


def test_a_full_disk_is_told_in_one_line_and_loses_only_the_replication_in_hand(tmp_path, monkeypatch):
    scenario = world(tmp_path)
    room = os.fsync
    with monkeypatch.context() as full:
        full.setattr(whole_file.os, "fsync", lambda file: room(file) if len(finished(tmp_path)) < 2 else _no_space())
        done = sim(tmp_path, "run", scenario, "--workers", "1")
    assert done.returncode == 1
    assert "cannot be written: No space left on device. " in done.stderr
    assert done.stderr.count("\n") == 1
    assert finished(tmp_path) == {"0000", "0001"}
    again = sim(tmp_path, "run", scenario, "--workers", "1")
    assert "2 replications kept from before, 1 simulated now." in again.stdout


def _no_space():
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
