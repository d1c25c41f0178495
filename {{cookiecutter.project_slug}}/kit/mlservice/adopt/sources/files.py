"""Files, perhaps compressed, and streams of their bytes."""

import bz2
import gzip
import io
import lzma
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.errors import UserError

PACKED = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}

BESIDE = re.compile(r"(?i)(?:^|/)(?:__MACOSX/|\.|(?:readme|licen[cs]e)\b)")
LIKELY = (  # of a table in a zip file
    (".csv", ".tsv", ".tab", ".psv"),
    (".xlsx", ".xlsm", ".parquet", ".pq"),
    (".jsonl", ".ndjson"),
    (".json",),
    (".txt", ".dat", ".data"),
)

OPENED: dict[str, Callable[["File"], Any]] = {
    "": lambda file: file.path.open("rb"),
    "gzip": lambda file: gzip.open(file.path),
    "bzip2": lambda file: bz2.open(file.path),
    "xz": lambda file: lzma.open(file.path),
    "zstd": lambda file: pa.input_stream(str(file.path), compression="zstd"),
    "zip": lambda file: zipfile.Path(file.path, file.member).open("rb"),
}


@dataclass(frozen=True)
class File:
    """An existing file that is not empty."""

    path: Path
    ending: str  # of the uncompressed file, in lower case: ".csv" for data.csv.gz
    packing: str = ""  # "gzip" …
    member: str = ""  # of a zip file

    @property
    def name(self) -> str:
        """Return the name without the folder."""
        return self.path.name

    def seekable(self) -> Path | BinaryIO:
        """Return the path, or the unpacked content in memory."""
        named = self.path.suffix.lower() == self.ending
        return self.path if named else io.BytesIO(self.open().read())

    def open(self) -> BinaryIO:
        """Open the file and return a stream of uncompressed bytes."""
        return cast(BinaryIO, OPENED[self.packing](self))


def inspect(path: Path) -> File:
    """Inspect a path; raise UserError unless it is a file that is not empty."""
    with as_user_error(str(path), "a file"):
        if not path.exists():
            raise UserError(f"{path} does not exist; give DATA the path of a file")
        if path.is_dir():
            raise UserError(f"{path} is a folder; give one file in it")
        if not path.is_file():
            raise UserError(f"{path} is no ordinary file; copy it to one first")
        if not path.stat().st_size:
            raise UserError(f"{path} is empty")
    packing = PACKED.get(path.suffix.lower(), "")
    member = _table_in(path) if packing == "zip" else ""
    inside = Path(member or path.stem) if packing else path
    return File(path, inside.suffix.lower() or ".txt", packing, member)


def _table_in(path: Path) -> str:
    """Return the name of the only table in a zip file: other files may lie beside it.

    The endings of LIKELY are tried in their order.
    """
    with as_user_error(path.name, "a zip file"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name[-1] != "/"]
    names = [name for name in names if not BESIDE.search(name)]
    found = [[one for one in names if one.lower().endswith(each)] for each in LIKELY]
    tables = names if len(names) == 1 else next(filter(None, found), [])
    if len(tables) != 1:
        tables = tables or names
        raise UserError(
            f"{path.name} holds {len(tables)} files ({', '.join(tables[:5])}); "
            "unpack it and give one of them"
        )
    return tables[0]
