"""The kinds as data, and processes that write them as they say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.record.rows import KINDS

PROCESSES = Path(__file__).parents[2] / "sim" / "processes"


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """Yield file, kind, the columns that are named, and whether others are handed on, of each ``record.row``."""
    for path in sorted(PROCESSES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record.row")):
                continue
            if not isinstance(node.args[0], ast.Constant):
                continue  # a kind in a variable: seen when it is written
            named = {keyword.arg for keyword in node.keywords if keyword.arg}
            handed_on = any(keyword.arg is None for keyword in node.keywords)
            yield path.name, str(node.args[0].value), named, handed_on


@pytest.mark.parametrize(("file", "kind", "named", "handed_on"), list(calls()))
def test_processes_write_the_columns_of_the_kind(file, kind, named, handed_on):
    columns = {column.name for column in KINDS[kind].columns}
    assert named <= columns
    assert handed_on or named == columns


def test_every_kind_is_named_by_some_process():
    named = set()
    for path in PROCESSES.glob("*.py"):
        named |= {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
    assert set(KINDS) <= named


def test_every_kind_begins_with_its_time_and_has_no_column_twice():
    for kind in KINDS.values():
        names = [column.name for column in kind.columns]
        assert names[0] == "time"
        assert len(set(names)) == len(names)


def test_words_belong_to_columns_of_words_alone():
    for kind in KINDS.values():
        for column in kind.columns:
            assert (column.unit == "word") == bool(column.words)
