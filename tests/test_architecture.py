"""The imports hold the arrows: each package reads only what stands before it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "errors": set(),
    "schema": set(),
    "scenario": {"schema"},
    "world": {"schema", "scenario"},
    "behaviour": {"schema", "scenario", "world"},
    "policy": {"schema", "scenario", "world"},
    "record": {"schema", "scenario", "world", "behaviour", "policy"},
    "processes": {"schema", "scenario", "world", "behaviour", "policy", "record"},
    "metrics": {"schema", "scenario", "world", "behaviour", "policy", "record", "processes"},
    "testing": {"schema", "policy"},
}
MAY_IMPORT["study"] = MAY_IMPORT["metrics"] | {"metrics"}
MAY_IMPORT["offline"] = MAY_IMPORT["study"] | {"study"}
MAY_IMPORT["report"] = MAY_IMPORT["offline"] | {"offline"}
MAY_IMPORT["data"] = MAY_IMPORT["study"] | {"study"}


def imports_of(path: Path) -> set[str]:
    """Return the modules a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "sim"}
    return found


def rooms(modules: set[str]) -> set[str]:
    """Return the packages of ``sim`` among modules."""
    return {name.split(".")[1] for name in modules if name.startswith("sim.")} - {"errors", "__version__"}


def files(folder: str) -> list[Path]:
    """Return a folder's Python files."""
    return sorted((ROOT / folder).rglob("*.py"))


def test_every_package_of_sim_has_its_place_in_the_order():
    folders = {path.name for path in (ROOT / "sim").iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", [room for room in MAY_IMPORT if (ROOT / "sim" / room).is_dir()])
def test_a_package_imports_only_what_stands_before_it(room):
    for path in files(f"sim/{room}"):
        assert rooms(imports_of(path)) <= MAY_IMPORT[room] | {room}, path


def test_only_processes_import_simpy():
    for path in files("sim"):
        if "processes" not in path.parts:
            assert not any(name.split(".")[0] == "simpy" for name in imports_of(path)), path


def test_policies_import_only_the_seams_and_the_schema():
    for path in files("policies"):
        modules = imports_of(path)
        assert rooms(modules) <= {"policy", "schema"}, path
        assert not any(name.split(".")[0] in {"simpy", "cli"} for name in modules), path


def test_sim_never_names_a_policy():
    for path in files("sim"):
        assert not any(name.split(".")[0] == "policies" for name in imports_of(path)), path
