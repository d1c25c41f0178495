"""Atomic replacement of files in several folders: all are written, or none."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from mlservice.errors import UserError

SUFFIX = ".adopting"  # of a new file, before it replaces the old one


def write_all(texts: Mapping[Path, str]) -> list[Path]:
    """Write each text to its path; return the paths whose content changed.

    Raise UserError if one cannot be written; then none is. A file that already holds
    its text is not touched.
    """
    changed = [path for path in texts if _content(path) != texts[path].encode()]
    before = {path: _content(path) for path in changed}
    try:
        for path in changed:
            _put_beside(path, texts[path].encode())
        for path in changed:
            os.replace(_beside(path), path)
    except BaseException as error:
        _restore(before)
        if isinstance(error, OSError):
            raise UserError(f"nothing was written: {error}") from error
        raise
    return changed


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{SUFFIX}")


def _put_beside(path: Path, content: bytes) -> None:
    """Write the content beside its path, with the mode of the present file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _beside(path).write_bytes(content)
    if path.exists():
        shutil.copymode(path, _beside(path))


def _restore(before: Mapping[Path, bytes | None]) -> None:
    """Restore the previous content of every file that was replaced."""
    for path in before:
        _beside(path).unlink(missing_ok=True)
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        elif _content(path) != content:
            _put_beside(path, content)
            os.replace(_beside(path), path)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
