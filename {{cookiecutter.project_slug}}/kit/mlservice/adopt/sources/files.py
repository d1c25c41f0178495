"""Files, perhaps compressed, and streams of their bytes."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from mlservice.adopt.sources.read_errors import as_user_error
from mlservice.errors import UserError

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
    """An existing file that is not empty."""

    path: Path
    ending: str  # of the uncompressed file, in lower case: ".csv" for data.csv.gz
    packing: str = ""  # "gzip" …
    member: str = ""  # of a zip file

    @property
    def name(self) -> str:
        """Return the name without the folder."""
        return self.path.name

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
    member = _only_member(path) if packing == "zip" else ""
    inside = Path(member or path.stem) if packing else path
    return File(path, inside.suffix.lower() or ".txt", packing, member)


def _only_member(path: Path) -> str:
    """Return the name of the only file in a zip file, metadata of macOS aside."""
    with as_user_error(path.name, "a zip file"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name[-1] != "/"]
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if len(names) != 1:
        raise UserError(
            f"{path.name} holds {len(names)} files ({', '.join(names[:5])}); "
            "unpack it and give one of them"
        )
    return names[0]
