"""Atomic replacement of a folder of files.

The new folder is written beside the old one and then renamed, so a killed process
leaves the old folder or the new one, never a mixture.
"""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def read(path: Path) -> bytes:
    """Read a file; raise OSError for a pipe or a device, which may never end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "Not a file", str(path))
    return path.read_bytes()


def swap(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder atomically by one with these files."""
    new, old = _beside(folder, "new"), _beside(folder, "old")
    if not folder.exists() and old.exists():  # a run was killed between the two renames
        old.rename(folder)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        _fill(new, files)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # on a full disk, half a model is waste
    shutil.rmtree(old, ignore_errors=True)


def present(folder: Path) -> Path:
    """Return the folder, or the old one if a run was killed between the two renames."""
    old = _beside(folder, "old")
    return old if not folder.exists() and old.exists() else folder


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and flush them to the disk."""
    for name, content in files.items():
        with (folder / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _beside(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.{word}")
