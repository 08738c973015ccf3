"""A growing table of one kind of row: eight bytes a number, so that a million rows stay small."""

from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sim.record.rows import Column, Kind


class Table:
    """Rows of one kind, kept by column."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._columns = {column.name: array("q") for column in kind.columns}
        self._writers = tuple((column.name, self._writer(column)) for column in kind.columns)

    def __len__(self) -> int:
        return min(len(column) for column in self._columns.values())

    def append(self, values: dict[str, Any]) -> None:
        """Append a row; it must have exactly the kind's columns, whole numbers and known words."""
        if values.keys() != self._columns.keys():
            raise TypeError(f"a row of kind {self._kind.name!r} has {self._misfit(values)}")
        for name, write in self._writers:
            write(values[name])

    def frame(self) -> pd.DataFrame:
        """Return all rows; numbers as int64, words as categoricals."""
        return pd.DataFrame({column.name: self._values(column) for column in self._kind.columns})

    def _writer(self, column: Column) -> Callable[[Any], None]:
        write = self._columns[column.name].append
        if not column.words:
            return write
        code = {word: place for place, word in enumerate(column.words)}
        return lambda word: write(code[word])

    def _values(self, column: Column) -> Any:
        numbers = np.frombuffer(self._columns[column.name], np.int64).copy()  # a frame outlives the growing array
        if not column.words:
            return numbers
        return pd.Categorical.from_codes(numbers.astype(np.int8), categories=list(column.words))  # type: ignore[call-overload]

    def _misfit(self, values: dict[str, Any]) -> str:
        missing = ", ".join(sorted(self._columns.keys() - values.keys()))
        unknown = ", ".join(sorted(values.keys() - self._columns.keys()))
        return "; ".join(f"{what} {names}" for what, names in (("no", missing), ("unknown", unknown)) if names)
