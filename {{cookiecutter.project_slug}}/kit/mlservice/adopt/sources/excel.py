"""Excel workbooks: the first sheet that holds a table."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import openpyxl
import pyarrow as pa

from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import Table
from mlservice.adopt.sources.to_text import BATCH_ROWS, as_table, text
from mlservice.errors import UserError

Row = tuple[Any, ...]


def table(file: File) -> Table:
    """Find the first sheet with rows; raise UserError if there is none."""
    with (
        as_user_error(file.name, "an Excel workbook (without a password)"),
        _open(file) as book,
    ):
        full = [sheet.title for sheet in book.worksheets if _has_rows(sheet)]
        if not full:
            raise UserError(f"{file.name} has no sheet with a header and rows")
        columns = _header(next(_rows(book[full[0]])))
    form = f"Excel, sheet '{full[0]}'"
    if len(full) > 1:
        form += f" (the first of {len(full)} that hold data)"
    return Table(form, columns, lambda: _read(file, full[0], columns))


def _read(file: File, title: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    with _open(file) as book:
        waiting, width = [], len(columns)
        rows = islice(_rows(book[title]), 1, None)  # without the header
        for number, row in enumerate(rows, start=2):
            if any(cell is not None for cell in row[width:]):
                raise UserError(
                    f"{file.name}: row {number} has a value beyond the {width} columns "
                    "that the header names; name its column or remove it"
                )
            waiting.append((*row[:width], *[None] * (width - len(row))))
            if len(waiting) == BATCH_ROWS:
                yield as_table(file.name, columns, waiting)
                waiting = []
        if waiting:
            yield as_table(file.name, columns, waiting)


@contextmanager
def _open(file: File) -> Iterator[Any]:
    """Open a workbook for streaming, with values instead of formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles, which are not read
        book = openpyxl.load_workbook(file.path, read_only=True, data_only=True)
    try:
        yield book
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield a sheet's rows, without empty ones."""
    sheet.reset_dimensions()  # other programs may write wrong dimensions
    for row in sheet.iter_rows(values_only=True):
        if any(cell is not None for cell in row):
            yield row


def _has_rows(sheet: Any) -> bool:
    rows = _rows(sheet)
    return next(rows, None) is not None and next(rows, None) is not None


def _header(row: Row) -> tuple[str, ...]:
    """Return the column names, up to the last one that is not empty."""
    names = [text(cell) or "" for cell in row]
    while not names[-1]:
        names.pop()
    return tuple(names)
