"""A source: one table that can be streamed as text any number of times."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute
from tqdm import tqdm

from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.errors import UserError

Numbers = NDArray[np.float64]
TEXT = pa.large_string()  # what pandas' string[pyarrow] holds: no copy is made
CHUNK_ROWS = 100_000
CHUNK_BYTES = 64_000_000  # reached sooner where texts are long
MOST_COLUMNS = 2_000
SEED = 0  # of the sample: the same file gives the same rows
BAR_AFTER = 2  # seconds that a pass takes before it shows a progress bar


@dataclass(frozen=True)
class Table:
    """Columns of a table, and the function that reads its rows."""

    form: str  # in words
    columns: tuple[str, ...]
    read: Callable[[], Iterator[pa.Table]]  # one pass; each column is TEXT, in order
    rows: int | None = None  # their number, perhaps estimated; None: unknown
    units: tuple[str, ...] = ()  # of the columns, where the table shows them
    # Both are filled while rows are read, at the latest:
    unreadable: dict[int, str] = field(default_factory=dict)  # column → what it holds
    notes: dict[str, None] = field(default_factory=dict)  # what is left out, in order


class Source:
    """A table that is read as text, in any number of passes.

    `name` has no folder and no password, `form` is in words, `rows` is None until a
    pass has counted them, `size` is the file's in bytes (None: a database's server).
    """

    def __init__(self, name: str, table: Table, path: Path | None = None) -> None:
        self.name = name
        self.form = table.form
        self.columns = _names(name, table.columns)
        self.rows: int | None = None
        self._table = table
        self._path = path
        self._state = _state(path)
        self.size = self._state[0] if self._state else None

    @property
    def unreadable(self) -> dict[str, str]:
        """Return what the columns hold whose cells are no single values."""
        return {self.columns[at]: held for at, held in self._table.unreadable.items()}

    @property
    def units(self) -> dict[str, str]:
        """Return the units that a row below the header states, by column."""
        pairs = zip(self.columns, self._table.units, strict=False)
        return {column: unit for column, unit in pairs if unit}

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was left out of the table so far, in sentences."""
        return tuple(self._table.notes)

    def changed(self) -> bool:
        """Return True if the file changed since it was opened; a server never does."""
        return _state(self._path) != self._state

    def chunks(self) -> Iterator[pd.DataFrame]:
        """Yield all rows in order, about 100,000 at a time, in constant memory."""
        return map(_frame, self._tables())

    def sample(self, rows: int) -> pd.DataFrame:
        """Sample up to `rows` rows uniformly from the whole table, in their order.

        Every row draws a number and the lowest ones stay: one pass, and the number of
        rows need not be known. The same table gives the same sample.
        """
        numbers = np.random.default_rng(SEED)
        kept, drawn, highest = self._empty(), np.empty(0), 1.0
        for table in self._tables():
            new = numbers.random(len(table))
            kept = pa.concat_tables([kept, table.filter(new < highest)])
            drawn = np.append(drawn, new[new < highest])
            if len(kept) > 2 * rows:  # seldom, since fewer and fewer are low enough
                kept, drawn = _lowest(kept, drawn, rows)
                highest = drawn.max()
        return _frame(_lowest(kept, drawn, rows)[0])

    def _tables(self) -> Iterator[pa.Table]:
        """Yield all rows in chunks, with a progress bar if slow; set `rows`."""
        total, waiting, rows = self.rows or self._table.rows, self._empty(), 0
        shown = tqdm(
            desc=self.name, total=total, unit=" rows", delay=BAR_AFTER, disable=None
        )
        with shown, as_user_error(self.name):
            for batch in self._table.read():
                batch = _filled(batch.rename_columns(list(self.columns)))
                waiting = pa.concat_tables([waiting, batch])
                rows += len(batch)
                shown.update(len(batch))
                if len(waiting) >= CHUNK_ROWS or waiting.nbytes >= CHUNK_BYTES:
                    yield waiting
                    waiting = self._empty()
            if len(waiting):
                yield waiting
        self.rows = rows

    def _empty(self) -> pa.Table:
        return pa.schema([(name, TEXT) for name in self.columns]).empty_table()


def _filled(table: pa.Table) -> pa.Table:
    """Return the rows in which any cell holds something."""
    if not all(column.null_count for column in table.columns):
        return table
    full = table.column(0).is_valid()
    for column in table.columns[1:]:
        full = compute.call_function("or", [full, column.is_valid()])
    return table.filter(full)


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=lambda _: pd.StringDtype("pyarrow"), ignore_metadata=True
    )
    return frame


def _lowest(table: pa.Table, drawn: Numbers, rows: int) -> tuple[pa.Table, Numbers]:
    """Return the rows that drew the lowest numbers, in their order."""
    if len(table) <= rows:
        return table, drawn
    lowest = np.sort(np.argpartition(drawn, rows)[:rows])
    return table.take(lowest), drawn[lowest]


def _state(path: Path | None) -> tuple[int, int, int] | None:
    """Return size in bytes, time and inode, which differ when a file does."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return (-1, 0, 0)  # it was deleted
    return (found.st_size, found.st_mtime_ns, found.st_ino) if found else None


def _names(source: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """Strip column names, and give one to a column that has none.

    Raise UserError for duplicate names, too many, or none at all.
    """
    names = tuple(name.strip("\ufeff \t\r\n\f\v\xa0") for name in given)
    names = _unnamed(names)
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if len(names) > MOST_COLUMNS:
        raise UserError(
            f"{source} has {len(names):,} columns; adopt takes {MOST_COLUMNS:,} at most"
        )
    if "" in names:
        raise UserError(f"{source}: no column has a name; add a line of names")
    if twice:
        raise UserError(
            f"{source} has more than one column named "
            f"{', '.join(map(repr, twice[:5]))}; rename all but one of each"
        )
    return names


def _unnamed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name the columns that have no name, as pandas does: `Unnamed: 0`."""
    named = list(names)
    for at in range(len(names) if any(names) else 0):
        if names[at]:
            continue
        named[at] = f"Unnamed: {at}"
        while named[at] in names:  # row numbers were written twice
            named[at] += ".1"
    return tuple(named)
