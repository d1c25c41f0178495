"""Run a service on one core, watch all of its processes, and stop every one of them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from common import tool
from trial import fetch, free_port  # in tools/, where common looks

TICKS = os.sysconf("SC_CLK_TCK")  # a second, in /proc/PID/stat
PAGE = os.sysconf("SC_PAGE_SIZE") / 2**20  # MiB
PATIENCE = 60  # seconds for a service to start
GRACE = 8  # seconds to end by itself, for what SIGTERM reached
PAUSE = 0.02  # seconds between two looks whether a service is ready
QUIET = 0.1  # of a core: what a service that rests may use, such as a supervisor that looks around
LONGEST_REST = 15  # seconds


class NotStarted(SystemExit):
    """A service that did not start; where nobody catches it, the benchmark ends with its sentence."""


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; none where the process is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return []


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and that nobody asked about does not."""
    return (stat(pid) or ["Z"])[0] != "Z"


def tree(root: int) -> set[int]:
    """Return a process with all that it started: its descendants, and whoever is in its session."""
    everyone = {int(path.name): stat(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    found, before = {root}, 0
    while len(found) > before:
        before = len(found)
        found |= {pid for pid, s in everyone.items() if s and (int(s[1]) in found or int(s[3]) == root)}
    return found


@dataclass(frozen=True)
class Service:
    """A service that runs."""

    process: subprocess.Popen
    address: str
    ready: float  # seconds from its start until it answered

    def cpu(self) -> float:
        """Return the processor time that its processes used so far, in seconds."""
        return sum(sum(map(int, s[11:15])) for s in map(stat, tree(self.process.pid)) if s) / TICKS

    def resident(self) -> float:
        """Return the resident memory of its processes, in MiB; what two of them share counts twice."""
        return sum(int(s[21]) for s in map(stat, tree(self.process.pid)) if s) * PAGE

    def rest(self) -> None:
        """Wait until it has finished what nobody waits for any more: the next burst must find the core free."""
        for _ in range(LONGEST_REST * 5):
            used = self.cpu()
            time.sleep(0.2)
            if self.cpu() - used <= 0.2 * QUIET:
                return

    @contextlib.contextmanager
    def alone(self, others: Iterable["Service"]) -> Iterator[None]:
        """Stop the others until the block ends: what looks around while it rests takes time and caches from all."""
        stopped = [pid for other in others if other is not self for pid in tree(other.process.pid)]
        try:
            _send(signal.SIGSTOP, stopped)
            yield
        finally:
            _send(signal.SIGCONT, stopped)


def _send(number: int, pids: Iterable[int]) -> None:
    """Send a signal to the processes that are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def cores() -> tuple[str, str]:
    """Choose a core for the services and another for wrk."""
    found = sorted(os.sched_getaffinity(0))
    return (str(found[0]), str(found[1])) if len(found) > 1 else sys.exit("this benchmark needs two cores")


def pinned(core: str, *words: str) -> list[str]:
    """Return the words that run a command, with all that it starts, on one core."""
    return [tool("taskset"), "--cpu-list", core, *words]


def stop(process: subprocess.Popen, grace: float = GRACE) -> None:
    """End a process and all that it started: first kindly, then surely."""
    family = tree(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=grace)
    family |= tree(process.pid)  # its session outlives it
    _send(signal.SIGKILL, family)
    process.wait()
    while any(map(alive, family)):  # not for long, and then their ports are free
        time.sleep(0.01)


def wait_for(process: subprocess.Popen, ready: Callable[[], object], log: Path) -> None:
    """Wait until `ready` raises no OSError any more; raise NotStarted where that never happens."""
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            ready()
            return
        time.sleep(PAUSE)
    why = f"ended with {process.returncode}" if process.returncode is not None else f"no answer in {PATIENCE} s"
    raise NotStarted(f"{why}; its log ends:\n{log.read_text(encoding='utf-8', errors='replace')[-1500:]}")


@contextlib.contextmanager
def running(log: Path, port: int, command: list[str], ready: Callable[[str], object], **options) -> Iterator[Service]:
    """Run a service on the first core until the block ends; `ready` asks it, given its address."""
    address, began = f"http://127.0.0.1:{port}", time.monotonic()
    command = [tool("setpriv"), "--pdeathsig", "TERM", *pinned(cores()[0], *command)]  # no benchmark, no service
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, **options)
        try:
            wait_for(process, lambda: ready(address), log)
            yield Service(process, address, time.monotonic() - began)
        finally:
            stop(process)


@contextlib.contextmanager
def served(project: Path, log: Path) -> Iterator[Service]:
    """Run a rendered project's service on the first core, as `make serve` does, until the block ends."""
    [package] = (path.parent.name for path in (project / "src").glob("*/serve.py"))
    port = free_port()
    command = [str(project / ".venv" / "bin" / "python"), "-m", f"{package}.serve"]
    env = {**os.environ, "SERVE_PORT": str(port)}
    with running(log, port, command, lambda at: fetch(f"{at}/readyz"), cwd=project, env=env) as service:
        yield service
