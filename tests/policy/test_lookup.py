"""Policies are found by name, and only trusted code is imported."""

import importlib
import subprocess
import sys
from dataclasses import dataclass

import pytest

from sim.errors import ScenarioError
from sim.policy.lookup import SEAMS, build, class_name, find, identity, kinds, listing

MINE = '''
from dataclasses import dataclass
import numpy as np

@dataclass(frozen=True)
class Mine:
    """Order one."""
    units: int = 1

    def review(self, view):
        return np.full(len(view), self.units)

class Loose:
    def review(self, view):
        return None
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "my_stock.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("my_stock", None)
    importlib.invalidate_caches()


def refusal(call, *arguments):
    with pytest.raises(ScenarioError) as caught:
        call(*arguments)
    return str(caught.value)


def test_a_kind_names_the_class_in_the_file_of_that_name():
    found = find("recommender", "item_knn")
    assert (found.__module__, found.__name__) == ("policies.recommenders.item_knn", "ItemKnn")


def test_a_kind_that_is_a_python_keyword_names_a_policy_class():
    assert find("inventory", "none").__name__ == class_name("none") == "NonePolicy"


def test_a_misspelt_kind_is_refused_with_the_nearest_name():
    said = refusal(find, "inventory", "base_stok")
    assert said == "policies.inventory.kind: no policy 'base_stok'. Did you mean 'base_stock'?"


def test_an_unknown_seam_is_refused_with_the_nearest_name():
    assert "Did you mean 'inventory'?" in refusal(find, "inventroy", "none")


@pytest.mark.parametrize("kind", ["_lots", "__init__", "../inventory/none", "none.py", ""])
def test_helpers_and_paths_are_no_kinds(kind):
    assert "no policy" in refusal(find, "inventory", kind)


def test_foreign_code_is_not_imported_without_trust(folder):
    assert "--trust my_stock" in refusal(find, "inventory", "my_stock:Mine")
    assert "my_stock" not in sys.modules


def test_trusted_code_is_found_in_the_current_folder_which_then_leaves_the_path(folder):
    before = list(sys.path)
    policy = build("inventory", "my_stock:Mine", {"units": 3}, ["my_stock"])
    assert policy.units == 3
    assert sys.path == before


def test_trust_in_a_package_covers_its_modules_but_not_its_namesakes(folder):
    assert "cannot be imported" in refusal(find, "inventory", "my.model:A", ["my"])
    assert "not trusted" in refusal(find, "inventory", "my_stock:Mine", ["my"])


def test_what_is_no_dataclass_with_the_seams_method_is_refused(folder):
    for seam, name in (("inventory", "Loose"), ("pricing", "Mine")):
        assert "is not a dataclass with a method" in refusal(find, seam, f"my_stock:{name}", ["my_stock"])
    assert "module 'my_stock' has no class 'Mind'. Did you mean 'Mine'?" in refusal(
        find, "inventory", "my_stock:Mind", ["my_stock"]
    )


@pytest.mark.parametrize(("code", "error"), [("1 / 0", "ZeroDivisionError"), ("raise SystemExit(3)", "SystemExit")])
def test_a_module_that_raises_is_told_in_one_line(folder, code, error):
    (folder / "broken_stock.py").write_text(code)
    said = refusal(find, "inventory", "broken_stock:A", ["broken_stock"])
    assert f"cannot be imported ({error}: " in said
    assert "\n" not in said


def test_a_fallback_is_one_that_ships_and_is_refused_under_its_own_key():
    with pytest.raises(ScenarioError, match=r"^policies.inventory.fallback: no policy 'my_stock:Mine'. Known: "):
        build("inventory", "my_stock:Mine", trusted=["my_stock"], key="fallback")


def test_the_listing_tells_every_shipped_policy_in_a_sentence_and_every_parameter_with_its_meaning():
    for seam, policies in listing().items():
        assert [p.kind for p in policies] == kinds(seam)
        for policy in policies:
            assert policy.summary.endswith(".")
            assert all(p.description and p.type for p in policy.parameters), policy.kind


def test_the_listing_gives_type_unit_default_and_range():
    knn = {p.kind: p for p in listing()["recommender"]}["item_knn"]
    row = {p.name: p for p in knn.parameters}["half_life_days"]
    assert (row.type, row.default, row.allowed, row.required) == ("float, days", 7.0, "> 0", False)


def test_looking_up_a_name_imports_no_solver_and_no_data_frames():
    code = (
        "import sys; from sim.policy.lookup import listing; listing();"
        "print([m for m in ('ortools', 'pandas', 'sklearn', 'scipy.sparse') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_identity_follows_parameters_and_code(folder):
    one = identity(build("inventory", "my_stock:Mine", {"units": 1}, ["my_stock"]))
    two = identity(build("inventory", "my_stock:Mine", {"units": 2}, ["my_stock"]))
    assert one["class"] == two["class"] == "my_stock:Mine"
    assert (one["parameters"], two["parameters"]) == ({"units": 1}, {"units": 2})
    assert one["code"] == two["code"]
    (folder / "my_stock.py").write_text(MINE + "# changed")
    assert identity(build("inventory", "my_stock:Mine", {}, ["my_stock"]))["code"] != one["code"]


def test_identity_covers_the_neighbours_a_policy_imports(tmp_path, monkeypatch):
    (tmp_path / "pack_a").mkdir()
    (tmp_path / "pack_a" / "__init__.py").write_text("")
    (tmp_path / "pack_a" / "helper.py").write_text("X = 1")
    (tmp_path / "pack_a" / "model.py").write_text("from . import helper\n" + MINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = identity(build("inventory", "pack_a.model:Mine", {}, ["pack_a"]))["code"]
    (tmp_path / "pack_a" / "helper.py").write_text("X = 2")
    assert identity(build("inventory", "pack_a.model:Mine", {}, ["pack_a"]))["code"] != before


def test_every_seam_ships_a_policy():
    assert all(kinds(seam) for seam in SEAMS)


@dataclass(frozen=True)
class Local:
    """For the identity of a class without a file of its own kind."""


def test_identity_of_a_class_anywhere_names_its_module():
    assert identity(Local())["class"].endswith("test_lookup:Local")
