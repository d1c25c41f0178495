"""Conversion of typed values to text."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timezone
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

import pyarrow as pa

from mlservice.adopt.sources.source import TEXT
from mlservice.errors import UserError

BATCH_ROWS = 10_000


def as_tables(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Any],
    unreadable: dict[int, str],
) -> Iterator[pa.Table]:
    """Convert rows to tables of text, a batch at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH_ROWS)):
        yield as_table(name, columns, batch, unreadable)


def as_table(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Any],
    unreadable: dict[int, str],
) -> pa.Table:
    """Convert rows to columns of text.

    A cell that is no single value, such as a list, is missing, and `unreadable` gets
    what its column holds, by position. Raise UserError for text that is no Unicode.
    """
    arrays = []
    for at, values in enumerate(zip(*rows, strict=True)):
        try:
            arrays.append(pa.array(_cells(values, at, unreadable), TEXT))
        except ValueError as error:
            raise UserError(f"{name}: column '{columns[at]}' holds {error}") from error
    return pa.Table.from_arrays(arrays, [str(at) for at in range(len(arrays))])


def _cells(
    values: Sequence[Any], at: int, unreadable: dict[int, str]
) -> list[str | None]:
    if at in unreadable:
        return [None] * len(values)
    try:
        return list(map(text, values))
    except TypeError as error:
        unreadable[at] = str(error)
        return [None] * len(values)


def text(value: Any) -> str | None:
    """Convert a value to text: shortest round-trip numbers, dates in ISO 8601.

    Raise TypeError for a value that is not scalar, such as a list.
    """
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case int() | Decimal() | UUID():
            return str(value)
        case datetime() if value.tzinfo:
            naive = value.astimezone(timezone.utc).replace(tzinfo=None)
            return f"{naive.isoformat()}Z"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            raise TypeError(f"values of type {type(value).__name__}")
