"""Values that are no text yet, as the text that stands for them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

from ...errors import UserError
from .source import TEXT

AT_ONCE = 10_000  # rows


def as_table(name: str, columns: Sequence[str], rows: Iterable[Any]) -> pa.Table:
    """Turn rows of values into columns of text; raise UserError naming a bad column."""
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
    """Give a value's text: numbers the shortest that round-trips, dates ISO 8601.

    Raises TypeError for what is no single value, such as a list.
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
