"""Delimited text, such as CSV and TSV, streamed by pyarrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import pyarrow as pa
from pyarrow import csv

from mlservice.adopt.sources import dialects, layout
from mlservice.adopt.sources.dialects import NO_DELIMITER, Dialect
from mlservice.adopt.sources.encodings import Text, examine, open_text
from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.ragged_rows import RaggedRows
from mlservice.adopt.sources.source import MOST_COLUMNS, TEXT, Table
from mlservice.errors import UserError

BLOCK = 4_000_000  # bytes; the longest row that can be read


def table(file: File) -> Table:
    """Infer how a text file is written; raise UserError if it holds no table."""
    text = examine(file)
    dialect, rows = dialects.find(text.head, text.whole)
    if not rows:
        raise UserError(f"{file.name}: its first row does not end within a megabyte")
    _check(file, dialect, rows[layout.header(rows) :], text.whole)
    found = layout.find(rows)
    notes = dict.fromkeys(found.notes)
    if text.controls:
        notes["control characters in the file are left out"] = None
    grid = Grid(text, dialect, len(found.names), rows[: found.first])

    def read() -> Iterator[pa.Table]:
        return _read(file, grid, notes)

    form = ", ".join(filter(None, ["CSV", dialect.form, text.form, file.packing]))
    return Table(form, found.names, read, text.lines, found.units, notes=notes)


@dataclass(frozen=True)
class Grid:
    """How the rows of a text file are read."""

    text: Text
    dialect: Dialect
    width: int  # cells of a row
    before: list[list[str]]  # rows before the first one of the table

    @property
    def regular(self) -> int:
        """Return the rows before the table that are as wide as its own."""
        return sum(len(row) == self.width for row in self.before)


def _check(file: File, dialect: Dialect, rows: list[list[str]], whole: bool) -> None:
    """Raise UserError for a file without rows, or without column names in line 1."""
    if whole and len(rows) == 1:
        raise UserError(f"{file.name} has a header and no rows")
    if len(rows[0]) <= MOST_COLUMNS and dialects.looks_like_data(rows):
        raise UserError(
            f"{file.name}: the first line must hold the column names, "
            "but it looks like data; add a line of names above it"
        )
    if dialect.delimiter != NO_DELIMITER:
        return
    for delimiter in dialects.STRONG:
        widths = {row[0].count(delimiter) + 1 for row in rows[1:]}
        if len(widths) == 1 and max(widths) > 2:
            raise UserError(
                f"{file.name}: the first line must hold the column names, but it has "
                f"one field where the others have {max(widths)}; remove it"
            )


def _read(file: File, grid: Grid, notes: dict[str, None]) -> Iterator[pa.Table]:
    """Stream all rows; the header is read as a row, so that any name is valid."""
    ragged = RaggedRows(file.name, grid.width, len(grid.before) - grid.regular)
    ragged.reader = partial(dialects.cells, grid.dialect)
    text, dialect = grid.text, grid.dialect
    cell, seen, before = "", 0, grid.regular
    with open_text(file, text) as stream:
        try:
            for batch in csv.open_csv(stream, **_options(grid, ragged.handle)):
                seen += len(batch)
                rows = pa.Table.from_batches([batch])[before:]
                before = max(before - len(batch), 0)
                if len(rows):
                    cell = rows.column(grid.width - 1)[-1].as_py() or ""
                    yield rows
                if ragged.mended:
                    yield ragged.table()
        except pa.ArrowInvalid as error:
            if ragged.wrong is not None:
                raise ragged.error(ragged.wrong) from error
            _explain(file, error)
    if dialect.quote and text.last != dialect.quote and "\n" in cell:
        raise UserError(f"{file.name}: a quote in its last rows is never closed")
    ragged.check_end(seen)
    notes.update(dict.fromkeys(ragged.notes()))


def _options(grid: Grid, handle: object) -> dict[str, object]:
    text, dialect, width = grid.text, grid.dialect, grid.width
    names = [f"f{position}" for position in range(width)]
    return {
        "read_options": csv.ReadOptions(
            column_names=names,
            use_threads=False,  # else a ragged row has no number
            block_size=BLOCK,
            encoding="utf-8" if text.controls else text.encoding,
            skip_rows=dialect.skip,
        ),
        "parse_options": csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote or False,
            escape_char=dialect.escape or False,
            newlines_in_values=True,
            invalid_row_handler=handle,
        ),
        "convert_options": csv.ConvertOptions(
            column_types=dict.fromkeys(names, TEXT),
            strings_can_be_null=True,
            null_values=[""],
        ),
    }


def _explain(file: File, error: pa.ArrowInvalid) -> NoReturn:
    """Raise UserError that says what is wrong with a row."""
    if "straddling" in str(error):
        raise UserError(
            f"{file.name} has a row longer than {BLOCK // 1_000_000} MB; "
            "most likely a quote is never closed"
        ) from error
    raise UserError(f"{file.name} cannot be read as CSV: {error}") from error
