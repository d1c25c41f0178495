"""A toy service in this process: an application with a model of its width; its logs."""

import http.client
import json
import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest
import structlog
from clients_under_stop import ask as status_of
from clients_under_stop import until
from own_endpoints import ADMIN, KEY, MOST, OTHER
from own_endpoints import extend as own
from fastapi.testclient import TestClient
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.serving import app, json_logs, model_loading, request_metrics, shutdown
from mlservice.serving.settings import Settings
from mlservice.testing.server_process import running
from mlservice.testing.strategies import instances
from toys.classification import SERVICE

TOY = "toys.classification"


@pytest.fixture(scope="session")
def model_folder(models):
    """The folder of the classification toy's model. Only read it."""
    return models / "classification"


@pytest.fixture(scope="session")
def predictor(model_folder):
    """The toy model, loaded as the service loads it."""
    return Predictor(SERVICE, artifact.load(SERVICE, model_folder))


@pytest.fixture(scope="session")
def any_row():
    """A hypothesis strategy: every instance that the schema allows, by column."""
    return instances(SERVICE)


@pytest.fixture(scope="session")
def serving(models):
    """Return `serving(**settings)`, a context with a client of a running service."""

    @contextmanager
    def start(service=SERVICE, extend=app.no_endpoints, **settings):
        settings = {"model_dir": models / service.task} | settings
        with TestClient(app.create_app(service, Settings(**settings), extend)) as client:
            yield client

    return start


@pytest.fixture(scope="module")
def client(serving):
    """A client of the service with its default limits."""
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def opened(serving):
    """A client of a service with endpoints of its own, which needs no key."""
    with serving(extend=own, max_body_bytes=MOST) as client:
        yield client


@pytest.fixture(scope="module")
def locked(serving):
    """A client of one that asks for a key."""
    with serving(extend=own, max_body_bytes=MOST, api_keys=f"{KEY},{OTHER}", admin_keys=ADMIN) as client:
        yield client


@pytest.fixture(scope="session")
def answering(models):
    """Return `answering(**settings)`, a context with the ports of a real server."""

    @contextmanager
    def start(extend=app.no_endpoints, service=SERVICE, **settings):
        given = {"model_dir": models / service.task, "port": 0, "drain_seconds": 0}
        chosen = Settings(**given | settings)
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(shutdown, "PENDING_SECONDS", 0)  # no client comes last here
            patch.setattr(shutdown, "INCOMPLETE_SECONDS", 0)
            ports = [stack.enter_context(each) for each in app.listeners(chosen)]
            server = app.server(service, chosen, extend)
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
def live(model_folder, tmp_path_factory):
    """The service in a process of its own: its address, and the file it logs into."""
    log = tmp_path_factory.mktemp("live") / "log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        with running(TOY, model_folder, log, SERVE_MAX_INSTANCES="20") as port:
            yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}", log=log)


@pytest.fixture
def process(model_folder, free_port):
    """The service in a process of its own that drains for two seconds."""
    settings = {"SERVE_PORT": str(free_port), "SERVE_MODEL_DIR": str(model_folder), "SERVE_DRAIN_SECONDS": "2"}
    with subprocess.Popen(
        [sys.executable, "-m", TOY],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,  # a full pipe would stop it
    ) as started:
        started.port = free_port
        until(lambda: status_of(free_port, "GET", "/readyz") == 200)
        yield started
        started.kill()


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
def log_lines(capfd, monkeypatch):
    """Return `log_lines()`: every line logged so far, each of which must be JSON."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    json_logs.configure("INFO")
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)  # the test's own client
    for module in (shutdown, request_metrics, model_loading, app):
        monkeypatch.setattr(module, "log", structlog.get_logger())

    def read():
        return [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    yield read
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level
