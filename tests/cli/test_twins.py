"""`--twins` from the command line: real worlds, held against chance and against the oracle."""

import json

import pytest

from tests.cli.command import WORLD, finished, sim, world

TASTES = WORLD + "policies: {recommender: {kind: popularity, bootstrap: {for: 1 day}}}\n"
"""With a bootstrap that the twins share."""
EXACTLY = {"random": (1, 0), "oracle": (0, None)}
"""Regret and homogenisation of an arm that is itself a twin, in every replication."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return a folder, and what comparing three recommenders in it said."""
    folder = tmp_path_factory.mktemp("twins")
    world(folder, TASTES)
    asked = ("compare", "tiny.yaml", "--vary", "recommender=popularity,random,oracle", "--twins", "--workers", 1)
    done = sim(folder, *asked, "--kpi", "regret_vs_oracle", "--json", "-q")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_the_arms_that_are_twins_regret_all_and_nothing_in_every_replication(compared):
    _, told = compared
    found = {arm["label"].removeprefix("recommender="): arm["kpis"] for arm in told["arms"]}
    for kind, (regret, alike) in EXACTLY.items():
        one = found[kind]["regret_vs_oracle"]
        assert (one["mean"], one["sd"], one["n"]) == (regret, 0, 3)
        if alike is not None:
            assert (found[kind]["homogenisation"]["mean"], found[kind]["homogenisation"]["sd"]) == (alike, 0)


def test_twins_among_the_arms_are_played_once(compared):
    folder, told = compared
    assert len(list((folder / "runs").iterdir())) == 3
    assert {arm["hash"] for arm in told["arms"][1:]} == set(told["twins"])


def test_another_run_finds_its_twins_there(compared):
    folder, told = compared
    before = finished(folder)
    done = sim(folder, "run", "tiny.yaml", "--twins", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "3 replications kept from before, 0 simulated now." in done.stdout
    assert "regret_vs_oracle" in done.stdout
    assert finished(folder) == before
    assert told["arms"][0]["hash"] in done.stdout


def test_without_twins_nothing_is_said_of_them(compared):
    folder, _ = compared
    done = sim(folder, "run", "tiny.yaml", "--workers", 1)
    assert "regret_vs_oracle" not in done.stdout
    assert "homogenisation" not in done.stdout


def test_every_day_is_shown_where_everything_is(compared):
    folder, _ = compared
    done = sim(folder, "run", "tiny.yaml", "--twins", "--workers", 1, "-v")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["by", "day", "day", "1", "day", "2"] in lines
    assert [len(line) for line in lines if line[:1] == ["homogenisation"]][-1] == 3


def test_an_answer_about_what_twins_tell_needs_them(compared):
    folder, _ = compared
    done = sim(folder, "compare", "tiny.yaml", "--vary", "recommender=popularity,random", "--kpi", "homogenisation")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "--kpi: homogenisation is told by twin worlds only. Add --twins.\n"
