"""A search keeps its bounds, judges its answer where it was not searched for, and goes on where it was stopped."""

import re
from hashlib import blake2b

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.report.tuning import notes, said, tuning_json, unanswered
from sim.scenario.load import load
from sim.study.executor import Job, Staff, execute
from sim.study.prepare import prepare
from sim.study.run import run
from sim.study.tune import search_seed
from sim.study.tune_given import given_values
from tests.study.shelf import LEVEL, POINT, SHELF, fill, keeping, made_up, never, tuning, unheard
from tests.study.tasks import Square

BOTH = (f"{POINT}=0:39", f"{LEVEL}=40:140")
FEW = [f"{LEVEL}=82:87"]


def level_of(scenario):
    return scenario.policies.inventory.with_["order_up_to"]


def found(folder, params=FEW, perform=made_up, workers=1, **more):
    folder.mkdir(exist_ok=True)
    return tuning(folder, params, **more).run(workers, unheard, perform)


def values(tuned):
    return tuple(tuning_json(tuned)["parameters"].values())


def contents(folder):
    """Return each file's digest, manifests left out: they tell wall time."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest() for path in files}


def test_one_worker_and_two_leave_the_same_bytes_and_another_go_simulates_nothing(tmp_path):
    for name, workers in (("one", 1), ("two", 2)):
        tuned = found(tmp_path / name, BOTH, workers=workers, budget=4, sets=["replications=2"])
        tuned.tuning.keep(tuned, tuning_json(tuned))
    one = contents(tmp_path / "one" / "runs")
    assert one == contents(tmp_path / "two" / "runs")
    assert {"best.yaml", "result.json", "trials.parquet"} <= {name.rpartition("/")[2] for name in one}
    again = found(tmp_path / "one", BOTH, perform=never, budget=4, sets=["replications=2"])
    assert tuning_json(again) == tuning_json(tuned)


def test_what_was_simulated_is_kept_where_a_search_is_interrupted(tmp_path):
    played = []

    def counting(*args):
        if len(played) == 20:
            raise KeyboardInterrupt
        played.append(args[1])
        return made_up(*args)

    with pytest.raises(KeyboardInterrupt):
        found(tmp_path, perform=counting)
    assert len(list(tmp_path.glob("runs/*/trials/*/replications/*.parquet"))) == 20
    played = [None] * 21
    tuned = found(tmp_path, perform=counting)
    assert len(played) - 21 == len(list(tmp_path.glob("runs/**/replications/*.parquet"))) - 20
    assert values(tuned) == (87,)


def test_the_interval_is_from_worlds_in_which_nothing_was_searched(tmp_path):
    """One level is cheap by luck, and only where it is searched for."""

    def cost(scenario, replication):
        return 100 + replication - 50 * (level_of(scenario) == 85 and scenario.seed != 7)

    tuned = found(tmp_path, perform=keeping(cost_total=cost))
    assert values(tuned) == (85,)
    assert tuned.best.estimates()["cost_total"].mean == 101.5
    assert search_seed(7) == search_seed(7) != 7


def test_the_figures_are_those_that_the_written_scenario_gives(tmp_path):
    tuned = found(tmp_path)
    tuned.tuning.keep(tuned, tuning_json(tuned))
    loaded = load(tuned.tuning.place / "best.yaml")
    assert loaded.scenario == tuned.best.plan.scenario
    (again,) = run([prepare(loaded, tuned.tuning.out)], perform=never)
    assert again.kpis.equals(tuned.best.kpis)


def test_trials_tell_each_settings_values_worlds_and_means(tmp_path):
    tuned = found(tmp_path, [f"{POINT}=17:20", f"{LEVEL}=82:84:2"])
    trials = pd.read_parquet(tuned.tuning.place / "trials.parquet")
    assert len(trials) == tuned.tried == 8
    assert trials["replications"].max() == 4 * 4
    assert set(trials["stage"]) <= {"screened", "refined", "chosen from"}
    point, level = values(tuned)
    chosen = trials[(trials[POINT] == point) & (trials[LEVEL] == level)].iloc[0]
    luck = [np.random.default_rng([search_seed(7), number]).normal() for number in range(16)]
    assert chosen["fill_rate"] == pytest.approx(fill(point) + 0.001 * np.mean(luck))
    assert trials["ctr"].isna().all()


def test_the_difference_to_the_scenario_as_given_is_paired(tmp_path):
    tuned = found(tmp_path)
    (cost,) = tuning_json(tuned)["comparisons"]
    difference = tuned.best.kpis["cost_total"] - tuned.given.kpis["cost_total"]
    assert cost["difference"] == pytest.approx(difference.mean())
    assert cost["half_width"] < 10  # unpaired luck would make it 450
    assert re.match(r"order_up_to=\d+ has [\d.]+ % ± [\d.]+ % lower cost_total than the scenario as given", said(tuned))


def test_where_no_setting_keeps_the_bounds_the_closest_is_told(tmp_path):
    tuned = found(tmp_path, [f"{POINT}=11:15"], subject=["fill_rate>=0.97", "fill_rate<=1"])
    assert values(tuned) == (15,)
    assert unanswered(tuned) == "no setting tried keeps fill_rate>=0.97 and fill_rate<=1"
    assert said(tuned).startswith("No setting tried keeps fill_rate>=0.97 and fill_rate<=1. The closest: reorder_po")
    assert [one["verdict"] for one in tuning_json(tuned)["constraints"]] == ["broken", "holds"]


def test_a_bound_that_breaks_clearly_in_fresh_worlds_is_no_answer(tmp_path):
    tuned = found(tmp_path, subject=["clicks<=0.5"])
    assert tuned.holds
    assert unanswered(tuned).startswith("in fresh worlds order_up_to=")


def test_settings_that_kept_a_bound_by_luck_give_way_to_others(tmp_path):
    """The cheap half keeps the bound in the first worlds alone."""
    perform = keeping(
        cost_total=lambda scenario, replication: level_of(scenario),
        fill_rate=lambda scenario, replication: level_of(scenario) >= 90 or replication < 4,
    )
    tuned = found(tmp_path, [f"{LEVEL}=84:93"], subject=["fill_rate>=0.97"], perform=perform)
    assert tuned.holds
    assert values(tuned) == (90,)


def test_policies_and_words_are_chosen_too(tmp_path):
    perform = keeping(
        cost_total=lambda scenario, replication: (
            10 * (scenario.policies.inventory.kind != "base_stock") + abs(scenario.policies.inventory.review - 2880)
        )
    )
    params = ["inventory=reorder_up_to,base_stock", "policies.inventory.review=1 day,2 days,3 days"]
    assert values(found(tmp_path, params, perform=perform)) == ("base_stock", "2 days")


def test_what_the_scenario_leaves_to_defaults_is_shown_and_tried_too(tmp_path):
    """A policy's parameter that is not written has its default, a number with its evidence its value."""
    shrinkage, attention = "policies.recommender.with.shrinkage", "behaviour.browsing.attention"
    params = [f"{shrinkage}=0:20:10", f"{attention}=0.7:0.9:0.1"]
    perform = keeping(cost_total=lambda scenario, replication: 1.0)
    asked = tuning(tmp_path, params, text=SHELF + "  recommender: {kind: item_knn}\n", budget=9)
    assert given_values(asked.given, asked.space) == [10.0, 0.8]
    tuned = asked.run(1, unheard, perform)
    assert values(tuned) == (10, 0.8)  # all cost the same: what is given stays


def test_what_the_scenario_refuses_is_told_and_not_tried(tmp_path):
    tuned = found(tmp_path, [f"{POINT}=17:18", f"{LEVEL}=18:19"])
    assert (tuned.tried, tuned.refused) == (3, 1)
    told = next(line for line in notes(tuned) if "refuses 1 setting" in line)
    assert "the order-up-to level 18 must be above the reorder point 18" in told
    trials = pd.read_parquet(tuned.tuning.place / "trials.parquet")
    assert trials["refused"].notna().sum() == 1


REFUSED = [
    ([f"{POINT}=-5:20"], f"--param {POINT}=-5: found -5, allowed >= -1."),
    ([f"{POINT}=10:60"], f"--param {POINT}=60: "),
    ([f"{POINT}=5:20", f"{LEVEL}=30,x"], f"--param {LEVEL}=x: found 'x', allowed a whole number."),
    (["policies.inventory.with.levels=5:20"], "levels=5: ReorderUpTo has no such parameter. "),
    (["horizn=5:20"], "--param horizn=5: there is no such key. Did you mean 'horizon'?"),
    (["inventory=none,nil"], "--param inventory=nil: no policy 'nil'."),
    (["order_up_to=80:90"], "there is no such key. Did you mean 'policies.inventory.with.order_up_to'?"),
]


@pytest.mark.parametrize(("params", "told"), REFUSED, ids=range(len(REFUSED)))
def test_an_end_that_the_scenario_never_takes_is_refused_with_its_value(tmp_path, params, told):
    with pytest.raises(ScenarioError, match=re.escape(told)):
        found(tmp_path, params, perform=never)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(("kpi", "subject"), [("ctr", []), ("cost_total", ["ctr>=0.1"])], ids=["goal", "bound"])
def test_a_kpi_that_is_missing_everywhere_is_refused(tmp_path, kpi, subject):
    option = "--minimise ctr" if not subject else "--subject ctr"
    with pytest.raises(ScenarioError, match=f"{option}: the KPI is missing in everything tried"):
        found(tmp_path, minimise=kpi, subject=subject)


def test_a_setting_without_the_kpi_is_never_chosen(tmp_path):
    def cost(scenario, replication):
        return 200 - level_of(scenario) if level_of(scenario) <= 84 else np.nan

    assert values(found(tmp_path, perform=keeping(cost_total=cost))) == (84,)


def test_a_best_value_at_the_end_of_its_range_is_told(tmp_path):
    told = "order_up_to=87 is the end of its range: beyond it may be better."
    assert told in list(notes(found(tmp_path)))
    assert not any("its range" in line for line in notes(found(tmp_path / "wide", [f"{LEVEL}=90:98"])))


def test_one_replication_has_no_interval_and_says_so(tmp_path):
    tuned = found(tmp_path, subject=["fill_rate>=0.5"], sets=["replications=1"])
    assert tuning_json(tuned)["constraints"][0]["verdict"] == "holds, not clearly"
    assert any(line.startswith("One replication tells no interval") for line in notes(tuned))


def test_progress_reaches_its_end(tmp_path):
    heard = {}
    asked = tuning(tmp_path, FEW)
    asked.run(1, lambda number, share: heard.update({number: share}), made_up)
    assert set(heard.values()) == {1.0}
    assert sorted(heard) == list(range(asked.jobs))


def test_progress_ends_there_too_where_finalists_give_way_to_others(tmp_path):
    """Of eleven settings ten keep the bound in the first worlds alone: all are played in more."""
    heard = {}
    perform = keeping(
        cost_total=lambda scenario, replication: level_of(scenario),
        fill_rate=lambda scenario, replication: level_of(scenario) == 94 or replication < 4,
    )
    asked = tuning(tmp_path, [f"{LEVEL}=84:94"], subject=["fill_rate>=0.97"], budget=11)
    assert values(asked.run(1, lambda number, share: heard.update({number: share}), perform)) == (94,)
    assert len(list(tmp_path.glob("runs/**/replications/*.parquet"))) > asked.jobs
    assert set(heard.values()) == {1.0}
    assert sorted(heard) == list(range(asked.jobs))


def test_what_the_answer_depends_on_names_its_folder(tmp_path):
    names = {
        tuning(tmp_path, params, **more).place
        for params, more in (
            (FEW, {}), ([f"{LEVEL}=82:88"], {}), (FEW, {"budget": 61}), (FEW, {"subject": ["fill_rate>=0.9"]}),
            (FEW, {"sets": ["replications=5"]}), (FEW, {"sets": ["seed=8"]}), (FEW, {"minimise": "fill_rate"}),
        )
    }  # fmt: skip
    assert len(names) == 7


def test_workers_stay_from_one_batch_to_the_next():
    with Staff() as staff:
        first, second = (
            {pid for _, (_, pid) in execute([Job("a", Square(1)), Job("b", Square(2))], 2, unheard, staff)}
            for _ in range(2)
        )
    assert second <= first


def test_optuna_finds_it_too(tmp_path):
    """Of 4,000 settings 24 are drawn; a tenth of all cost less than 1,400."""
    pytest.importorskip("optuna", reason="optuna is not installed")
    one = found(tmp_path / "one", BOTH, subject=["fill_rate>=0.96"], sampler="optuna", budget=24)
    assert (one.tried, one.holds) == (24, True)
    assert one.best.estimates()["cost_total"].mean < one.given.estimates()["cost_total"].mean
    two = found(tmp_path / "two", BOTH, subject=["fill_rate>=0.96"], sampler="optuna", budget=24, workers=2)
    assert tuning_json(one) == tuning_json(two)
