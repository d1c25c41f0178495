"""Memory of a process, its peak, and a limit for it. Linux only."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MB = 1_000_000
GROUPS = Path("/sys/fs/cgroup")
RESET_PEAK = "5"  # for /proc/PID/clear_refs, as proc(5) says
MEASURABLE = os.access("/proc/self/clear_refs", os.W_OK)


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return _kilobytes(pid, "VmRSS") * 1024


def peak(pid: int) -> int:
    """Return the largest resident memory since the start or the last `reset_peak`, in bytes."""
    return _kilobytes(pid, "VmHWM") * 1024


def reset_peak(pid: int) -> None:
    """Set the peak to what is resident now."""
    Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK, encoding="ascii")


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def limited_group(limit: int) -> Iterator[Path | None]:
    """Make a control group with a memory limit in bytes; None where this machine allows none."""
    group = next((made for parent in _parents() if (made := _make(parent, limit))), None)
    try:
        yield group
    finally:
        for _ in range(50 if group else 0):  # its last process may be ending still
            with suppress(OSError):
                group.rmdir()
                break
            time.sleep(0.1)


def in_group(group: Path | None, command: list[str]) -> list[str]:
    """Return the command line that runs a command inside a control group."""
    return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs"), *command] if group else command


def _kilobytes(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) if found else 0  # a process that has ended has none


def _parents() -> list[Path]:
    """Return the groups in which one may be made: this process's own, and those above it, of versions 1 and 2."""
    found = []
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            root = GROUPS / "memory" if "memory" in controllers.split(",") else GROUPS
            if root != GROUPS or not controllers:
                own = root / path.lstrip("/")
                found += [own, *(above for above in own.parents if above.is_relative_to(root))]
    return found


def _make(parent: Path, limit: int) -> Path | None:
    """Make a group with a limit below another; return None where that is not allowed."""
    group = parent / f"hostile-{os.getpid()}-{time.monotonic_ns()}"
    try:
        group.mkdir()
    except OSError:
        return None
    for name in ("memory.max", "memory.limit_in_bytes"):
        with suppress(OSError):
            (group / name).write_text(str(limit), encoding="ascii")
            for swap in ("memory.swap.max", "memory.memsw.limit_in_bytes"):
                with suppress(OSError):
                    (group / swap).write_text(str(limit if "memsw" in swap else 0), encoding="ascii")
            return group
    group.rmdir()
    return None
