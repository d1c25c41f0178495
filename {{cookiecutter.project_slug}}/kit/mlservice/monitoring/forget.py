"""Removal of one unit's lines from a prediction log, while services write it."""

import fcntl
import os
from pathlib import Path

from pydantic_core import from_json, to_json

from mlservice.atomic import replace_file
from mlservice.errors import UserError
from mlservice.monitoring.log_files import PATTERN


def forget(folder: Path, unit: str) -> int:
    """Remove the lines of a unit from all files of a log; return how many there were.

    Each file is locked while it is replaced: a service that writes it waits in its own
    thread, and goes on in a new file. Raise UserError if the folder holds no log.
    """
    paths = sorted(folder.glob(PATTERN)) if folder.is_dir() else []
    if not paths:
        raise UserError(f"{folder} holds no prediction log")
    return sum(_forget(path, unit) for path in paths)


def _forget(path: Path, unit: str) -> int:
    """Remove the lines of a unit from a file; return how many there were."""
    named = to_json(unit)  # most lines do not hold it, and are not parsed
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.readlines()
        kept = [line for line in lines if named not in line or not _is_of(line, unit)]
        if len(kept) < len(lines):
            mode = os.fstat(file.fileno()).st_mode
            replace_file(path, lambda new: _write(new, kept, mode))
    return len(lines) - len(kept)


def _is_of(line: bytes, unit: str) -> bool:
    try:
        found = from_json(line, allow_partial=True)  # one may have been cut by a kill
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("unit") == unit


def _write(path: Path, lines: list[bytes], mode: int) -> None:
    path.write_bytes(b"".join(lines))
    path.chmod(mode & 0o777)
