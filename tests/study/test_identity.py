"""The hash changes with everything that determines a result, and with nothing else."""

import pytest

from sim.errors import ScenarioError
from sim.study import identity
from sim.study.prepare import named_modules
from tests.study.worlds import TINY, planned, scenario_file

TABLE = "sku,price\na,10\nb,20\n"


@pytest.mark.parametrize("same", ["question=Why?", "replications=9", "record=full"])
def test_what_does_not_change_a_replication_does_not_change_the_hash(tmp_path, same):
    assert planned(tmp_path, [same]).hash == planned(tmp_path).hash


@pytest.mark.parametrize(
    "other",
    [
        "name=other", "seed=8", "horizon=4 days", "population.consumers=121", "behaviour.click.base=-2.4",
        "policies.recommender.kind=item_knn", "policies.recommender.fallback=random",
        "policies.recommender.refit=12 h", "policies.inventory.with={level: 4}",
    ],
)  # fmt: skip
def test_what_changes_a_replication_changes_the_hash(tmp_path, other):
    extra = ["policies.inventory.kind=base_stock"] if "inventory" in other else []
    assert planned(tmp_path, [*extra, other]).hash != planned(tmp_path, extra and [*extra, "seed=7"]).hash


def test_defaults_written_out_are_the_same_scenario(tmp_path):
    assert planned(tmp_path, ["seed=7", "behaviour.click.taste={value: 0.8}"]).hash != ""
    assert planned(tmp_path, ["seed=7"]).hash == planned(tmp_path).hash


def test_a_tables_content_counts_not_its_place_or_time(tmp_path):
    def hashed(folder, table):
        folder.mkdir()
        scenario_file(folder, TINY.replace("{items: 30}", "{from: items.csv}"))
        (folder / "items.csv").write_text(table)
        return planned(folder).hash

    first, copy, other = (
        hashed(tmp_path / name, table) for name, table in (("a", TABLE), ("b", TABLE), ("c", TABLE + "c,30\n"))
    )
    assert first == copy != other


def test_versions_and_sources_count(tmp_path, monkeypatch):
    before = planned(tmp_path).hash
    monkeypatch.setattr(identity, "versions", lambda: {"numpy": "another"})
    changed = planned(tmp_path).hash
    monkeypatch.setattr(identity, "source_digest", lambda: "another")
    assert len({before, changed, planned(tmp_path).hash}) == 3


def test_a_users_policy_counts_with_its_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = '''
from dataclasses import dataclass
import numpy as np

@dataclass(frozen=True)
class Mine:
    """Order some."""
    def review(self, view):
        return np.zeros(len(view), np.int64)
'''
    (tmp_path / "own_stock.py").write_text(code)
    sets = ["policies.inventory.kind=own_stock:Mine"]
    before = planned(tmp_path, sets, trusted=["own_stock"]).hash
    (tmp_path / "own_stock.py").write_text(code + "# changed\n")
    assert planned(tmp_path, sets, trusted=["own_stock"]).hash != before


def test_a_policy_that_nobody_trusts_is_refused_where_it_stands(tmp_path):
    scenario_file(tmp_path, TINY + "policies:\n  inventory:\n    kind: own_stock:Mine\n")
    with pytest.raises(ScenarioError) as caught:
        planned(tmp_path)
    assert "tiny.yaml:11:5: policies.inventory.kind: 'own_stock:Mine' would import code" in str(caught.value)


@pytest.mark.parametrize(
    ("texts", "modules"),
    [
        (["policies.inventory.kind=my.stock:Mine"], ["my.stock"]),
        (["policies.inventory={kind: stock:Mine}"], ["stock"]),
        (["seed=7", "start=2026-11-01T00:00"], []),
        (["policies.recommender.kind=item_knn"], []),
    ],
)
def test_a_class_named_on_the_command_line_is_trusted_by_that(texts, modules):
    assert named_modules(texts) == modules
