"""A table, alone or joined with another: a row for each pair of rows that agree in one column."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.world.guess import guess
from sim.world.inputs import Input
from sim.world.table_file import MOST_ROWS, header, read_file

Long = NDArray[np.int64]


def columns_of(source: Input) -> list[str]:
    """Return the names of the columns there are; those that both tables have come once.

    Raises
    ------
    ScenarioError
        Where a file is no table, or lacks the column to join on.
    """
    first = header(source.path, source.where)
    if source.join is None:
        return first
    second = header(source.join.path, source.join.where)
    for where, there in ((source.where, first), (source.join.where, second)):
        if source.on not in there:
            raise ScenarioError(where, f"no column {source.on!r} to join on", guess(source.on, there))
    return list(dict.fromkeys(first + second))


def read_columns(source: Input, wanted: Collection[str]) -> pa.Table:
    """Return the ``wanted`` columns, of a join in the order of the first table's rows, then of the second's."""
    if source.join is None:
        return read_file(source.path, source.where, wanted)
    first, second = (
        read_file(one.path, one.where, {source.on, *wanted}.intersection(header(one.path, one.where)))
        for one in (source, source.join)
    )
    both = sorted(set(first.column_names) & set(second.column_names) - {source.on})
    if both:
        raise ScenarioError(source.join.where, f"column {both[0]!r} is in the first table too: rename one")
    own, other = _pairs(source, _keys(source.where, first[source.on]), _keys(source.join.where, second[source.on]))
    there = {name: (second[name], other) for name in second.column_names}
    there |= {name: (first[name], own) for name in first.column_names}
    return pa.table({name: column.take(pa.array(rows)) for name, (column, rows) in there.items() if name in wanted})


def _keys(where: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the column to join on as text; what is missing or blank is null."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)):
        raise ScenarioError(where, f"found {kind} in the column to join on, allowed text")
    text = pc.utf8_trim_whitespace(column.cast(kind).cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _pairs(source: Input, first: pa.ChunkedArray, second: pa.ChunkedArray) -> tuple[Long, Long]:
    """Return the rows, of both tables, that agree."""
    assert source.join is not None
    known = pc.unique(second.drop_null())
    code, other = (_codes(column, known) for column in (first, second))
    by_code = np.argsort(other, kind="stable")
    begins = np.searchsorted(other[by_code], code, "left")
    count = np.where(code < 0, 0, np.searchsorted(other[by_code], code, "right") - begins)
    total = int(count.sum())
    if not 0 < total <= MOST_ROWS:
        why = f"{total:,} pairs of rows agree in {source.on!r} with {source.where.partition(': ')[2]}"
        raise ScenarioError(source.join.where, f"{why}, allowed 1 to {MOST_ROWS:,}")
    within = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(code)), count), by_code[np.repeat(begins, count) + within]


def _codes(column: pa.ChunkedArray, known: pa.Array) -> Long:
    """Return the place of each value among ``known``, -1 where it has none."""
    return np.asarray(pc.index_in(column, value_set=known, skip_nulls=True).fill_null(-1).to_numpy(), np.int64)
