"""A study simulates what is missing, keeps what is finished, and gathers the same whatever the workers."""

from hashlib import blake2b

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.study.run import missing, run, workers_for
from tests.study.worlds import interrupted_at_2, made_up, never, planned, slow


def contents(folder):
    """Return each file's digest, the manifest's left out: it tells wall time."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest() for path in files}


def test_a_run_gathers_every_replication(tmp_path):
    plan = planned(tmp_path)
    (result,) = run([plan], perform=made_up)
    assert (result.replications, result.simulated) == (3, 3)
    assert list(result.kpis.columns) == ["gmv_net", "ctr", "retention_d7", "open_orders"]
    assert result.estimates()["retention_d7"].n == 0
    assert result.estimates()["open_orders"].mean == pytest.approx(1 / 3)


def test_one_worker_and_two_leave_the_same_bytes(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = planned(tmp_path / "one"), planned(tmp_path / "two")
    run([one], 1, perform=slow)
    run([two], 2, perform=slow)
    assert contents(one.folder.path) == contents(two.folder.path)


def test_what_is_there_is_not_simulated_again(tmp_path):
    (first,) = run([planned(tmp_path)], perform=made_up)
    (again,) = run([planned(tmp_path)], perform=never)
    assert again.simulated == 0
    assert first.kpis.equals(again.kpis)


def test_more_replications_add_to_those_there_are(tmp_path):
    run([planned(tmp_path)], perform=made_up)
    assert [number for _, number in missing([planned(tmp_path, ["replications=5"])])] == [3, 4]


def test_fewer_replications_use_only_those_asked_for(tmp_path):
    run([planned(tmp_path)], perform=made_up)
    (result,) = run([planned(tmp_path, ["replications=2"])], perform=never)
    assert list(result.kpis.index) == [0, 1]


def test_a_damaged_replication_is_simulated_again(tmp_path):
    plan = planned(tmp_path)
    run([plan], perform=made_up)
    damaged = plan.folder.path / "replications" / "0001.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert [number for _, number in missing([plan])] == [1]


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_goes_on(tmp_path):
    plan = planned(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run([plan], perform=interrupted_at_2)
    assert plan.folder.done() == {0, 1}
    assert set(plan.folder.manifest()["replications"]) == {"0", "1"}
    (result,) = run([plan], perform=made_up)
    assert (result.replications, result.simulated) == (3, 1)
    assert set(plan.folder.manifest()["replications"]) == {"0", "1", "2"}


def wrong_table(scenario, replication, trusted, folder, progress):
    raise ScenarioError("catalogue.from: items.csv", "no column 'price'")


def test_a_mistake_found_late_is_located_and_leaves_nothing_half_written(tmp_path):
    plan = planned(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        run([plan], perform=wrong_table)
    assert str(caught.value).endswith("tiny.yaml:7:1: catalogue.from: items.csv: no column 'price'.")
    assert not plan.folder.path.exists()


def test_arms_take_turns_so_that_an_interrupted_comparison_keeps_pairs(tmp_path):
    arms = [planned(tmp_path, [f"policies.recommender.kind={kind}"], kind) for kind in ("popularity", "item_knn")]
    assert [(plan.label, number) for plan, number in missing(arms)] == [
        (kind, number) for number in range(3) for kind in ("popularity", "item_knn")
    ]


def test_arms_that_are_the_same_world_share_their_replications(tmp_path):
    arms = [planned(tmp_path, label="a"), planned(tmp_path, ["question=Why?"], label="b")]
    assert len(missing(arms)) == 3
    a, b = run(arms, perform=made_up)
    assert a.kpis.equals(b.kpis)


def test_progress_is_told_for_each_replication_to_the_end(tmp_path):
    heard = []
    run([planned(tmp_path)], watch=lambda number, share: heard.append((number, share)), perform=made_up)
    assert heard == [(number, share) for number in range(3) for share in (0.5, 1.0)]


def test_the_manifest_tells_machine_versions_and_what_was_noted(tmp_path):
    plan = planned(tmp_path)
    run([plan], perform=made_up)
    told = plan.folder.manifest()
    assert {"versions", "policies", "processor", "wall_seconds", "peak_memory", "seed", "inputs"} <= set(told)
    assert told["replications"]["0"]["faults"] == {"recommender": "ValueError: boom\x1b[31m\n!"}
    assert told["peak_memory"] > 1e6


def test_no_more_workers_than_there_is_to_do(tmp_path):
    assert workers_for([planned(tmp_path)], asked=64) == 3
    run([planned(tmp_path)], perform=made_up)
    assert workers_for([planned(tmp_path)], asked=64) == 1


def test_replications_differ(tmp_path):
    (result,) = run([planned(tmp_path)], perform=made_up)
    assert len(np.unique(result.kpis["gmv_net"])) == 3
