"""What a run has finished, kept beside its target until the target is whole.

Each piece holds the predictions for the rows that follow those of the piece before it.
It appears under its name only when it is on the disk, so a run that is killed at any
moment leaves whole pieces, and the same command goes on after the last of them.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from mlservice.errors import UserError

ENDINGS = (".parquet", ".csv")
STATE = "state.json"
EDGE = 65_536  # bytes at each end that tell a source from another one
Facts = dict[str, Any]  # what each piece depends on, as JSON holds it


class Checkpoints:
    """The pieces of one target, for one source and one model."""

    def __init__(self, target: Path, facts: Facts, size: int, restart: bool) -> None:
        """Take over what a stopped run left; raise UserError if that was another run.

        `size` is the number of rows in each piece but the last.
        """
        if target.suffix not in ENDINGS:
            raise UserError(f"{target}: give a target that ends in .parquet or .csv")
        if not target.parent.is_dir():
            raise UserError(f"{target.parent} does not exist: make that folder first")
        if target.is_dir():
            raise UserError(f"{target} is a folder: name a file to write")
        self.target, self.folder = target, target.with_name(f"{target.name}.parts")
        facts = facts | {"rows a piece": size}
        if restart:
            self.clear()
        self._agree(facts)
        self.folder.mkdir(exist_ok=True)
        _write(self.folder / STATE, lambda path: _dump(facts, path))
        self.rows = self._kept(size)

    def _agree(self, facts: Facts) -> None:
        """Raise UserError where what is there belongs to another run."""
        try:
            given = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # whatever is there, nobody vouches
            self.clear()
            return
        if differ := [name for name in facts if given.get(name) != facts[name]]:
            raise UserError(
                f"{self.folder} holds an unfinished run with another "
                f"{' and another '.join(differ)}: give --restart to forget it, or name "
                "another target"
            )

    def _kept(self, size: int) -> int:
        """Count the rows of the whole pieces; those after a gap are made again."""
        self._count = rows = 0
        while rows == self._count * size and (
            more := _rows(self._path(self._count + 1))
        ):
            self._count, rows = self._count + 1, rows + more
        return rows

    def add(self, table: pa.Table) -> None:
        """Keep the next piece; when this returns, no crash can take it away."""
        self._count += 1
        path = self._path(self._count)
        _write(path, lambda new: parquet.write_table(table, new))
        self.rows += len(table)

    def merge(self, nothing: pa.Table) -> None:
        """Make the target of all pieces, or of nothing where there is none.

        Then remove them. A piece is a row group.
        """
        if not self._count:
            self.add(nothing)
        write = _write_csv if self.target.suffix == ".csv" else _write_parquet
        whole = self.folder / f"whole{self.target.suffix}"
        _write(whole, lambda path: write(self._tables(), path))
        os.replace(whole, self.target)
        self.clear()

    def clear(self) -> None:
        """Remove what is kept; the state last, because it tells what the rest is."""
        for pattern in ("part-*", "whole.*", ".*.new", STATE):
            for path in self.folder.glob(pattern):
                path.unlink()
        with suppress(OSError):  # it may hold what is not ours
            self.folder.rmdir()

    def _path(self, number: int) -> Path:
        return self.folder / f"part-{number:06d}.parquet"

    def _tables(self) -> Iterator[pa.Table]:
        for number in range(1, self._count + 1):
            yield parquet.read_table(self._path(number), use_threads=False)


def _rows(piece: Path) -> int:
    """Count the rows of a piece; 0 if it is missing or damaged."""
    try:
        rows: int = parquet.read_metadata(piece).num_rows
    except (OSError, pa.ArrowInvalid):
        return 0
    return rows


def _write(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file that takes its name when it is on the disk."""
    new = path.with_name(f".{path.name}.new")
    write(new)
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(new, path)


def _dump(facts: Facts, path: Path) -> None:
    path.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def _write_parquet(pieces: Iterator[pa.Table], path: Path) -> None:
    first = next(pieces)
    with parquet.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(piece)


def _write_csv(pieces: Iterator[pa.Table], path: Path) -> None:
    first = _flat(next(pieces))
    with csv.CSVWriter(path, first.schema) as writer:
        writer.write_table(first)
        for piece in pieces:
            writer.write_table(_flat(piece))


def _flat(table: pa.Table) -> pa.Table:
    """Write lists as JSON: a CSV file has no other way."""
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
