"""Readers of Parquet, CSV and JSON lines, in chunks of equal length.

Files are read as a stream, so their length does not matter.
"""

import csv
import gzip
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyarrow as pa
from pyarrow import csv as tables
from pyarrow.parquet import ParquetFile

from mlservice.errors import UserError

BLOCK = 8_000_000  # bytes of text that are read at once; no row may be longer
BUFFER = 1_000_000  # bytes of each column that Parquet reads ahead
ENDINGS = (".parquet", ".csv", ".csv.gz", ".jsonl")


class Chunk(NamedTuple):
    """Consecutive rows, as the file holds them."""

    first: int  # number of the first row; the file's first one is 1
    rows: pa.Table | list[bytes]  # JSON lines are read one by one


@dataclass
class Source:
    """A file of rows; `wanted` are the columns to read.

    Those that are `optional`, too, are missing in every row where a table lacks them.
    """

    path: Path
    wanted: list[str]
    optional: Collection[str] = ()
    position: int = 0  # of `total`: how much has been read

    def __post_init__(self) -> None:
        """Raise UserError for an unknown kind of file."""
        if not self.path.name.endswith(ENDINGS):
            *others, last = ENDINGS
            wanted = f"{', '.join(others)} or {last}"
            raise UserError(f"{self.path}: give a file that ends in {wanted}")

    @property
    def counts_rows(self) -> bool:
        """Return whether `position` and `total` count rows; else they count bytes."""
        return self.path.suffix == ".parquet"

    @property
    def total(self) -> int:
        """Return the number of rows, or of bytes, of the file."""
        if not self.counts_rows:
            return self.path.stat().st_size
        with reading(self.path), ParquetFile(self.path) as file:
            rows: int = file.metadata.num_rows
            return rows

    def chunks(self, size: int, done: int) -> Iterator[Chunk]:
        """Yield chunks of `size` rows, the last one shorter; skip the `done` rows."""
        first = done + 1
        with reading(self.path):
            for rows in self._read(size, done):
                yield Chunk(first, rows)
                first += len(rows)

    def _read(self, size: int, done: int) -> Iterator[pa.Table | list[bytes]]:
        if self.path.suffix == ".jsonl":
            return self._lines(size, done)
        if self.counts_rows:
            return _rechunk(self._parquet(size, done), size)
        return _rechunk(self._csv(done), size)

    def _lines(self, size: int, done: int) -> Iterator[list[bytes]]:
        with self.path.open("rb") as file:
            lines = islice(file, done, None)
            while chunk := list(islice(lines, size)):
                self.position = file.tell()
                yield chunk

    def _parquet(self, size: int, done: int) -> Iterator[pa.RecordBatch]:
        """Yield rows; skip row groups without reading them."""
        with ParquetFile(self.path, buffer_size=BUFFER) as file:
            present = self._present(file.schema_arrow.names)
            sizes = [
                file.metadata.row_group(number).num_rows
                for number in range(file.metadata.num_row_groups)
            ]
            groups = sum(end <= done for end in accumulate(sizes))  # that are skipped
            batches = file.iter_batches(
                size, row_groups=range(groups, len(sizes)), columns=present
            )
            self.position = done
            for batch in _skip(done - sum(sizes[:groups]), batches):
                yield self._complete(batch)
                self.position += len(batch)

    def _csv(self, done: int) -> Iterator[pa.RecordBatch]:
        """Yield rows as text; only an empty field is missing."""
        present = self._present(self._header())
        packed = "gzip" if self.path.suffix == ".gz" else None
        with self.path.open("rb") as file, pa.PythonFile(file) as plain:
            stream = pa.CompressedInputStream(plain, packed) if packed else plain
            reader = tables.open_csv(
                stream,
                tables.ReadOptions(block_size=BLOCK),
                tables.ParseOptions(newlines_in_values=True),
                tables.ConvertOptions(
                    include_columns=present,
                    column_types=dict.fromkeys(present, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
            for batch in _skip(done, reader):
                self.position = file.tell()
                yield self._complete(batch)

    def _header(self) -> list[str]:
        opened: Any = gzip.open if self.path.suffix == ".gz" else open
        file: IO[str]
        with opened(self.path, "rt", encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])

    def _present(self, given: list[str]) -> list[str]:
        """Return the wanted columns that a table has; name optional ones that it lacks.

        Raise UserError for columns that are absent or not unique.
        """
        present = [column for column in self.wanted if column in given]
        absent = [column for column in self.wanted if column not in given]
        required = [column for column in absent if column not in self.optional]
        if missing := required if present else absent:
            raise UserError(f"{self.path}: missing columns: {', '.join(missing)}")
        if twice := [column for column in present if given.count(column) > 1]:
            raise UserError(f"{self.path}: columns given twice: {', '.join(twice)}")
        if absent:  # perhaps a typing error: a table may have other columns
            left = f"no column {', '.join(absent)}: taken as missing in every row"
            print(f"{self.path}: {left}", file=sys.stderr)
        return present

    def _complete(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the wanted columns in order, those that the table lacks as nulls."""
        nulls = pa.nulls(len(batch), pa.string())
        names = set(batch.schema.names)
        columns = [batch[name] if name in names else nulls for name in self.wanted]
        return pa.RecordBatch.from_arrays(columns, self.wanted)


def _skip(done: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Skip the first `done` rows."""
    for batch in batches:
        left, done = batch[done:], max(0, done - len(batch))
        if len(left):
            yield left


def _rechunk(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Yield tables of `size` rows from batches of any length."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        while sum(map(len, held)) >= size:
            table = pa.Table.from_batches(held)
            yield table[:size]
            held = table[size:].to_batches()
    if held:
        yield pa.Table.from_batches(held)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise UserError for the exceptions of libraries on a bad file."""
    kind = "Parquet" if path.suffix == ".parquet" else "CSV"
    try:
        yield
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: {error.reason}") from error
    except (pa.ArrowException, csv.Error) as error:
        fault = (
            "not UTF-8 text" if "UTF8" in str(error) else f"not a complete {kind} file"
        )
        raise UserError(f"{path} is {fault}: {error}") from error
    except (OSError, EOFError) as error:
        if getattr(error, "errno", None):  # of the machine, not of the file
            raise
        raise UserError(f"{path} is cut off or damaged: {error}") from error
