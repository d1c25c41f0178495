"""The service in this process: an application with the project's model; its logs."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }} import (
    lifecycle,
    logs,
    observe,
    reload,
    serve,
)
from {{ cookiecutter.package_name }}.config import Settings

PATIENCE = 30  # seconds until a start or a stop counts as failed


@pytest.fixture(scope="session")
def serving(project):
    """Return `serving(**settings)`, a context with a client of a running service."""

    @contextmanager
    def start(**settings):
        settings = {"model_dir": project / "models/current"} | settings
        with TestClient(serve.create_app(Settings(**settings))) as client:
            yield client

    return start


@pytest.fixture(scope="module")
def client(serving):
    """A client of the service with its default limits."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def answering(project):
    """Return `answering(**settings)`, a context with the ports of a real server."""

    @contextmanager
    def start(**settings):
        given = {"model_dir": project / "models/current", "port": 0, "drain_seconds": 0}
        chosen = Settings(**given | settings)
        with ExitStack() as stack:
            ports = [stack.enter_context(each) for each in serve.listeners(chosen)]
            server = serve.server(chosen)
            thread = threading.Thread(target=server.run, kwargs={"sockets": ports})
            thread.start()
            while thread.is_alive() and not server.started:
                time.sleep(0.01)
            try:
                yield [each.getsockname()[1] for each in ports]
            finally:
                server.should_exit = True
                thread.join()

    return start


@pytest.fixture(scope="session")
def listening(answering):
    """Return `listening(**settings)`, a context with the port of a real server."""

    @contextmanager
    def start(**settings):
        with answering(grace_seconds=1, **settings) as [port]:
            yield port

    return start


@pytest.fixture(scope="session")
def live(project, tmp_path_factory):
    """The service in a process of its own: its address, and the file it logs into."""
    log = tmp_path_factory.mktemp("live") / "log"
    env = {name: os.environ[name] for name in os.environ if "SERVE_" not in name}
    model = project / "models/current"
    settings = {"PORT": "0", "MODEL_DIR": str(model), "MAX_INSTANCES": "20"}
    env |= {f"SERVE_{name}": value for name, value in settings.items()}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", serve.__name__],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        port = announced(log, process)
        url = f"http://127.0.0.1:{port}"
        yield SimpleNamespace(port=port, url=url, log=log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def announced(log, process):
    """Return the port that a service logs, once it is ready; fail if it never is."""
    for _ in range(PATIENCE * 20):
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        if any(line["event"] == "ready" for line in lines):
            return lines[0]["port"]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    return pytest.fail(f"the service is not ready: {log.read_text('utf-8')}")


@pytest.fixture
def log_lines(capsys, monkeypatch):
    """Return `log_lines()`: every line logged so far, each of which must be JSON."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("INFO")
    for module in (lifecycle, observe, reload, serve):
        monkeypatch.setattr(module, "log", structlog.get_logger())

    def read():
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level
