"""Where the tables of a scenario's parts are; a table that has not changed is read once per process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.inputs import FromTable
from sim.scenario.scenario import Scenario

T = TypeVar("T")
NO_CHANGE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Input:
    """A table: its place, its state, and how its columns are named.

    Attributes
    ----------
    changed : int
        When the file was last written, nanoseconds; with ``size`` it tells one state of the file from another.
    where : str
        What errors about it begin with, ``catalogue.from: items.csv``.
    join, on : Input or None, str
        The table that is joined with it, on which column.
    """

    path: Path
    changed: int
    size: int
    where: str
    renamed: tuple[tuple[str, str], ...] = field(default=())
    join: "Input | None" = None
    on: str = ""

    @classmethod
    def at(cls, path: Path, where: str, columns: Mapping[str, str] = NO_CHANGE) -> "Input":
        """Return the table at a place.

        Raises
        ------
        ScenarioError
            Where there is nothing to read.
        """
        try:
            state = path.stat()
        except OSError as error:
            raise ScenarioError(where, f"not a readable table: {error.strerror}") from error
        return cls(path, state.st_mtime_ns, state.st_size, where, tuple(columns.items()))

    @property
    def columns(self) -> Mapping[str, str]:
        """Our names of columns to the table's."""
        return dict(self.renamed)

    @property
    def called(self) -> str:
        """What errors about its rows begin with; those of a join are rows of both."""
        return self.where if self.join is None else f"{self.where} with {self.join.where.partition(': ')[2]}"


def input_of(scenario: Scenario, key: str, part: FromTable) -> Input | None:
    """Return the table that the part at ``key`` is read from; None where the part is generated."""
    if part.from_ is None:
        return None
    table = _input(scenario, key, part.from_)
    renamed = tuple(part.columns.items())
    if part.join is None:
        return replace(table, renamed=renamed)
    return replace(table, renamed=renamed, join=_input(scenario, f"{key}.join", part.join.from_), on=part.join.on)


def _input(scenario: Scenario, key: str, name: str) -> Input:
    where = f"{key}.from: {name}"
    path = scenario._inputs.get(key)
    if path is None:
        raise ScenarioError(where, "the table's place is not known", "Load the scenario from its file.")
    return Input.at(path, where)


def read_only(table: T) -> T:
    """Return a dataclass of arrays after locking them: all worlds of a process share what was read once."""
    for column in fields(table):  # type: ignore[arg-type]  # a dataclass
        values: Any = getattr(table, column.name)
        if isinstance(values, np.ndarray):
            values.flags.writeable = False
    return table
