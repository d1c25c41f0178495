"""Inference of the dialect of delimited text, by trial."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from mlservice.adopt.sources import layout
from mlservice.adopt.sources.numbers import NUMBER

STRONG = "\t;|,"  # in the order of preference where two fit equally well
WEAK = "\x01\x1f^~: "  # only if every row fits, and no strong one is in the header
NO_DELIMITER = "\x1f"  # of a single column: "unit separator", which no text holds
ROWS = 1_000  # rows that are compared


@dataclass(frozen=True)
class Dialect:
    """Delimiter, quoting and escaping of delimited text."""

    delimiter: str
    quote: str = '"'  # "": a quote is an ordinary character
    escape: str = ""  # precedes a quote inside quotes; "": quotes are doubled
    skip: int = 0  # lines before the header

    @property
    def form(self) -> str:
        """Return the dialect in words."""
        names = {"\t": "tab", " ": "space", "\x01": "control-A"}
        if self.delimiter == NO_DELIMITER:
            return "a single column"
        shown = names.get(self.delimiter, f"'{self.delimiter}'")
        return f"{shown} between fields"


def find(head: str, whole: bool) -> tuple[Dialect, list[list[str]]]:
    """Infer the dialect from the head of a text; return it and the first rows."""
    if named := re.match(r'"?sep=(.)"?\r?\n', head, re.IGNORECASE):  # Excel's own
        dialect = Dialect(named[1], skip=1)
        return dialect, _rows(head, whole, dialect)
    found = [_best(head, whole, style) for style in _styles(head)]
    for dialect, rows in found:
        if _width(rows) > 1 and _fit(rows) == 1:
            return dialect, rows
    return found[0]


def looks_like_data(rows: list[list[str]]) -> bool:
    """Return True if the first row holds values instead of names.

    That is so if all its cells are numbers and the rows below have numbers too, or if
    most of its cells occur again in their own columns.
    """
    header, *others = rows
    below = [row for row in others if len(row) == len(header) and row != header]
    columns = [set(cells) for cells in zip(*below, strict=True)]
    if not columns:
        return False
    numbers = [bool(NUMBER.fullmatch(cell)) for cell in header]
    alike = [any(map(NUMBER.fullmatch, cells)) for cells in columns]
    again = [cell in cells for cell, cells in zip(header, columns, strict=True)]
    return (all(numbers) and any(alike)) or sum(again) * 2 > len(header)


def _styles(head: str) -> Iterator[Dialect]:
    """Yield dialects of every quoting style, the most common first."""
    if head.lstrip().startswith("'"):
        yield Dialect("", "'")
    yield Dialect("")
    if '\\"' in head:
        yield Dialect("", '"', "\\")
    yield Dialect("", "")


def _best(head: str, whole: bool, style: Dialect) -> tuple[Dialect, list[list[str]]]:
    """Return the best delimiter for a quoting style, and the rows."""
    tried = []
    for delimiter in STRONG:
        dialect = replace(style, delimiter=delimiter)
        rows = _rows(head, whole, dialect)
        table = rows[layout.header(rows) :]
        if _width(table) > 1:
            tried.append((_fit(table), _clean(table), _width(table), dialect, rows))
    if tried:
        return max(tried, key=lambda one: one[:3])[3:]
    for delimiter in WEAK:
        dialect = replace(style, delimiter=delimiter)
        rows = _rows(head, whole, dialect)
        if _width(rows) > (2 if delimiter == " " else 1) and _fit_or_row_names(rows):
            return dialect, rows
    single = replace(style, delimiter=NO_DELIMITER)
    return single, _rows(head, whole, single)


def _rows(head: str, whole: bool, dialect: Dialect) -> list[list[str]]:
    """Parse the first rows; the last one is dropped if it may be cut off."""
    reader = csv.reader(
        io.StringIO(head, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
    )
    rows: list[list[str]] = []
    try:
        for row in islice(reader, dialect.skip, ROWS + 1):
            rows += [row] if row else []
    except csv.Error:  # a quote that never closes makes a field too long for it
        return rows
    return rows if whole or len(rows) > ROWS else rows[:-1]


def _width(rows: list[list[str]]) -> int:
    return len(rows[0]) if rows else 0


def _fit(rows: list[list[str]]) -> float:
    """Return the share of rows that have as many cells as most."""
    return Counter(map(len, rows)).most_common(1)[0][1] / len(rows)


def _fit_or_row_names(rows: list[list[str]]) -> bool:
    """Return True if all rows are as wide as the header, or have a row name more."""
    widths = {len(row) for row in rows[1:]} or {len(rows[0])}
    return len(widths) == 1 and max(widths) - len(rows[0]) in (0, 1)


def _clean(rows: list[list[str]]) -> float:
    """Return the share of values without a delimiter, decimal commas aside."""
    cells = [cell for row in rows[1:] for cell in row]
    return sum(
        bool(NUMBER.fullmatch(cell)) or not any(sign in cell for sign in STRONG)
        for cell in cells
    ) / max(len(cells), 1)


def cells(dialect: Dialect, text: str) -> list[str]:
    """Split one row into its cells."""
    return next(iter(_rows(text, True, replace(dialect, skip=0))), [])
