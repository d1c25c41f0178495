"""Conversion of typed values to text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

from mlservice.adopt.sources.source import TEXT
from mlservice.errors import UserError

BATCH_ROWS = 10_000


def as_table(name: str, columns: Sequence[str], rows: Iterable[Any]) -> pa.Table:
    """Convert rows to columns of text; raise UserError naming a bad column."""
    cells = list(zip(*rows, strict=True))
    arrays = []
    for column, values in zip(columns, cells, strict=True):
        try:
            arrays.append(pa.array(list(map(text, values)), TEXT))
        except (TypeError, ValueError) as error:
            raise UserError(
                f"{name}: column '{column}' holds {error}; give each cell one value"
            ) from error
    return pa.Table.from_arrays(arrays, [str(at) for at in range(len(arrays))])


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
            raise TypeError(f"a value of type {type(value).__name__}")
