"""How a text file is divided into fields: found by trying, judged by what fits."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

STRONG = "\t;|,"  # in the order of preference where two fit equally well
WEAK = "\x01\x1f^~: "  # only if every row fits, and no strong one is in the header
NO_DELIMITER = "\x1f"  # of a single column: "unit separator", which no text holds
NUMBER = re.compile(r"\s*[-+]?[\d.,' \xa0]*\d[\d.,]*(?:[eE][-+]?\d+)?\s*[%€$£]?\s*")
ROWS = 1_000  # to look at


@dataclass(frozen=True)
class Dialect:
    """How to tell the fields of a row."""

    delimiter: str
    quote: str = '"'  # "": a quote is a letter like any other
    escape: str = ""  # what precedes a quote inside quotes; "": it is doubled
    skip: int = 0  # lines before the header

    @property
    def form(self) -> str:
        """Say it in words."""
        names = {"\t": "tab", " ": "space", "\x01": "control-A"}
        if self.delimiter == NO_DELIMITER:
            return "a single column"
        shown = names.get(self.delimiter, f"'{self.delimiter}'")
        return f"{shown} between fields"


def find(head: str, whole: bool) -> tuple[Dialect, list[list[str]]]:
    """Find the dialect of a text's beginning; give the first rows too, header first."""
    if named := re.match(r'"?sep=(.)"?\r?\n', head, re.IGNORECASE):  # Excel's own
        dialect = Dialect(named[1], skip=1)
        return dialect, _rows(head, whole, dialect)
    found = [_best(head, whole, style) for style in _styles(head)]
    for dialect, rows in found:
        if _width(rows) > 1 and _fit(rows) == 1:
            return dialect, rows
    return found[0]


def looks_like_data(rows: list[list[str]]) -> bool:
    """Whether the first row holds values, not names.

    So it is if all its cells are numbers and the rows below have numbers too, or if
    most of its cells come again in their own columns.
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
    """Give the ways of quoting, the usual one first."""
    if head.lstrip().startswith("'"):
        yield Dialect("", "'")
    yield Dialect("")
    if '\\"' in head:
        yield Dialect("", '"', "\\")
    yield Dialect("", "")


def _best(head: str, whole: bool, style: Dialect) -> tuple[Dialect, list[list[str]]]:
    """Find the delimiter for a way of quoting; none may be evident."""
    tried = []
    for delimiter in STRONG:
        dialect = replace(style, delimiter=delimiter)
        rows = _rows(head, whole, dialect)
        if _width(rows) > 1:
            tried.append((_fit(rows), _clean(rows), _width(rows), dialect, rows))
    if tried:
        return max(tried, key=lambda one: one[:3])[3:]
    for delimiter in WEAK:
        dialect = replace(style, delimiter=delimiter)
        rows = _rows(head, whole, dialect)
        if _width(rows) > (2 if delimiter == " " else 1) and _fit(rows) == 1:
            return dialect, rows
    single = replace(style, delimiter=NO_DELIMITER)
    return single, _rows(head, whole, single)


def _rows(head: str, whole: bool, dialect: Dialect) -> list[list[str]]:
    """Divide the first rows; the last one may be cut off and then does not count."""
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
    """Tell the share of the rows that are as wide as the header."""
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _clean(rows: list[list[str]]) -> float:
    """Tell the share of the values that hold no delimiter, but for decimal commas."""
    cells = [cell for row in rows[1:] for cell in row]
    return sum(
        bool(NUMBER.fullmatch(cell)) or not any(sign in cell for sign in STRONG)
        for cell in cells
    ) / max(len(cells), 1)
