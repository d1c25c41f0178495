"""Toy services in processes of their own, to which tests send what no client should."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from toys import SERVICES

from hostile import memory
from hostile.clients import HOST, Target, request

TIMEOUT = 60  # seconds to start, on a busy machine


@pytest.fixture
def measurable():
    """Skip a test where the machine does not say how much memory a process has."""
    if not memory.MEASURABLE:
        pytest.skip("it needs /proc/PID/clear_refs, which Linux has")


@pytest.fixture(scope="session")
def started(models):
    """Return `started(task, **settings)`: a context with a process and its service, which is ready."""

    @contextmanager
    def start(task="classification", stdout=subprocess.DEVNULL, group=None, **settings):
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        known = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "SERVE_DRAIN_SECONDS": "0"}
        env = {name: text for name, text in os.environ.items() if not name.startswith("SERVE_")} | known
        env |= {"SERVE_PORT": str(port), "SERVE_MODEL_DIR": str(models / task)} | settings
        command = memory.in_group(group, [sys.executable, "-m", f"toys.{task}"])
        with subprocess.Popen(command, env=env, stdout=stdout, stderr=subprocess.STDOUT) as process:
            try:
                until(lambda: request(port, "GET", "/readyz").status == 200, process)
                yield process, Target(process.pid, port, SERVICES[task].example)
            finally:
                process.kill()

    return start


@pytest.fixture(scope="module")
def target(started):
    """A service that the tests of a file share."""
    with started() as (_, service):
        yield service


def until(met, process):
    """Wait until met() is true; fail if the process ends or time is up before."""
    end = time.monotonic() + TIMEOUT
    while not met():
        assert process.poll() is None, "the service ended"
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
