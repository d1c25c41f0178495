"""Toy services in processes of their own, to which tests send what no client should."""

import importlib
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from mlservice.testing.toy_models import save_toy

from hostile import memory
from hostile.clients import HOST, Target, request

TIMEOUT = 60  # seconds to start, on a busy machine


@pytest.fixture
def measurable():
    """Skip a test where the machine does not say how much memory a process has."""
    if not memory.MEASURABLE:
        pytest.skip("it needs /proc/PID/clear_refs, which Linux has")


@pytest.fixture(scope="session")
def model_of(tmp_path_factory):
    """Return `model_of(task)`: the service of a task and the folder of its model. Only read it."""
    folder = tmp_path_factory.mktemp("models")

    def model(task):
        service = importlib.import_module(f"toys.{task}").SERVICE
        if not (folder / task).exists():
            save_toy(service, folder / task)
        return service, folder / task

    return model


@pytest.fixture(scope="session")
def started(model_of):
    """Return `started(task, **settings)`: a context with a process and its service, which is ready."""

    @contextmanager
    def start(task="classification", stdout=subprocess.DEVNULL, group=None, **settings):
        service, model = model_of(task)
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        known = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "SERVE_DRAIN_SECONDS": "0"}
        env = {name: text for name, text in os.environ.items() if not name.startswith("SERVE_")} | known
        env |= {"SERVE_PORT": str(port), "SERVE_MODEL_DIR": str(model)} | settings
        command = memory.in_group(group, [sys.executable, "-m", f"toys.{task}"])
        with subprocess.Popen(command, env=env, stdout=stdout, stderr=subprocess.STDOUT) as process:
            try:
                until(lambda: request(port, "GET", "/readyz").status == 200, process)
                yield process, Target(process.pid, port, service.example)
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
