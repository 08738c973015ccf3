"""Tables as Parquet: small, and the same bytes for the same rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_GROUP = 1 << 20


def to_parquet(table: pa.Table) -> pa.Buffer:
    """Return ``table`` as a Parquet file.

    Whole numbers are written as differences, floats with their bytes apart, names as a dictionary; then zstd.
    Pages carry checksums.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        row_group_size=ROWS_PER_GROUP,
        compression="zstd",
        use_dictionary=[field.name for field in table.schema if _named(field.type)],
        column_encoding={field.name: code for field in table.schema if (code := _encoding(field.type))},
        write_page_checksum=True,
    )
    return sink.getvalue()


def read_parquet(path: Path) -> pa.Table | None:
    """Return the table at ``path``, None where there is none or it is damaged."""
    try:
        return pq.read_table(path, page_checksum_verification=True, partitioning=None)
    except (OSError, pa.ArrowException):
        return None


def sound_schema(path: Path) -> pa.Schema | None:
    """Return the schema of the file at ``path``, None where there is none or it is cut short."""
    try:
        return pq.read_schema(path)
    except (OSError, pa.ArrowException):
        return None


def _named(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) or pa.types.is_string(kind))


def _encoding(kind: pa.DataType) -> str | None:
    if pa.types.is_integer(kind):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_floating(kind):
        return "BYTE_STREAM_SPLIT"
    return None
