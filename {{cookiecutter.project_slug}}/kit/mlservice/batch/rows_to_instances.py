"""Conversion of the rows of a file to instances.

The request model validates each row, so a file may hold what a request may.
`encoding.arrow` encodes tables without it where the values are certain to be valid.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from annotated_types import MaxLen
from pydantic import ValidationError

from mlservice.arrays import Matrix
from mlservice.batch.readers import Chunk
from mlservice.errors import NeedsRowByRow, UserError, sentence
from mlservice.schema.features import FLAGS, Feature, parse
from mlservice.service import Service

ROWS = 10_000  # of a chunk, at most
CELLS = 2_000_000  # of their matrix
CHARACTERS = 32_000_000  # of their texts
NUMBER = 32  # characters that a number of a list counts as


def rows_at_once(service: Service[Any, Any]) -> int:
    """Return how many rows fit into little memory, however long they are."""
    characters = sum(_characters(service, feature) for feature in service.features)
    return max(
        1,
        min(
            ROWS, CELLS // len(service.encoding.names), CHARACTERS // max(characters, 1)
        ),
    )


def _characters(service: Service[Any, Any], feature: Feature) -> int:
    """Return the most characters of a value; 0 for categories and numbers."""
    if feature.encoder:
        return feature.encoder.longest
    marks = service.instance.__pydantic_fields__[feature.name].metadata
    most = [mark.max_length for mark in marks if isinstance(mark, MaxLen)]
    return NUMBER * max(most, default=1) if feature.kind == "series" else 0


def encoded(
    service: Service[Any, Any], chunk: Chunk, path: Path
) -> tuple[Sequence[Any], Matrix]:
    """Return n rows as instances, none if they were not needed, and as a matrix.

    Raise UserError for the first row that is not what schema.py allows.
    """
    if isinstance(chunk.rows, pa.Table):
        try:
            return (), service.encoding.encode_table(chunk.rows)
        except NeedsRowByRow:
            pass
    instances = list(instances_of(service, chunk, path))
    return instances, service.encoding.encode(instances)


def instances_of(service: Service[Any, Any], chunk: Chunk, path: Path) -> Iterator[Any]:
    """Yield each row as an instance; raise UserError naming an invalid row."""
    for number, row in enumerate(_rows(service, chunk.rows), start=chunk.first):
        try:
            if isinstance(row, bytes):
                yield service.instance.model_validate_json(row)
            else:
                yield service.instance.model_validate(row)
        except ValidationError as error:
            raise UserError(f"{path}: row {number}, {sentence(error)}") from error


def _rows(
    service: Service[Any, Any], rows: pa.Table | list[bytes]
) -> Iterator[bytes | dict[str, Any]]:
    if isinstance(rows, list):
        yield from rows
        return
    columns = [_values(rows[f.column]) for f in service.features]
    for values in zip(*columns, strict=True):
        pairs = zip(service.features, values, strict=True)
        yield {f.column: _value(f, value) for f, value in pairs}


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return the values of a column, as microseconds: Python has no nanoseconds."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    return values


def _value(feature: Feature, given: Any) -> Any:
    """Convert a value of a file; return it unchanged if it does not fit."""
    if isinstance(given, list):
        return [_plain(each) for each in given]
    given = _plain(given)
    if given is None or isinstance(given, str):
        return parse(feature, given)
    if feature.kind == "flag":
        return FLAGS.get(str(given).lower().removesuffix(".0"), given)
    if feature.kind == "number":
        return given
    if feature.kind == "day":
        midnight = isinstance(given, datetime) and given.time() == time()
        return given.date() if midnight else given
    return given if isinstance(given, bool | float) else str(given)


def _plain(given: Any) -> Any:
    """Convert a decimal to a float, and NaN, which pandas writes, to None."""
    given = float(given) if isinstance(given, Decimal) else given
    return None if isinstance(given, float) and math.isnan(given) else given
