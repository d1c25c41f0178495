"""Servers in processes of their own, on ports of this machine that were free."""

import socket
import subprocess
import time
from contextlib import contextmanager

TIMEOUT = 20  # seconds, on a busy machine


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(met, what):
    """Wait until met() is true; fail if it does not become so in time."""
    end = time.monotonic() + TIMEOUT
    while not met():
        assert time.monotonic() < end, f"{what}: not within {TIMEOUT} s"
        time.sleep(0.02)


@contextmanager
def serving(command, port, log, **more):
    """Run a server until the block ends; enter the block once it takes connections."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, **more) as process:
        try:
            until(lambda: process.poll() is not None or _listens(port), command[0])
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield
        finally:
            process.terminate()
            try:
                process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()


def _listens(port):
    """Return True if the port takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
