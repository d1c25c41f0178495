"""Excel workbooks: the first sheet that holds a table."""

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import openpyxl
import pyarrow as pa

from mlservice.adopt.sources import layout
from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.adopt.sources.source import Table
from mlservice.adopt.sources.to_text import as_tables
from mlservice.errors import UserError

Row = tuple[Any, ...]
HEAD = 1_000  # rows that the layout is inferred from


def table(file: File) -> Table:
    """Find the first sheet with rows; raise UserError if there is none."""
    with (
        as_user_error(file.name, "an Excel workbook (without a password)"),
        _open(file) as book,
    ):
        full = [sheet.title for sheet in book.worksheets if _has_rows(sheet)]
        if not full:
            raise UserError(f"{file.name} has no sheet with a header and rows")
        head = [_texts(row) for _, row in islice(_rows(book[full[0]]), HEAD)]
    found = layout.find(_of_width(head))
    form = f"Excel, sheet '{full[0]}'"
    if len(full) > 1:
        form += f" (the first of {len(full)} that hold data)"
    unreadable: dict[int, str] = {}
    notes = dict.fromkeys(found.notes)

    def read() -> Iterator[pa.Table]:
        return as_tables(file.name, found.names, _read(), unreadable)

    def _read() -> Iterator[Row]:
        width = len(found.names)
        with _open(file) as book:
            for number, row in islice(_rows(book[full[0]]), found.first, None):
                if any(map(_holds, row[width:])):
                    notes[f"cells right of the table are left out (row {number:,})"] = (
                        None
                    )
                yield (*row[:width], *[None] * (width - len(row)))

    return Table(
        form,
        found.names,
        read,
        units=found.units,
        unreadable=unreadable,
        notes=notes,
    )


def _of_width(rows: list[list[str]]) -> list[list[str]]:
    """Cut cells far beside the table: those of columns that hardly any row fills."""
    header = rows[layout.header(rows)]
    filled = Counter(at for row in rows for at, cell in enumerate(row) if cell)
    named = [at for at, name in enumerate(header) if name]
    gap = next((at for at in range(len(header)) if not filled[at]), len(header))
    inside = [at for at in named if at < gap or filled[at] > len(rows) / 2]
    width = max([*inside, *(at for at in filled if filled[at] > len(rows) / 2)]) + 1
    return [[*row, *[""] * width][:width] for row in rows]


def _texts(row: Row) -> list[str]:
    """Return the cells as texts; "" where there is none."""
    return [str(cell).strip() if _holds(cell) else "" for cell in row]


def _holds(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


@contextmanager
def _open(file: File) -> Iterator[Any]:
    """Open a workbook for streaming, with values instead of formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles, which are not read
        book = openpyxl.load_workbook(file.seekable(), read_only=True, data_only=True)
    try:
        yield book
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[int, Row]]:
    """Yield a sheet's rows with their numbers, without empty ones."""
    sheet.reset_dimensions()  # other programs may write wrong dimensions
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(map(_holds, row)):
            yield number, row


def _has_rows(sheet: Any) -> bool:
    rows = _rows(sheet)
    return next(rows, None) is not None and next(rows, None) is not None
