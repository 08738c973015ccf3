"""What the README says works: its commands run, its scenario validates, its code is executed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario.load import load

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BRIEF = " --replications 1 --workers 1 --set population.consumers=200"


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


COMMANDS = [
    line.partition("#")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if "sim " in line.partition("#")[0]
]


def test_the_first_lines_are_the_two_commands():
    assert [line.split("#")[0].strip() for line in blocks("sh")[0].splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs_as_written_on_a_small_world(command, tmp_path):
    simulates = " run " in command or " compare " in command
    words, redirect, target = command.partition(" >")
    out = f"{BRIEF} --out {tmp_path / 'runs'}" if simulates else ""
    script = f'sim() {{ {sys.executable} -m cli "$@"; }}; {words}{out}{redirect}{target}'
    folder = ROOT if "cd " in command else tmp_path
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout or redirect


def test_the_scenario_validates(tmp_path):
    (yaml,) = blocks("yaml")
    (tmp_path / "mine.yaml").write_text(yaml)
    assert load(str(tmp_path / "mine.yaml")).scenario.name == "mine"


def test_the_code_runs_and_prints_a_kpi(capsys):
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    assert "gmv_net" in capsys.readouterr().out


def test_every_page_that_is_linked_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)
