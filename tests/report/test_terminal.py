"""What is printed, on a screen and into a pipe."""

import json

import pytest

from sim.report.answer import answers
from sim.report.notes import faults, notes
from sim.report.plain import compare_json, dump, run_json
from sim.report.terminal import all_groups, show_comparison, show_run
from sim.study.compare import compare
from sim.study.run import run
from tests.study.worlds import made_up, planned


@pytest.fixture
def result(tmp_path):
    return run([planned(tmp_path)], perform=made_up)[0]


@pytest.fixture
def arms(tmp_path):
    kinds = ("popularity", "item_knn")
    plans = [planned(tmp_path, [f"policies.recommender.kind={kind}"], f"recommender={kind}") for kind in kinds]
    return run(plans, perform=made_up)


def test_a_pipe_gets_plain_lines(result, capsys):
    show_run(result)
    lines = capsys.readouterr().out.splitlines()
    assert "\x1b" not in "".join(lines)
    assert all(line == line.rstrip() and "─" not in line for line in lines)
    assert lines[0].startswith("tiny  3 replications  ")


def test_a_row_shows_mean_half_width_n_and_unit(result, capsys):
    show_run(result)
    row = next(line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("  gmv_net"))
    assert len(row) == 5
    assert row[3:] == ["3", "CNY"]


def test_a_missing_kpi_is_shown_as_missing(result, capsys):
    show_run(result)
    row = next(line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("  retention_d7"))
    assert row == ["retention_d7", "–", "–", "0", "%"]


def test_notes_tell_open_orders_faults_and_what_is_assumed(result):
    said = notes(result)
    assert "Still open after the drain: 1 order in all replications together." in said
    assert "The recommender policy failed 2 times (first: ValueError: boom [31m !); its fallback served." in said
    assert "7 rows without coordinates left out" in said
    assert said[-1].startswith("Of the ")
    assert "assumed" in said[-1]


def test_quiet_leaves_the_notes_out(result, capsys):
    show_run(result, noted=False)
    assert "assumed" not in capsys.readouterr().out


def test_a_comparison_shows_each_pair_its_sentence_and_faults(arms, capsys):
    comparisons = compare(arms)
    said = answers("gmv_net", comparisons)
    show_comparison(arms, comparisons, said)
    printed = capsys.readouterr().out
    assert "item_knn against popularity, the base" in printed
    assert said[0] in printed
    assert f"item_knn: {faults(arms[1])[0]}" in printed


def test_everything_is_every_kpi_by_group():
    names = [name for _, group in all_groups() for name in group]
    assert len(names) == len(set(names)) > 60


def test_json_has_null_for_what_is_missing(result):
    told = json.loads(dump(run_json(result)))
    assert set(told) == {"scenario", "hash", "replications", "kpis"}
    assert told["kpis"]["retention_d7"] == {"mean": None, "half_width": None, "n": 0, "sd": None}
    assert set(told["kpis"]["gmv_net"]) == {"mean", "half_width", "n", "sd"}


def test_json_of_a_comparison_adds_the_comparisons(arms):
    told = json.loads(dump(compare_json(arms, compare(arms), ["..."])))
    assert [arm["label"] for arm in told["arms"]] == ["recommender=popularity", "recommender=item_knn"]
    assert set(told["comparisons"][0]) == {
        "kpi", "a", "b", "difference", "half_width", "p_value", "p_holm", "variance_ratio"
    }  # fmt: skip
    assert {"scenario", "hash", "replications", "kpis"} <= set(told)
