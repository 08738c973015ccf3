"""The command: in this process, or in one of its own as a shell starts it."""

import os
import subprocess
import sys
import time
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

import cli

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


@dataclass(frozen=True)
class Done:
    """How a command ended; named as `subprocess` names it."""

    returncode: int
    stdout: str
    stderr: str


def sim(folder, *words):
    """Run ``sim`` in ``folder``, in this process."""
    with chdir(folder):
        done = CliRunner().invoke(cli.app, list(map(str, words)), prog_name="sim")
    _forget(Path(folder))
    return Done(done.exit_code, done.stdout, done.stderr)


def shell(folder, *words, **environment):
    """Run ``sim`` in ``folder`` in a process of its own."""
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


def _forget(folder):
    """Forget the modules of a folder: another test's may have the same names."""
    for name, module in list(sys.modules.items()):
        if folder in Path(getattr(module, "__file__", None) or "/").parents:
            del sys.modules[name]


def _command(words):
    return [sys.executable, str(ROOT / "cli.py"), *map(str, words)]


def _environment(more):
    inherited = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR")}
    return {**inherited, "PYTHONPATH": str(ROOT), **more}
