"""Parquet files, whose typed columns are converted to text."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow import compute, types
from pyarrow.parquet import ParquetFile

from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import TEXT, Table
from mlservice.errors import UserError

BATCH_ROWS = 50_000
# "2026-01-31 09:30:00.500000" → date, time, fraction without zeros at its end
TIMESTAMP = r"^(\S+) (\S{8})(?:\.0+|(\.\d*[1-9])0*)?$"
FRACTION = r"(?:\.0+|(\.\d*[1-9])0*)$"


def table(file: File) -> Table:
    """Read the schema of a Parquet file, and which columns hold no single values."""
    with as_user_error(file.name, "Parquet"), ParquetFile(file.seekable()) as opened:
        schema, rows = opened.schema_arrow, opened.metadata.num_rows
    if not rows:
        raise UserError(f"{file.name} has columns and no rows")
    unreadable = {
        at: f"values of type {field.type}"
        for at, field in enumerate(schema)
        if not _is_readable(field.type)
    }

    def read() -> Iterator[pa.Table]:
        with ParquetFile(file.seekable()) as opened:
            for batch in opened.iter_batches(BATCH_ROWS):
                names = [str(at) for at in range(batch.num_columns)]
                columns = [
                    pa.nulls(len(values), TEXT) if at in unreadable else _text(values)
                    for at, values in enumerate(batch.columns)
                ]
                yield pa.Table.from_arrays(columns, names)

    return Table("Parquet", tuple(schema.names), read, rows, unreadable=unreadable)


def _is_readable(kind: Any) -> bool:
    """Return True if values of a type can be written as text."""
    binary = types.is_binary(kind) or types.is_large_binary(kind)
    if types.is_duration(kind) or binary or types.is_fixed_size_binary(kind):
        return False
    try:
        _text(pa.nulls(1, kind))
    except (pa.ArrowException, NotImplementedError, AttributeError):
        return False
    return not types.is_nested(kind)


def _text(values: Any) -> Any:
    """Convert values to text: shortest round-trip numbers, dates in ISO 8601."""
    kind = values.type
    if types.is_dictionary(kind):
        return _text(values.dictionary_decode())
    if types.is_timestamp(kind):
        # Times with a zone become UTC, which needs no table of zones.
        naive = values.view(pa.timestamp(kind.unit)).cast(TEXT)
        return _replace(naive, TIMESTAMP, r"\1T\2\3" + ("Z" if kind.tz else ""))
    if types.is_time(kind):
        return _replace(values.cast(TEXT), FRACTION, r"\1")
    return values.cast(TEXT)


def _replace(values: Any, pattern: str, by: str) -> Any:
    options = compute.ReplaceSubstringOptions(pattern, by)
    return compute.call_function("replace_substring_regex", [values], options)
