"""What the command answers: tables for people, JSON for programs, the right exit code."""

import json
import subprocess
import sys

import pytest

from tests.cli.command import ROOT, WORLD, shell, sim, world

UNTRUSTED = WORLD + "policies:\n  recommender: {kind: 'mine:Mine'}\n"
MINE = '''
from dataclasses import dataclass
import numpy as np

@dataclass(frozen=True)
class Mine:
    """Order nothing, and say so."""
    def review(self, view):
        return np.zeros(len(view), np.int64)

@dataclass(frozen=True)
class Bad:
    """Raise."""
    def review(self, view):
        raise RuntimeError("no idea\\x1b[31m")
'''


@pytest.fixture
def folder(tmp_path):
    world(tmp_path)
    return tmp_path


def test_traceback_tells_the_rest(folder):
    done = sim(folder, "run", "tiny.yaml", "--set", "seed=x", "--traceback")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "ScenarioError" in done.stderr


def test_run_prints_json_and_nothing_else_on_stdout(folder):
    done = sim(folder, "run", "tiny.yaml", "--json", "--seed", "3", "--replications", "2", "--workers", "1")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert set(told) == {"scenario", "hash", "replications", "kpis"}
    assert (told["scenario"], told["replications"]) == ("tiny", 2)
    assert set(told["kpis"]["gmv"]) == {"mean", "half_width", "n", "sd"}
    assert (folder / "runs" / f"tiny-{told['hash']}" / "manifest.json").exists()
    assert done.stderr == ""


def test_run_prints_a_plain_table_into_a_pipe_and_trusts_the_class_that_it_is_told(folder):
    """In processes of their own: workers import the class from the current folder too."""
    (folder / "mine.py").write_text(MINE)
    done = shell(folder, "run", "tiny.yaml", "--set", "policies.inventory.kind=mine:Mine", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "  gmv_net" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "assumed" in done.stdout


def test_compare_pairs_two_arms_and_answers_in_one_sentence(folder):
    vary = ["--vary", "recommender=popularity,random"]
    done = sim(folder, "compare", "tiny.yaml", *vary, "--json", "--workers", "1", "--replications", "2")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    (gmv,) = (one for one in told["comparisons"] if one["kpi"] == "gmv")
    assert (gmv["a"], gmv["b"]) == ("recommender=popularity", "recommender=random")
    means = [arm["kpis"]["gmv"]["mean"] for arm in told["arms"]]
    assert gmv["difference"] == pytest.approx(means[1] - means[0])
    assert len(told["answers"]) == 1


def test_validate_says_what_would_be_simulated(folder):
    done = sim(folder, "validate", "tiny.yaml")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "OK tiny: 120 consumers, 30 items, 3 days (1 of them warm-up), 3 replications, about "
    )


def test_validate_imports_nobodys_module(folder):
    world(folder, UNTRUSTED)
    (folder / "mine.py").write_text("raise SystemExit('imported')\n")
    done = sim(folder, "validate", "tiny.yaml")
    assert done.returncode == 0
    assert "policies.recommender.kind 'mine:Mine' was not checked" in done.stderr


def test_a_policy_that_raises_is_shown_in_the_tables_foot(folder):
    (folder / "mine.py").write_text(MINE)
    one = ["--replications", "1", "--workers", "1"]
    done = sim(folder, "run", "tiny.yaml", "--set", "policies.inventory.kind=mine:Bad", *one)
    assert done.returncode == 0, done.stderr
    assert "The inventory policy failed" in done.stdout
    assert "RuntimeError: no idea" in done.stdout
    assert "\x1b" not in done.stdout


def test_new_writes_a_scenario_that_validates_and_overwrites_nothing(tmp_path):
    assert sim(tmp_path, "new", "mine").returncode == 0
    text = (tmp_path / "mine.yaml").read_text()
    assert sim(tmp_path, "validate", "mine.yaml").stdout.startswith("OK mine: ")
    again = sim(tmp_path, "new", "mine")
    assert (again.returncode, again.stderr) == (2, "mine.yaml: is there already. Choose another name.\n")
    assert (tmp_path / "mine.yaml").read_text() == text


def test_policies_tells_parameters_defaults_units_and_ranges(tmp_path):
    told = json.loads(sim(tmp_path, "policies", "--json").stdout)
    knn = next(one for one in told["recommender"] if one["kind"] == "item_knn")
    first = knn["parameters"][0]
    assert (first["name"], first["default"], first["allowed"]) == ("neighbours", 50, ">= 1, <= 1000")
    shown = sim(tmp_path, "policies", "recommender").stdout
    assert "item_knn" in shown
    assert "neighbours" in shown
    assert "base_stock" not in shown


def test_schema_is_json_schema(tmp_path):
    assert json.loads(sim(tmp_path, "schema").stdout)["type"] == "object"


def test_version_is_the_packages(tmp_path):
    assert sim(tmp_path, "--version").stdout == "streamstock 0.1.0\n"


def test_help_imports_nothing_heavy():
    heavy = "{'numpy', 'pandas', 'pydantic', 'numba', 'scipy', 'simpy', 'ortools', 'pyarrow', 'rich'}"
    code = f"import sys, cli; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
