"""Rows of delimited text that have more or fewer cells than the others.

A delimiter at the end of a row is nothing, and remarks below a table are left out. Any
other such row is an error: cells may be missing or shifted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from pyarrow import csv

from mlservice.adopt.sources import layout
from mlservice.adopt.sources.source import TEXT
from mlservice.errors import UserError


@dataclass
class RaggedRows:
    """Decides on each ragged row of a file, in the order of the file."""

    name: str
    width: int
    before: int  # ragged rows before the first row of the table
    reader: Callable[[str], list[str]] = str.split  # splits a row into cells
    count: int = 0
    mended: list[list[str]] = field(default_factory=list)
    comments: int = 0
    below: list[tuple[csv.InvalidRow, int, str]] = field(default_factory=list)
    wrong: csv.InvalidRow | None = None

    def handle(self, row: csv.InvalidRow) -> str:
        """Decide on a row: pyarrow skips it, whatever becomes of it here."""
        self.count += 1
        if self.count <= self.before:
            return "skip"
        cells = [cell.strip() for cell in self.reader(row.text)]
        if not any(cells):
            return "skip"
        if len(cells) > self.width and not any(cells[self.width :]):
            self.mended.append(self.reader(row.text)[: self.width])
        elif cells[0].startswith("#"):
            self.comments += 1
        else:
            return self._other(row, cells)
        return "skip"

    def _other(self, row: csv.InvalidRow, cells: list[str]) -> str:
        if not layout.is_note(cells, self.width):
            self.wrong = row
            return "error"
        first = next(filter(None, cells))
        self.below.append((row, self.count, first))
        return "skip"

    def table(self) -> pa.Table:
        """Return the mended rows since the last time; they follow on their batch."""
        cells: list[Any] = list(zip(*self.mended, strict=True))
        self.mended = []
        columns = [pa.array([one or None for one in each], TEXT) for each in cells]
        return pa.Table.from_arrays(columns, [f"f{at}" for at in range(self.width)])

    def check_end(self, rows: int) -> None:
        """Raise UserError unless remarks come after all `rows` of the right width."""
        for row, count, _ in self.below:
            if (row.number or 0) < rows + count:
                raise self.error(row)

    def error(self, row: csv.InvalidRow) -> UserError:
        """Return an error that names the row at fault, without its cells."""
        return UserError(
            f"{self.name}: row {row.number} (the header is row 1) does not fit the "
            f"header: expected {self.width} fields, found {row.actual_columns}"
        )

    def notes(self) -> list[str]:
        """Return what was left out, in sentences."""
        said = [f"{self.comments:,} comments among the rows are left out"]
        named = ", ".join(f"'{first[:40]}'" for *_, first in self.below[:3])
        below = [f"{len(self.below)} rows below the table are left out: {named}"]
        return said * bool(self.comments) + below * bool(self.below)
