"""What the command answers: one line for a mistake, the right exit code, JSON for programs."""

import json
import subprocess
import sys

import pytest

from tests.cli.command import ROOT, WORLD, sim, world

UNTRUSTED = WORLD + "policies:\n  recommender: {kind: 'mine:Mine'}\n"
NO_COLUMN = WORLD.replace("{items: 30}", "{from: items.csv}")
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
        raise RuntimeError("no idea")
'''


@pytest.fixture
def folder(tmp_path):
    world(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["run", "nothing.yaml"], "nothing.yaml: there is no such file."),
        (["run", "tiny.yaml", "--set", "seed=x"], "--set seed: found 'x', allowed a whole number."),
        (["run", "tiny.yaml", "--set", "sead=3"], "Did you mean 'seed'?"),
        (
            ["run", "tiny.yaml", "--set", "policies.inventory.kind=base_stok"],
            "--set policies.inventory.kind: no policy 'base_stok'. Did you mean 'base_stock'?",
        ),
        (
            ["compare", "tiny.yaml", "--vary", "recommender=popularity,itemknn"],
            "--set policies.recommender.kind: no policy 'itemknn'. Did you mean 'item_knn'?",
        ),
        (
            ["compare", "tiny.yaml"],
            "--vary: there is nothing to compare. As in --vary recommender=popularity,item_knn.",
        ),
        (
            ["compare", "tiny.yaml", "--vary", "seed=1,2", "--kpi", "gmvnet"],
            "--kpi: no KPI 'gmvnet'. Did you mean 'gmv_net'?",
        ),
        (
            ["validate", "tiny.yaml", "--set", "horizon=3"],
            "--set horizon: found 3, allowed a duration, which",
        ),
        (["policies", "inventry"], "policies: no seam 'inventry'. Did you mean 'inventory'?"),
        (["new", "Not a name"], "'Not a name'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(folder, words, line):
    done = sim(folder, *words)
    assert done.returncode == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    "words",
    [["rum"], ["run"], ["run", "tiny.yaml", "--workers", "0"], ["run", "tiny.yaml", "--seed", "x"], ["run", "a", "b"]],
)
def test_wrong_usage_is_exit_code_2_without_a_traceback(folder, words):
    done = sim(folder, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_fallback_that_sees_the_truth_is_a_mistake_of_the_scenario(folder):
    done = sim(folder, "run", "tiny.yaml", "--set", "policies.recommender.fallback=oracle")
    assert done.returncode == 2
    assert done.stderr.startswith("--set policies.recommender.fallback: a privileged policy cannot be a fallback")


def test_a_mistake_in_the_file_has_line_and_column(folder):
    world(folder, UNTRUSTED)
    done = sim(folder, "run", "tiny.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("tiny.yaml:9:17: policies.recommender.kind: 'mine:Mine' would import code")
    assert done.stderr.endswith("If you trust it, say --trust mine.\n")


@pytest.mark.parametrize("command", ["validate", "run"])
def test_a_wrong_table_is_told_before_anything_is_written(folder, command):
    world(folder, NO_COLUMN)
    (folder / "items.csv").write_text("sku,cost\na,1\n")
    done = sim(folder, command, "tiny.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("tiny.yaml:6:13: catalogue.from: items.csv: ")
    assert "price" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (folder / "runs").exists()


def test_traceback_tells_the_rest(folder):
    done = sim(folder, "run", "tiny.yaml", "--set", "seed=x", "--traceback")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "ScenarioError" in done.stderr


def test_where_nothing_can_be_written_is_a_failure_in_one_line(folder):
    (folder / "file").write_text("")
    done = sim(folder, "run", "tiny.yaml", "--replications", "1", "--out", "file/runs")
    assert done.returncode == 1
    assert "file/runs" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_prints_json_and_nothing_else_on_stdout(folder):
    done = sim(folder, "run", "tiny.yaml", "--json", "--seed", "3", "--replications", "2")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert set(told) == {"scenario", "hash", "replications", "kpis"}
    assert (told["scenario"], told["replications"]) == ("tiny", 2)
    assert set(told["kpis"]["gmv"]) == {"mean", "half_width", "n", "sd"}
    assert (folder / "runs" / f"tiny-{told['hash']}" / "manifest.json").exists()
    assert done.stderr == ""


def test_run_prints_a_plain_table_into_a_pipe(folder):
    done = sim(folder, "run", "tiny.yaml", "--workers", "1")
    assert done.returncode == 0
    assert "  gmv_net" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "assumed" in done.stdout


def test_compare_pairs_two_arms_and_answers_in_one_sentence(folder):
    done = sim(folder, "compare", "tiny.yaml", "--vary", "recommender=popularity,random", "--json")
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


def test_a_class_named_on_the_command_line_is_trusted_by_that(folder):
    (folder / "mine.py").write_text(MINE)
    done = sim(folder, "run", "tiny.yaml", "--set", "policies.inventory.kind=mine:Mine", "--workers", "2", "--json")
    assert done.returncode == 0, done.stderr


def test_a_policy_that_raises_is_shown_in_the_tables_foot(folder):
    (folder / "mine.py").write_text(MINE)
    done = sim(folder, "run", "tiny.yaml", "--set", "policies.inventory.kind=mine:Bad", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "The inventory policy failed" in done.stdout
    assert "RuntimeError: no idea" in done.stdout


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
