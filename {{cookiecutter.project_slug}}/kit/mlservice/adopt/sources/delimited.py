"""Delimited text, such as CSV and TSV, streamed by pyarrow."""

from collections.abc import Iterator
from typing import NoReturn

import pyarrow as pa
from pyarrow import csv

from mlservice.adopt.sources import dialects
from mlservice.adopt.sources.dialects import NO_DELIMITER, Dialect
from mlservice.adopt.sources.encodings import Text, examine
from mlservice.adopt.sources.files import File
from mlservice.adopt.sources.source import MOST_COLUMNS, TEXT, Table
from mlservice.errors import UserError

BLOCK = 4_000_000  # bytes; the longest row that can be read


def table(file: File) -> Table:
    """Infer how a text file is written; raise UserError if it holds no table."""
    text = examine(file)
    dialect, rows = dialects.find(text.head, text.whole)
    if not rows:
        raise UserError(f"{file.name}: its first row does not end within a megabyte")
    _check(file, dialect, rows, text.whole)
    words = ["CSV", dialect.form, text.form, file.packing]

    def read() -> Iterator[pa.Table]:
        return _read(file, text, dialect, len(rows[0]))

    form = ", ".join(word for word in words if word)
    return Table(form, tuple(rows[0]), read, text.lines)


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


def _read(file: File, text: Text, dialect: Dialect, width: int) -> Iterator[pa.Table]:
    """Stream all rows; the header is read as a row, so that any name is valid."""
    ragged: list[csv.InvalidRow] = []

    def remember(row: csv.InvalidRow) -> str:
        ragged.append(row)
        return "error"

    cell = ""
    with file.open() as stream:
        try:
            header = 1
            for batch in csv.open_csv(
                stream, **_options(text, dialect, width, remember)
            ):
                rows = pa.Table.from_batches([batch])[header:]
                header = 0
                if len(rows):
                    cell = rows.column(width - 1)[-1].as_py() or ""
                    yield rows
        except pa.ArrowInvalid as error:
            _explain(file, ragged, error)
    if dialect.quote and text.last != dialect.quote and "\n" in cell:
        raise UserError(f"{file.name}: a quote in its last rows is never closed")


def _options(
    text: Text, dialect: Dialect, width: int, remember: object
) -> dict[str, object]:
    names = [f"f{position}" for position in range(width)]
    return {
        "read_options": csv.ReadOptions(
            autogenerate_column_names=True,
            use_threads=False,  # else a ragged row has no number
            block_size=BLOCK,
            encoding=text.encoding,
            skip_rows=dialect.skip,
        ),
        "parse_options": csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote or False,
            escape_char=dialect.escape or False,
            newlines_in_values=True,
            invalid_row_handler=remember,
        ),
        "convert_options": csv.ConvertOptions(
            column_types=dict.fromkeys(names, TEXT),
            strings_can_be_null=True,
            null_values=[""],
        ),
    }


def _explain(
    file: File, ragged: list[csv.InvalidRow], error: pa.ArrowInvalid
) -> NoReturn:
    """Raise UserError that names the row at fault, without its cells."""
    if ragged:
        row = ragged[0]
        raise UserError(
            f"{file.name}: row {row.number} (the header is row 1) does not fit "
            f"the header: expected {row.expected_columns} fields, "
            f"found {row.actual_columns}"
        ) from error
    if "straddling" in str(error):
        raise UserError(
            f"{file.name} has a row longer than {BLOCK // 1_000_000} MB; "
            "most likely a quote is never closed"
        ) from error
    raise UserError(f"{file.name} cannot be read as CSV: {error}") from error
