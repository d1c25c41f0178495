"""Files of a prediction log: appended to, rotated, and removed when they are old.

Several processes may share a folder: each writes files of its own. A file is locked
while it is appended to or replaced, so that no line is lost between the two.
"""

import fcntl
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mlservice.errors import UserError

PATTERN = "predictions-*.jsonl"
DAY = 86_400  # seconds
CHECK_SECONDS = 60  # between two looks at the folder's size
RESERVE = 0.05  # of the disk, that stays free


@dataclass(frozen=True)
class Rotation:
    """When a new file begins, how long files are kept, and how large all may grow."""

    file_bytes: int = 64_000_000
    file_seconds: float = 3_600
    keep_days: float = 30
    folder_bytes: int = 10_000_000_000


class NoRoomError(Exception):
    """The folder has its largest size, or the disk is nearly full."""


class LogFiles:
    """The files that one process appends to, in a folder that others may share."""

    def __init__(self, folder: Path, header: bytes, rotation: Rotation) -> None:
        """Make the folder and its first file, which begins with the line `header`.

        Raise UserError if the folder cannot be written.
        """
        self._folder, self._header, self._rotation = folder, header, rotation
        self._file = -1
        self._opened = self._checked = -float("inf")
        self._size = self._total = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open()
        except OSError as error:
            raise UserError(
                f"cannot write a prediction log in {folder} ({error.strerror})"
            ) from error

    def append(self, lines: Sequence[bytes]) -> None:
        """Append lines, all or none of them.

        Raise NoRoomError if there is no room, and OSError if the disk fails.
        """
        data = b"".join(lines)
        self._check_room(len(data))
        if self._is_full(len(data)):
            self._open()
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            if not os.fstat(self._file).st_nlink:  # it was replaced or removed
                self._open()
            self._write(data)
        finally:
            if self._file >= 0:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; one without lines is removed."""
        if self._file < 0:
            return
        os.close(self._file)
        self._file = -1
        if self._size == len(self._header):
            self._path.unlink(missing_ok=True)

    def _write(self, data: bytes) -> None:
        """Append to the file; a part of the data that was written is taken back."""
        start = self._size
        try:
            while data:
                done = os.write(self._file, data)
                self._size += done
                data = data[done:]
        except OSError:
            os.ftruncate(self._file, start)
            self._size = start
            raise
        self._total += self._size - start

    def _is_full(self, more: int) -> bool:
        too_old = time.monotonic() - self._opened > self._rotation.file_seconds
        return too_old or self._size + more > self._rotation.file_bytes

    def _open(self) -> None:
        """Begin a new file, and remove those that are too old."""
        self.close()
        now, name = datetime.now(UTC), os.urandom(4).hex()
        self._path = self._folder / f"predictions-{now:%Y%m%dT%H%M%SZ}-{name}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._file, self._size = os.open(self._path, flags, 0o640), 0
        self._opened = time.monotonic()
        self._write(self._header)
        self._remove_old()

    def _remove_old(self) -> None:
        end = time.time() - self._rotation.keep_days * DAY
        for path in self._folder.glob(PATTERN):
            if _size_and_time(path)[1] < end:
                path.unlink(missing_ok=True)

    def _check_room(self, more: int) -> None:
        if time.monotonic() - self._checked > CHECK_SECONDS:
            self._checked = time.monotonic()
            found = map(_size_and_time, self._folder.glob(PATTERN))
            self._total = sum(size for size, _ in found)
            self._remove_old()
        if self._total + more > self._rotation.folder_bytes:
            raise NoRoomError(f"{self._folder} has {self._total} bytes")
        disk = os.statvfs(self._folder)
        if (
            disk.f_bavail * disk.f_frsize - more
            < RESERVE * disk.f_blocks * disk.f_frsize
        ):
            raise NoRoomError(f"the disk of {self._folder} is nearly full")


def _size_and_time(path: Path) -> tuple[int, float]:
    """Return size and time of the last change; of a file that has gone, (0, inf)."""
    try:
        found = path.stat()
    except OSError:
        return 0, float("inf")
    return found.st_size, found.st_mtime
