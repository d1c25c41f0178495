"""Several processes that serve one port: for a machine that has cores to spare.

The parent takes the port and computes nothing: it starts its workers, starts another
for one that died, and passes on the signals that it gets.
"""

import contextlib
import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from types import FrameType

import structlog
from prometheus_client.multiprocess import mark_process_dead

from mlservice.serving.settings import Settings
from mlservice.serving.worker_metrics import FOLDER

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "150000 100000": one and a half cores
YOUNG = 10  # seconds; who lives longer has started
TRIES = 3  # again, if not one worker has started
LONGEST = 2.0  # seconds between a death and the next start

Work = Callable[[Settings, Sequence[socket]], None]

log = structlog.get_logger()


def cores() -> int:
    """Count the cores that this process may use: its own, and its container's."""
    try:
        mine = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no such thing
        mine = os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max 100000"
        quota, period = map(int, QUOTA.read_text(encoding="ascii").split())
        mine = min(mine, math.ceil(quota / period))
    return mine


def run(count: int, work: Work, settings: Settings, ports: Sequence[socket]) -> int:
    """Keep `count` processes at `work(settings, ports)` until a signal comes.

    Return 1 if they cannot start, and 0 when they were told to end.
    """
    with TemporaryDirectory(prefix="metrics-") as folder:
        os.environ[FOLDER] = folder  # workers find it there
        return _Crew(work, settings, ports).lead(count)


def signal_parent(number: int) -> None:
    """Let the parent pass a signal on, if this process is one of several workers."""
    if parent := multiprocessing.parent_process():
        os.kill(parent.pid or 0, number)


class _Crew:
    """The workers that live, and when each of them began."""

    def __init__(self, work: Work, settings: Settings, ports: Sequence[socket]) -> None:
        self._given = work, settings, ports
        self._ports = ports
        self._living: dict[SpawnProcess, float] = {}
        self._early = 0  # deaths before any had started
        self._started = self._ending = False

    def lead(self, count: int) -> int:
        """Start the workers, and others for those that die; return the exit code."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        signal.signal(signal.SIGHUP, lambda *_: self._tell(signal.SIGHUP))
        for _ in range(count):
            self._start()
        while self._living:
            sentinels = {worker.sentinel: worker for worker in self._living}
            for sentinel in wait(list(sentinels)):
                self._replace(sentinels[sentinel])  # type: ignore[index]
        return int(self._early > TRIES)

    def _start(self) -> None:
        worker = multiprocessing.get_context("spawn").Process(
            target=_begin, args=self._given
        )
        # It inherits this: as long as it has no model, there is none to load anew.
        heard = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        worker.start()
        signal.signal(signal.SIGHUP, heard)
        self._living[worker] = time.monotonic()
        log.info("worker started", worker=worker.pid)
        if self._ending:  # a signal came while it was started
            self._tell(signal.SIGTERM)

    def _replace(self, worker: SpawnProcess) -> None:
        """Start another for one that died, unless all are to end."""
        worker.join()
        mark_process_dead(worker.pid, os.environ[FOLDER])  # type: ignore[no-untyped-call]
        lived = time.monotonic() - self._living.pop(worker)
        if self._ending:
            return
        log.error("worker died", worker=worker.pid, exit_code=worker.exitcode)
        self._started = self._started or lived > YOUNG
        self._early += not self._started
        if self._early > TRIES:
            log.error("no worker can start: see the lines above")
            self._end()
            return
        time.sleep(min(LONGEST, 0.1 * 2**self._early) if lived < YOUNG else 0)
        if not self._ending:
            self._start()

    def _end(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Let all end; the port is theirs alone, so that it closes with the last."""
        self._ending = True
        for port in self._ports:
            port.close()
        self._tell(signal.SIGTERM)

    def _tell(self, number: int) -> None:
        for worker in list(self._living):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid or 0, number)


def _begin(work: Work, settings: Settings, ports: Sequence[socket]) -> None:
    """Work, in a process of its own, for as long as the parent lives."""
    threading.Thread(target=_follow, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches everybody
        work(settings, ports)


def _follow() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
