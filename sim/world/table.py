"""Columns of a table, found by a column map; whatever is wrong with one is a line that says where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.world.guess import guess
from sim.world.inputs import Input
from sim.world.joined import columns_of, read_columns
from sim.world.table_file import MOST_ROWS

Float = NDArray[np.float64]
Int = NDArray[np.int32]

LONGEST_NAME = 200
LONGEST_TEXT = 10_000
_OTHER_SEPARATOR = "A .csv file has commas between its columns."
_MISSING = pa.array(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"])
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Names:
    """A column of names: row i holds ``known[code[i]]``, -1 = missing; ``known`` in order of appearance."""

    known: tuple[str, ...]
    code: Int


@dataclass(frozen=True, slots=True)
class Table:
    """An open table; its columns are asked for by our names.

    Attributes
    ----------
    where : str
        What errors begin with, ``catalogue.from: items.csv``.
    its : mapping of str to str
        Our name to the table's, for the columns that are there; a product is written ``"length*height*width"``.
    """

    where: str
    its: Mapping[str, str]
    data: pa.Table

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def names(self, name: str) -> Names | None:
        """Return a column of names (text or whole numbers); None where the table has none."""
        if name not in self.its:
            return None
        column = self._column(self.its[name])
        if not (_is_text(column.type) or pa.types.is_integer(column.type) or pa.types.is_null(column.type)):
            raise self.wrong(name, f"found {column.type}, allowed text")
        return self._coded(name, column, LONGEST_NAME)

    def every_name(self, name: str) -> Names:
        """Return a column of names that is there, and in which no row lacks one."""
        names = self.names(name)
        assert names is not None  # the table was opened for it
        if (names.code < 0).any():
            raise self.wrong(name, "the value is missing", int(np.argmax(names.code < 0)))
        return names

    def texts(self, name: str) -> Names | None:
        """Return a column of running text, white space folded; None where the table has none."""
        if name not in self.its:
            return None
        column = self._column(self.its[name])
        if not (_is_text(column.type) or pa.types.is_null(column.type)):
            raise self.wrong(name, f"found {column.type}, allowed text")
        folded = pc.replace_substring_regex(column.cast(pa.string()), r"\s+", " ")
        return self._coded(name, folded, LONGEST_TEXT)

    def numbers(self, name: str, low: float, high: float) -> Float | None:
        """Return a column of numbers, float64[n] between ``low`` and ``high``, NaN = missing; or None."""
        if name not in self.its:
            return None
        product = np.ones(len(self))
        for factor in _factors(self.its[name], self.data.column_names):
            product = product * self._numbers(name, factor)
        wrong = ~((product >= low) & (product <= high)) & ~np.isnan(product)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise self.wrong(name, f"found {product[row]:g}, allowed {low:g} to {high:g}", row)
        return product

    def wrong(self, name: str, why: str, row: int | None = None, hint: str = "") -> ScenarioError:
        """Return an error about a column and a row, counted from 1 below the header."""
        at = f"column {self.its[name]!r}" if row is None else f"column {self.its[name]!r}, row {row + 1}"
        return ScenarioError(self.where, f"{at}: {why}", hint)

    def _column(self, its: str) -> pa.ChunkedArray:
        column = self.data.column(its)
        return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column

    def _coded(self, name: str, column: pa.ChunkedArray, longest: int) -> Names:
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
        coded = pa.chunked_array(text.chunks, pa.string()).combine_chunks().dictionary_encode()
        known = tuple(coded.dictionary.to_pylist())
        code = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)
        for number, what in enumerate(known):
            if len(what) > longest:
                raise self.wrong(name, f"found {len(what)} characters, allowed {longest}", _row(code, number))
            if _CONTROL.search(what):
                raise self.wrong(name, f"found a control character in {what[:40]!r}", _row(code, number))
        return Names(known, code)

    def _numbers(self, name: str, its: str) -> Float:
        column = self._column(its)
        if _is_text(column.type):
            text = pc.utf8_trim_whitespace(column.cast(pa.string()))
            column = pc.if_else(pc.is_in(text, _MISSING), pa.scalar(None, pa.string()), text)
        elif not _is_number(column.type):
            raise self.wrong(name, f"found {column.type}, allowed numbers")
        try:
            return np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)
        except pa.ArrowInvalid:
            row = _first_unreadable(column)
            raise self.wrong(name, f"found {column[row].as_py()[:40]!r}, allowed a number", row) from None


def open_table(source: Input, needs: tuple[str, ...], may: tuple[str, ...]) -> Table:
    """Open a table for our columns ``needs`` and, where it has them, ``may``.

    Raises
    ------
    ScenarioError
        Where the file is no table, or a column or every row is missing.
    """
    there, where, columns = columns_of(source), source.called, source.columns
    its: dict[str, str] = {}
    for name in (*needs, *may):
        missing = next((f for f in _factors(columns.get(name, name), there) if f not in there), None)
        if missing is None:
            its[name] = columns.get(name, name)
        elif name in needs or name in columns:
            spare = [column for column in there if column not in {columns.get(n, n) for n in (*needs, *may)}]
            hint = _OTHER_SEPARATOR if len(there) == 1 and re.search(r"[;\t|]", there[0]) else guess(missing, spare)
            raise ScenarioError(where, f"no column {missing!r} for {name}", hint)
    wanted = {factor for spelled in its.values() for factor in _factors(spelled, there)}
    table = Table(where, its, read_columns(source, wanted))
    if not 0 < len(table) <= MOST_ROWS:
        raise ScenarioError(where, f"the table has {len(table):,} rows, allowed 1 to {MOST_ROWS:,}")
    return table


def _factors(its: str, there: list[str]) -> list[str]:
    """Return the columns that one of ours is made of: itself, or those it multiplies."""
    return [its] if its in there else [part.strip() for part in its.split("*")]


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(kind: Any) -> bool:
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_null)
    return any(test(kind) for test in tests)


def _first_unreadable(column: pa.ChunkedArray) -> int:
    """Return the first row that is no number, by halving."""
    first, last = 0, len(column)
    while last - first > 1:
        middle = (first + last) // 2
        try:
            column[first:middle].cast(pa.float64())
            first = middle
        except pa.ArrowInvalid:
            last = middle
    return first


def _row(code: Int, number: int) -> int:
    return int(np.argmax(code == number))
