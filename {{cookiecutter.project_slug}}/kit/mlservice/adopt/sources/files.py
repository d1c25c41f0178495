"""A file, perhaps compressed: what is inside, and a stream of its bytes."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from ...errors import UserError
from .trouble import told

PACKED = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}


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
    """A file that exists and is not empty."""

    path: Path
    ending: str  # of what is inside, in lower case: ".csv" for data.csv.gz
    packing: str = ""  # "gzip" …
    member: str = ""  # of a zip file

    @property
    def name(self) -> str:
        """Its name without the folder."""
        return self.path.name

    def open(self) -> BinaryIO:
        """Open it to read its bytes, unpacked."""
        return cast(BinaryIO, OPENED[self.packing](self))


def look_at(path: Path) -> File:
    """Find out what a path holds; raise UserError if that is no file with a content."""
    with told(str(path), "a file"):
        if not path.exists():
            raise UserError(f"{path} does not exist; give DATA the path of a file")
        if path.is_dir():
            raise UserError(f"{path} is a folder; give one file in it")
        if not path.is_file():
            raise UserError(f"{path} is no ordinary file; copy it to one first")
        if not path.stat().st_size:
            raise UserError(f"{path} is empty")
    packing = PACKED.get(path.suffix.lower(), "")
    member = _only_member(path) if packing == "zip" else ""
    inside = Path(member or path.stem) if packing else path
    return File(path, inside.suffix.lower() or ".txt", packing, member)


def _only_member(path: Path) -> str:
    """Name the one file of a zip file; notes that macOS adds do not count."""
    with told(path.name, "a zip file"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name[-1] != "/"]
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if len(names) != 1:
        raise UserError(
            f"{path.name} holds {len(names)} files ({', '.join(names[:5])}); "
            "unpack it and give one of them"
        )
    return names[0]
