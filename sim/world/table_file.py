"""A CSV or Parquet file as an Arrow table: only the columns asked for, of bounded size."""

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sim.errors import ScenarioError

MOST_ROWS = 20_000_000
MOST_BYTES = 4 << 30


def header(path: Path, where: str) -> list[str]:
    """Return the names of a table's columns.

    Raises
    ------
    ScenarioError
        Where the file is neither CSV nor Parquet, cannot be read, is too large, or names a column twice.
    """
    try:
        names = _parquet_header(path, where) if _is_parquet(path, where) else _csv_header(path, where)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise ScenarioError(where, f"not a readable table: {_first_line(error)}") from error
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ScenarioError(where, f"two columns are named {twice!r}")
    return names


def read_file(path: Path, where: str, wanted: Collection[str]) -> pa.Table:
    """Return the ``wanted`` columns; those of a CSV file are all text."""
    try:
        if _is_parquet(path, where):
            return pa.parquet.read_table(path, columns=sorted(wanted), partitioning=None, use_threads=False)
        return pa.csv.read_csv(
            path,
            read_options=pa.csv.ReadOptions(use_threads=False),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                include_columns=sorted(wanted),
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except (OSError, pa.ArrowException) as error:
        raise ScenarioError(where, f"not a readable table: {_first_line(error)}") from error


def _is_parquet(path: Path, where: str) -> bool:
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise ScenarioError(where, f"found a file named *{kind or path.name}, allowed .csv and .parquet")
    return kind == ".parquet"


def _parquet_header(path: Path, where: str) -> list[str]:
    with pa.parquet.ParquetFile(path) as file:
        groups = (file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        _bound(where, sum(groups), file.metadata.num_rows)
        return list(file.schema_arrow.names)


def _csv_header(path: Path, where: str) -> list[str]:
    _bound(where, path.stat().st_size, 0)
    if path.stat().st_size == 0:
        raise ScenarioError(where, "the table is empty: it has not even a header")
    options = pa.csv.ReadOptions(use_threads=False)
    with pa.csv.open_csv(path, options, parse_options=pa.csv.ParseOptions(newlines_in_values=True)) as file:
        return list(file.schema.names)


def _bound(where: str, size: int, rows: int) -> None:
    if size > MOST_BYTES:
        raise ScenarioError(where, f"the table has {size:,} bytes, allowed {MOST_BYTES:,}")
    if rows > MOST_ROWS:
        raise ScenarioError(where, f"the table has {rows:,} rows, allowed {MOST_ROWS:,}")


def _first_line(error: Exception) -> str:
    line = str(error).partition("\n")[0][:200] or type(error).__name__
    return "".join(character if character.isprintable() else "?" for character in line)  # it may quote the file
