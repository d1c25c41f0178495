"""Data frames as sources: their values are converted to text."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from mlservice.adopt.sources.source import Source, Table
from mlservice.adopt.sources.to_text import BATCH_ROWS, as_table
from mlservice.errors import UserError

NAME = "the data frame"


def frame_source(frame: pd.DataFrame) -> Source:
    """Return a source with the columns of a data frame; its index is left out.

    Raise UserError for a frame without rows.
    """
    if frame.empty:
        raise UserError(f"{NAME} has no rows")
    columns = tuple(map(str, frame.columns))
    unreadable: dict[int, str] = {}

    def read() -> Iterator[pa.Table]:
        for start in range(0, len(frame), BATCH_ROWS):
            rows = _values(frame[start : start + BATCH_ROWS])
            yield as_table(NAME, columns, rows, unreadable)

    form = Table("data frame", columns, read, len(frame), unreadable=unreadable)
    return Source(NAME, form)


def _values(rows: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return the rows as Python values, with None where a value is missing."""
    values = [_column(rows.iloc[:, number]) for number in range(rows.shape[1])]
    return list(zip(*values, strict=True))


def _column(values: "pd.Series[Any]") -> list[object]:
    return values.astype(object).where(values.notna(), None).tolist()
