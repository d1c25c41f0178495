"""What a source is: one table that can be read as text, several times, in pieces."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from ...errors import UserError
from .trouble import told

Numbers = NDArray[np.float64]
TEXT = pa.large_string()  # what pandas' string[pyarrow] holds: no copy is made
CHUNK_ROWS = 100_000
CHUNK_BYTES = 64_000_000  # long texts fill a chunk sooner
MOST_COLUMNS = 2_000
SEED = 0  # of the sample: the same file gives the same rows
BAR_AFTER = 2  # seconds that a pass takes before it shows a progress bar


@dataclass(frozen=True)
class Table:
    """What a format's module finds: the columns, and how to read the rows."""

    form: str  # in words
    columns: tuple[str, ...]
    read: Callable[[], Iterator[pa.Table]]  # one pass; each column is TEXT, in order
    rows: int | None = None  # how many there are, or about; None: nobody knows yet


class Source:
    """A table to be read as text, in any number of passes.

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

    def changed(self) -> bool:
        """Whether the file is another than when it was opened (a server: never)."""
        return _state(self._path) != self._state

    def chunks(self) -> Iterator[pd.DataFrame]:
        """Stream all rows in order, about 100,000 at a time, in constant memory."""
        return map(_frame, self._pieces())

    def sample(self, rows: int) -> pd.DataFrame:
        """Draw up to `rows` rows evenly from the whole table; they keep their order.

        Every row draws a number and the lowest ones stay: one pass, and no need to
        know how many rows there are. The same table gives the same sample.
        """
        numbers = np.random.default_rng(SEED)
        kept, drawn, highest = self._nothing(), np.empty(0), 1.0
        for table in self._pieces():
            new = numbers.random(len(table))
            kept = pa.concat_tables([kept, table.filter(new < highest)])
            drawn = np.append(drawn, new[new < highest])
            if len(kept) > 2 * rows:  # seldom, since fewer and fewer are low enough
                kept, drawn = _lowest(kept, drawn, rows)
                highest = drawn.max()
        return _frame(_lowest(kept, drawn, rows)[0])

    def _pieces(self) -> Iterator[pa.Table]:
        """Read all rows, in pieces of a good size, with a progress bar if it is long.

        Counts them: `rows` is known at the end.
        """
        total, waiting, rows = self.rows or self._table.rows, self._nothing(), 0
        shown = tqdm(
            desc=self.name, total=total, unit=" rows", delay=BAR_AFTER, disable=None
        )
        with shown, told(self.name):
            for batch in self._table.read():
                batch = batch.rename_columns(list(self.columns))
                waiting = pa.concat_tables([waiting, batch])
                rows += len(batch)
                shown.update(len(batch))
                if len(waiting) >= CHUNK_ROWS or waiting.nbytes >= CHUNK_BYTES:
                    yield waiting
                    waiting = self._nothing()
            if len(waiting):
                yield waiting
        self.rows = rows

    def _nothing(self) -> pa.Table:
        return pa.schema([(name, TEXT) for name in self.columns]).empty_table()


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=lambda _: pd.StringDtype("pyarrow"), ignore_metadata=True
    )
    return frame


def _lowest(table: pa.Table, drawn: Numbers, rows: int) -> tuple[pa.Table, Numbers]:
    """Keep the rows that drew the lowest numbers, in their order."""
    if len(table) <= rows:
        return table, drawn
    lowest = np.sort(np.argpartition(drawn, rows)[:rows])
    return table.take(lowest), drawn[lowest]


def _state(path: Path | None) -> tuple[int, int, int] | None:
    """Note what differs when a file does: size in bytes, time, inode."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return (-1, 0, 0)  # it is gone
    return (found.st_size, found.st_mtime_ns, found.st_ino) if found else None


def _names(source: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse column names that cannot be told apart; strip what surrounds them."""
    names = tuple(name.strip("\ufeff \t\r\n\f\v\xa0") for name in given)
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if len(names) > MOST_COLUMNS:
        raise UserError(
            f"{source} has {len(names):,} columns; adopt takes {MOST_COLUMNS:,} at most"
        )
    if "" in names:
        raise UserError(
            f"{source}: column {names.index('') + 1} has no name; "
            "give it one in the first line, or remove the column"
        )
    if twice:
        raise UserError(
            f"{source} has more than one column named "
            f"{', '.join(map(repr, twice[:5]))}; rename all but one of each"
        )
    return names
