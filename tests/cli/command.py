"""The real command, in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORLD = """\
name: tiny
horizon: 3 days
warm_up: 1 day
replications: 3
population: {consumers: 120}
catalogue: {items: 30}
creators: {count: 2}
"""


def sim(folder, *words, **environment):
    """Run ``sim`` in ``folder`` to its end."""
    return subprocess.run(_command(words), cwd=folder, env=_environment(environment), capture_output=True, text=True)


def started(folder, *words):
    """Start ``sim`` in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        _command(words), cwd=folder, env=_environment({}), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def world(folder, text=WORLD, name="tiny.yaml"):
    """Write a scenario and return its name."""
    (Path(folder) / name).write_text(text)
    return name


def finished(folder):
    """Return the replications that are kept."""
    return {path.stem for path in Path(folder).glob("runs/*/replications/*.parquet")}


def until(condition, seconds=120):
    """Wait until ``condition()`` holds, and return what it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise TimeoutError


def children(pid):
    """Return the worker processes of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(") ")[2].split()[1])
            if parent == pid and "spawn_main" in (path / "cmdline").read_text():
                found.append(int(path.name))
        except OSError:  # it has ended
            continue
    return found


def _command(words):
    return [sys.executable, str(ROOT / "cli.py"), *map(str, words)]


def _environment(more):
    inherited = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}
    return {**inherited, "PYTHONPATH": str(ROOT), **more}
