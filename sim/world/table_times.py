"""Columns of dates with a time, local as the table has them."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.world.table import Table

Long = NDArray[np.int64]
EXAMPLE = "as in 2026-11-01 09:30"
_ZONE = re.compile(r":\d\d(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)$")
MISSING = -(2**63)
"""Stands for a time that a row lacks; numpy reads it as NaT."""


def microseconds(table: Table, name: str) -> Long:
    """Return a column of times as microseconds since 1970, int64[n]; `MISSING` where a row has none."""
    column = _local(table, name)
    try:
        instants = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except pa.ArrowInvalid:
        row = next(row for row, value in enumerate(column) if not _is_time(value))
        found = str(column[row].as_py())[:40]
        hint = "Write local times, without a zone." if _ZONE.search(found) else ""
        raise table.wrong(name, f"found {found!r}, allowed a time, {EXAMPLE}", row, hint) from None
    return np.asarray(instants.fill_null(MISSING).to_numpy(), np.int64)


def every_microsecond(table: Table, name: str) -> Long:
    """Return `microseconds` of a column that no row lacks."""
    instants = microseconds(table, name)
    if (instants == MISSING).any():
        raise table.wrong(name, "the value is missing", int(np.argmax(instants == MISSING)))
    return instants


def _local(table: Table, name: str) -> pa.ChunkedArray:
    """Return the column as timestamps without a zone, dates, or text with nothing for what is blank."""
    column = table.data.column(table.its[name])
    kind: Any = column.type
    if pa.types.is_timestamp(kind):
        return column if kind.tz is None else pc.local_timestamp(column)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = pc.utf8_trim_whitespace(column)
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    if pa.types.is_date(kind) or pa.types.is_null(kind):
        return column
    raise table.wrong(name, f"found {kind}, allowed dates with a time, {EXAMPLE}")


def _is_time(value: pa.Scalar) -> bool:
    try:
        value.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return False
    return True
