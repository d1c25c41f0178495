"""The service in this process: an application with the project's model; its logs."""

import http.client
import json
import logging
import threading
import time
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest
import structlog
from fastapi.testclient import TestClient
from running import running

from {{ cookiecutter.package_name }} import (
    lifecycle,
    logs,
    observe,
    reload,
    serve,
)
from {{ cookiecutter.package_name }}.config import Settings


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
    with serving() as served:
        yield served


@pytest.fixture(scope="session")
def answering(project):
    """Return `answering(**settings)`, a context with the ports of a real server."""

    @contextmanager
    def start(**settings):
        given = {"model_dir": project / "models/current", "port": 0, "drain_seconds": 0}
        chosen = Settings(**given | settings)
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(lifecycle, "LAST_CALL", 0)  # here nobody comes last
            patch.setattr(lifecycle, "PATIENCE", 0)
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
    model = project / "models/current"
    with running(model, log, SERVE_MAX_INSTANCES="20") as port:
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}", log=log)


@pytest.fixture(scope="session")
def ask():
    """Return `ask(port, *request)`: answer and content; None where nobody listens."""

    def answer(port, *request):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request(*request)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        except ConnectionRefusedError:
            return None, ""
        finally:
            connection.close()

    return answer


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
