"""Twin worlds: played by the same workers, once each, and held against the runs they belong to."""

import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.report.answer import check_kpi
from sim.report.notes import notes
from sim.report.plain import run_json
from sim.study.compare import compare
from sim.study.run import missing, run
from sim.study.twins import twin, with_twins
from tests.study.worlds import never, planned

NET = {"random": 100.0, "oracle": 300.0, "popularity": 200.0, "item_knn": 250.0}
ALIKE = {"random": 0.1, "oracle": 0.2, "popularity": 0.5, "item_knn": 0.3}


def told_by_kind(scenario, replication, trusted, folder, progress):
    """Keep KPIs that depend on the recommender and the replication."""
    kind = scenario.policies.recommender.kind
    rows = [("gmv_net", NET[kind] + replication), ("similarity_nearest", ALIKE[kind])]
    frame = pd.DataFrame([(name, "", "", value) for name, value in rows], columns=["name", "dimension", "key", "value"])
    frame.loc[len(frame)] = ["similarity_nearest", "day", "1", ALIKE[kind] / 2]
    folder.write_series(replication, pd.DataFrame({"day": [0], "hour": [-1], "name": ["orders"], "value": [1.0]}))
    folder.write_kpis(replication, frame)
    return [], {}


def arm(folder, kind, *sets):
    return planned(folder, [f"policies.recommender.kind={kind}", *sets], f"recommender={kind}")


def judged(plans, perform=told_by_kind, workers=1):
    together = with_twins(plans)
    return together.judge(run(together.plans, workers, perform=perform))


def test_a_run_is_held_against_its_twins_replication_by_replication(tmp_path):
    (result,) = judged([arm(tmp_path, "popularity")])
    assert result.kpis["regret_vs_oracle"].tolist() == pytest.approx([0.5] * 3)
    assert result.kpis["homogenisation"].tolist() == pytest.approx([0.4] * 3)
    by_day = result.rows[(result.rows["name"] == "homogenisation") & (result.rows["dimension"] == "day")]
    assert by_day["value"].tolist() == pytest.approx([0.2] * 3)
    assert result.estimates()["regret_vs_oracle"].n == 3


def test_arms_that_differ_in_the_recommender_share_their_twins_and_may_be_twins_themselves(tmp_path):
    kinds = ("popularity", "random", "item_knn")
    arms = [arm(tmp_path, kind) for kind in kinds]
    together = with_twins(arms)
    assert [plan.scenario.policies.recommender.kind for plan in together.plans] == [*kinds, "oracle"]
    assert len(missing(together.plans)) == 4 * 3
    regrets = [result.kpis["regret_vs_oracle"].tolist() for result in judged(arms)]
    assert regrets == [pytest.approx([one] * 3) for one in (0.5, 1, 0.25)]


def test_arms_that_differ_in_something_else_have_twins_of_their_own(tmp_path):
    arms = [arm(tmp_path, "popularity", f"stock.amount={amount}") for amount in (3, 4)]
    assert len(with_twins(arms).plans) == 2 + 4


def test_the_run_itself_is_named_and_kept_as_without_twins(tmp_path):
    plan = arm(tmp_path, "popularity")
    together = with_twins([plan])
    assert together.plans[0] is plan
    run([plan], perform=told_by_kind)
    assert {number for one, number in missing(together.plans) if one is plan} == set()
    kept = (plan.folder.path / "replications" / "0000.parquet").read_bytes()
    judged([plan])
    assert (plan.folder.path / "replications" / "0000.parquet").read_bytes() == kept


def test_what_twins_told_is_kept_beside_the_replications(tmp_path):
    (result,) = judged([arm(tmp_path, "popularity")])
    kept = pd.read_parquet(result.plan.folder.path / "twins.parquet")
    assert list(kept.columns) == ["replication", "name", "dimension", "key", "value"]
    overall = kept[(kept["name"] == "regret_vs_oracle") & (kept["dimension"] == "")]
    assert overall["value"].tolist() == pytest.approx([0.5] * 3)


def test_twins_that_are_there_are_not_played_again(tmp_path):
    (first,) = judged([arm(tmp_path, "popularity")])
    (again,) = judged([arm(tmp_path, "popularity")], perform=never)
    assert first.kpis.equals(again.kpis)


def test_any_number_of_workers_gives_the_same(tmp_path):
    results = []
    for workers in (1, 2):
        (tmp_path / str(workers)).mkdir()
        results += judged([arm(tmp_path / str(workers), "popularity")], workers=workers)
    assert results[0].kpis.equals(results[1].kpis)
    kept = [(result.plan.folder.path / "twins.parquet").read_bytes() for result in results]
    assert kept[0] == kept[1]


def test_a_twin_keeps_all_but_the_recommender(tmp_path):
    recommender = "{kind: item_knn, with: {neighbours: 9}, refit: 6 h, isolate: process, bootstrap: {for: 1 day}}"
    plan = planned(tmp_path, [f"policies.recommender={recommender}"])
    other = twin(plan, "oracle")
    block = other.scenario.policies.recommender
    assert (block.kind, block.with_, block.isolate) == ("oracle", {}, None)
    assert (block.refit, block.bootstrap) == (360, plan.scenario.policies.recommender.bootstrap)
    rest = {"policies": None, "record": "off"}
    assert other.scenario.model_copy(update=rest) == plan.scenario.model_copy(update=rest)


def test_the_twins_of_a_run_are_told(tmp_path):
    (result,) = judged([arm(tmp_path, "popularity")])
    told = [line for line in notes(result) if line.startswith("Held against the twin ")]
    assert [line.split()[4] for line in told] == ["random", "oracle"]
    assert run_json(result)["twins"] == [one.hash for one in result.twins]
    (alone,) = run([arm(tmp_path, "popularity")], perform=never)
    assert "twins" not in run_json(alone)


def test_arms_are_compared_on_what_twins_tell(tmp_path):
    results = judged([arm(tmp_path, kind) for kind in ("popularity", "item_knn")])
    differences = {one.kpi: one.paired.difference.mean for one in compare(results)}
    assert differences["regret_vs_oracle"] == pytest.approx(-0.25)
    assert differences["homogenisation"] == pytest.approx(-0.2)


def test_a_kpi_that_needs_twins_is_refused_without_them():
    check_kpi("regret_vs_oracle", twins=True)
    with pytest.raises(ScenarioError, match=r"twin worlds only\. Add --twins\."):
        check_kpi("regret_vs_oracle")
