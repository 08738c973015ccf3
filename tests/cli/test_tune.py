"""`sim tune`: the best values of parameters, with intervals; or one line on what is wrong."""

import json

import pandas as pd
import pytest

from tests.cli.command import sim, world

SHELF = """\
name: tiny
horizon: 6 days
warm_up: 1 day
replications: 4
population: {consumers: 0}
creators: {count: 0}
merchants: {count: 1}
catalogue: {items: 1}
network: {warehouses: []}
demand: [{per_day: 5}]
stock: {opening: units, amount: 20}
policies:
  inventory: {kind: base_stock, with: {level: 60}}
"""
LEVEL = "policies.inventory.with.level"
TUNE = ["tune", "tiny.yaml", "--workers", 1]
ASKED = [*TUNE, "--param", f"{LEVEL}=20:60:10", "--minimise", "cost_holding", "--budget", 5]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("tune")
    world(place, SHELF)
    return place


def test_the_best_setting_is_printed_beside_its_rivals_and_the_scenario_as_given(folder):
    done = sim(folder, *ASKED, "--subject", "fill_rate>=0.5")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("tiny  5 settings tried  4 replications  runs/tiny-tune-")
    assert lines[1].split()[:3] == ["setting", "level", "cost_holding"]
    assert [line.split("  ")[0] for line in lines[2:6]] == ["best", "second", "third", "as given"]
    assert " lower cost_holding than the scenario as given" in lines[6]
    assert "holds" in lines[6]
    assert lines[7].startswith("Settings were compared in up to 4 worlds of another seed, the best 5 in 16.")
    assert lines[-1].startswith("Next: sim run runs/tiny-tune-")


def test_the_scenario_that_is_written_runs_and_tells_the_same(folder):
    told = json.loads(sim(folder, *ASKED, "--subject", "fill_rate>=0.5", "--json").stdout)
    (place,) = folder.glob(f"runs/tiny-tune-{told['hash']}")
    assert json.loads((place / "result.json").read_text()) == told
    again = sim(folder, "run", place / "best.yaml", "--json", "--workers", 1)
    assert again.returncode == 0
    assert json.loads(again.stdout)["kpis"] == told["kpis"]
    trials = pd.read_parquet(place / "trials.parquet")
    assert sorted(trials[LEVEL]) == [20, 30, 40, 50, 60]
    assert told["parameters"][LEVEL] in set(trials[LEVEL])
    assert told["constraints"][0]["verdict"] in ("holds", "holds, not clearly")


def test_where_nothing_keeps_the_bound_the_closest_is_shown_and_the_exit_code_is_1(folder):
    done = sim(folder, *ASKED, "--subject", "cost_holding<=0.001", "-q")
    assert done.returncode == 1
    assert "No setting tried keeps cost_holding<=0.001. The closest: level=" in done.stdout
    assert ", where cost_holding<=0.001 is broken" in done.stdout
    assert "Next:" not in done.stdout
    assert done.stderr == "--subject: no setting tried keeps cost_holding<=0.001.\n"


def test_a_kpi_that_the_world_does_not_have_is_refused(folder):
    done = sim(folder, *TUNE, "--param", f"{LEVEL}=20:60:10", "--minimise", "ctr")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "--minimise ctr: the KPI is missing in everything tried. Does this world have it?\n"


COST = ["--minimise", "cost_total"]
GOOD = ["--param", f"{LEVEL}=20:60"]
BAD = [
    (COST, "--param: there is nothing to tune. As in --param policies.inventory.with.order_up_to=10:200."),
    ([*COST, "--param", LEVEL], f"--param {LEVEL}: is not of the form key=low:high or key=a,b,c. As in --param "),
    ([*COST, "--param", f"{LEVEL}=20"], f"--param {LEVEL}=20: allowed low:high, low:high:step, low:high:log, or "),
    ([*COST, "--param", f"{LEVEL}=60:20"], "the low end, 60, is not below the high end, 20."),
    ([*COST, "--param", f"{LEVEL}=20:x"], f"--param {LEVEL}=20:x: found 'x', allowed a number."),
    ([*COST, "--param", f"{LEVEL}=20:inf"], "found 'inf', allowed a number."),
    ([*COST, "--param", f"{LEVEL}=20:60:0"], "found a step of 0, allowed above 0 and up to 40."),
    ([*COST, "--param", f"{LEVEL}=0:60:1e-9"], "a step of 1e-09 makes more than 1,000,000 values."),
    ([*COST, "--param", f"{LEVEL}=0:60:log"], "a logarithmic range begins above 0, found 0."),
    ([*COST, "--param", f"{LEVEL}=20,30,"], "has a comma with no value beside it."),
    ([*COST, "--param", f"{LEVEL}=20,20"], "has the same value twice."),
    ([*COST, "--param", "seed=1:9"], "--param seed=1:9: seed is nothing to be tuned: no world is better or worse for "),
    (
        [*COST, "--param", "horizon=3 days,9 days"],
        "horizon is nothing to be tuned: no world is better ",
    ),
    ([*COST, *GOOD, *GOOD], f"--param {LEVEL}: is given twice."),
    ([*COST, "--param", "policies.inventry.with.level=20:60"], "there is no such key. Did you mean 'inventory'?"),
    ([*COST, "--param", f"{LEVEL}=-5:60"], f"--param {LEVEL}=-5: found -5, allowed >= 0."),
    ([*COST, "--param", f"{LEVEL}=20:60.5"], "found 20.0, allowed a whole number."),
    (GOOD, "--minimise, --maximise: neither is given, allowed one. As in --minimise cost_total."),
    ([*COST, *GOOD, "--maximise", "gmv"], "--minimise, --maximise: both are given, allowed one. As in --minimise "),
    ([*GOOD, "--minimise", "cost_totl"], "--minimise: no KPI 'cost_totl'. Did you mean 'cost_total'?"),
    ([*GOOD, "--maximise", "fillrate"], "--maximise: no KPI 'fillrate'. Did you mean 'fill_rate'?"),
    ([*COST, *GOOD, "--subject", "fill_rate>0.9"], "--subject fill_rate>0.9: is not of the form KPI>=number or KPI<="),
    ([*COST, *GOOD, "--subject", "fillrate>=0.9"], "--subject fillrate>=0.9: no KPI 'fillrate'. Did you mean "),
    ([*COST, *GOOD, "--subject", "fill_rate>=high"], "found 'high', allowed a number."),
    (
        [*COST, *GOOD, "--subject", "fill_rate>=97%"],
        "found '97%', allowed a number. As in --subject ",
    ),
    ([*COST, *GOOD, "--subject", "fill_rate>=97"], "fill_rate is a share, found 97, allowed 0 to 1. As in "),
    ([*COST, *GOOD, "--budget", "0"], "--budget: found '0', allowed a whole number, 1 or more."),
    ([*COST, *GOOD, "--budget", "1000000"], "--budget: found 1000000, allowed 999,999 at most."),
    ([*COST, *GOOD, "--sampler", "optun"], "--sampler: no sampler 'optun'. Did you mean 'optuna'?"),
    ([*COST, *GOOD, "--out", "tiny.yaml"], "--out: 'tiny.yaml' is no folder."),
    ([*COST, *GOOD, "--seed", "-1"], "--seed: found -1, allowed >= 0."),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=range(len(BAD)))
def test_what_is_asked_wrongly_is_told_in_one_line(tmp_path, words, said):
    world(tmp_path, SHELF)
    done = sim(tmp_path, *TUNE, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"]
