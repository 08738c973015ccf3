"""What is printed, on a screen and into a pipe."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich import box
from rich.console import Console

from sim.metrics import headline
from sim.report.answer import answers
from sim.report.notes import faults, notes
from sim.report.plain import compare_json, dump, run_json
from sim.report.terminal import LEGEND, all_groups, comparison_table, show_comparison, show_run
from sim.study.compare import compare
from sim.study.run import run
from sim.study.statistics import paired
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


def rows(printed):
    """Return the cells of a plain table's rows by their first."""
    return {line.split()[0]: line.split() for line in printed.splitlines() if line.startswith("  ")}


def test_changes_of_shares_are_percentage_points(arms, capsys):
    show_comparison(arms, compare(arms), ["..."])
    found = rows(capsys.readouterr().out)
    assert found["ctr"][4:6] == ["%", "points"]
    assert found["gmv_net"][4] == "CNY"


def test_the_number_of_pairs_is_told_where_it_differs(arms, capsys):
    arms[1].kpis.loc[0, "ctr"] = float("nan")
    show_comparison(arms, compare(arms), ["..."])
    found = rows(capsys.readouterr().out)
    assert (found["ctr"][4], found["gmv_net"][4]) == ("2", "3")


def test_a_comparison_tells_how_to_read_it_unless_asked_to_be_quiet(arms, capsys):
    show_comparison(arms, compare(arms), ["..."])
    assert LEGEND in capsys.readouterr().out
    show_comparison(arms, compare(arms), ["..."], noted=False)
    assert LEGEND not in capsys.readouterr().out


@pytest.mark.parametrize("everything", [False, True])
def test_no_digit_is_lost_on_eighty_columns(arms, everything):
    """Numbers of the size of real ones, in the widest units."""
    pair = [
        replace(one, paired=paired([1_085_533.1, 1_095_533.2, 1_071_003.9], [2_190_100.5, 2_170_100.1, 2_211_700.8]))
        for one in compare(arms)
    ]
    groups = all_groups() if everything else headline
    screen = Console(file=StringIO(), force_terminal=True, width=80, color_system=None)
    screen.print(comparison_table(pair, groups, "CNY", box.SIMPLE_HEAD))
    assert "…" not in screen.file.getvalue()


def test_every_kpi_is_explained_where_all_are_shown(result, capsys):
    show_run(result, everything=True)
    assert "gmv less what was called off" in capsys.readouterr().out
    show_run(result)
    assert "gmv less what was called off" not in capsys.readouterr().out


def test_one_replication_says_that_it_has_no_interval(tmp_path):
    alone = run([planned(tmp_path, ["replications=1"])], perform=made_up)[0]
    assert "One replication tells no interval: ask for more with --replications." in notes(alone)


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
