"""Checkpoints of a batch prediction, kept until the output is complete.

Each checkpoint is a file of predictions for consecutive rows. It gets its name only
when it is on the disk, so a run that is killed at any moment leaves complete ones, and
the same command continues after the last of them.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from mlservice.atomic import replace_file
from mlservice.errors import UserError

ENDINGS = (".parquet", ".csv")
STATE = "state.json"
EDGE = 65_536  # bytes at each end of a source that are hashed
Facts = dict[str, Any]  # everything that a checkpoint depends on, as JSON holds it


class Checkpoints:
    """The checkpoints of one target, for one source and one model."""

    def __init__(self, target: Path, facts: Facts, size: int, restart: bool) -> None:
        """Load the checkpoints of a stopped run; raise UserError if it was another run.

        `size` is the number of rows in each checkpoint but the last.
        """
        if target.suffix not in ENDINGS:
            raise UserError(f"{target}: give a target that ends in .parquet or .csv")
        if not target.parent.is_dir():
            raise UserError(f"{target.parent} does not exist: make that folder first")
        if target.is_dir():
            raise UserError(f"{target} is a folder: name a file to write")
        self.target, self.folder = target, target.with_name(f"{target.name}.parts")
        facts = facts | {"rows a checkpoint": size}
        if restart:
            self.clear()
        self._compare(facts)
        self.folder.mkdir(exist_ok=True)
        replace_file(self.folder / STATE, lambda path: _dump(facts, path))
        self.rows = self._count_rows(size)

    def _compare(self, facts: Facts) -> None:
        """Raise UserError if the checkpoints that are there belong to another run."""
        try:
            given = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # of unknown origin
            self.clear()
            return
        if differ := [name for name in facts if given.get(name) != facts[name]]:
            raise UserError(
                f"{self.folder} holds an unfinished run with another "
                f"{' and another '.join(differ)}: give --restart to forget it, or name "
                "another target"
            )

    def _count_rows(self, size: int) -> int:
        """Count the rows of complete checkpoints; those after a gap are made again."""
        self._count = rows = 0
        while rows == self._count * size and (
            more := _rows(self._path(self._count + 1))
        ):
            self._count, rows = self._count + 1, rows + more
        return rows

    def add(self, table: pa.Table) -> None:
        """Write the next checkpoint to the disk; after that no crash can lose it."""
        self._count += 1
        path = self._path(self._count)
        replace_file(path, lambda new: parquet.write_table(table, new))
        self.rows += len(table)

    def merge(self, empty: pa.Table) -> None:
        """Write the target from all checkpoints, or from `empty` if there is none.

        Then remove them. A checkpoint is a row group.
        """
        if not self._count:
            self.add(empty)
        write = _write_csv if self.target.suffix == ".csv" else _write_parquet
        merged = self.folder / f"merged{self.target.suffix}"
        replace_file(merged, lambda path: write(self._tables(), path))
        os.replace(merged, self.target)
        self.clear()

    def clear(self) -> None:
        """Remove all checkpoints; the state last, because it describes the others."""
        for pattern in ("part-*", "merged.*", ".*.new", STATE):
            for path in self.folder.glob(pattern):
                path.unlink()
        with suppress(OSError):  # it may hold files of others
            self.folder.rmdir()

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:06d}.parquet"

    def _tables(self) -> Iterator[pa.Table]:
        for number in range(1, self._count + 1):
            yield parquet.read_table(self._path(number), use_threads=False)


def _rows(checkpoint: Path) -> int:
    """Count the rows of a checkpoint; 0 if it is missing or damaged."""
    try:
        rows: int = parquet.read_metadata(checkpoint).num_rows
    except (OSError, pa.ArrowInvalid):
        return 0
    return rows


def _dump(facts: Facts, path: Path) -> None:
    path.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def _write_parquet(tables: Iterator[pa.Table], path: Path) -> None:
    first = next(tables)
    with parquet.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)


def _write_csv(tables: Iterator[pa.Table], path: Path) -> None:
    first = _flat(next(tables))
    with csv.CSVWriter(path, first.schema) as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(_flat(table))


def _flat(table: pa.Table) -> pa.Table:
    """Convert lists to JSON, since a CSV file cannot hold them."""
    for at, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            texts = [json.dumps(values) for values in table.column(at).to_pylist()]
            table = table.set_column(at, field.name, pa.array(texts))
    return table


def fingerprint(path: Path) -> list[int | str]:
    """Return size, time of the last change, and a hash of the beginning and the end."""
    with path.open("rb") as file:
        facts = os.fstat(file.fileno())
        edges = file.read(EDGE)
        file.seek(max(0, facts.st_size - EDGE))
        edges += file.read(EDGE)
    return [facts.st_size, facts.st_mtime_ns, hashlib.sha256(edges).hexdigest()]
