"""MLflow is gone, or says nothing: that is told soon, and what is there stays."""

import json
import os
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from requests import HTTPError

from mlservice.errors import UserError
from mlservice.model import mlflow_registry
from mlservice.model.artifact import ArtifactError
from mlservice.training import mlflow_run
from toys import training
from toys.regression import SERVICE

EXPERIMENT = {"experiment_id": "1", "name": SERVICE.name, "lifecycle_stage": "active"}
RUN = {"run_id": "7", "run_uuid": "7", "experiment_id": "1", "status": "RUNNING"}
ANSWERS = {  # of an MLflow that lives, by the end of the path
    "get-by-name": {"experiment": EXPERIMENT | {"artifact_location": "/nowhere"}},
    "create": {"run": {"info": RUN | {"artifact_uri": "/nowhere"}, "data": {}}},
}


@pytest.fixture
def silent():
    """The address of a server that takes every connection and answers none."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def serving_pages():
    """Return `serving_pages(answer)`, a context: a server that does as answer(path)."""

    @contextmanager
    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            """Answers every method as answer(path) does."""

            def do_GET(self):  # pylint: disable=invalid-name  # the base asks for it
                self.rfile.read(int(self.headers.get("content-length", 0)))
                answer(self)

            do_POST = do_PATCH = do_GET  # pylint: disable=invalid-name

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()

    return start


@pytest.fixture
def one_try(monkeypatch):
    """Let MLflow's client try once, for a second."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")


@pytest.mark.usefixtures("impatient", "one_try")
def test_training_does_not_wait_for_a_silent_server(silent, own_project, ends, written, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", silent)
    before = written(own_project)
    assert ends(training.train).startswith(f"error: MLflow at {silent} refused")
    assert written(own_project) == before


@pytest.mark.usefixtures("impatient", "one_try", "own_project")
@pytest.mark.parametrize("lives", [3, 7])
def test_a_server_that_dies_during_a_run_is_one_sentence(lives, serving_pages, ends, written, monkeypatch):
    asked = []  # 3: then come the parameters; 7: both models lie there to be registered

    def answer(request):
        asked.append(request.path)
        if len(asked) > lives:
            request.connection.close()
            return
        end = request.path.partition("?")[0].rpartition("/")[2]
        request.send_response(200)
        request.send_header("content-type", "application/json")
        request.end_headers()
        request.wfile.write(json.dumps(ANSWERS.get(end, {})).encode())

    before = written(Path())
    made = ("models/baseline", "models/candidate")
    with serving_pages(answer) as uri:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        assert ends(training.train).startswith(f"error: MLflow at {uri} refused")
    assert len(asked) > lives
    for path, content in written(Path()).items():
        assert path.startswith(made) or content == before[path]


def test_nobody_waits_for_minutes_unless_told_to(monkeypatch):
    def refuse(_):
        raise MlflowException("gone")

    names = ("MLFLOW_HTTP_REQUEST_TIMEOUT", "MLFLOW_HTTP_REQUEST_MAX_RETRIES")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(mlflow, "set_experiment", refuse)
    with pytest.raises(UserError), mlflow_run.run(SERVICE.name):
        pass
    timeout, retries = (int(os.environ[name]) for name in names)
    assert timeout * (retries + 1) <= 60


@pytest.mark.usefixtures("own_project")
def test_a_server_that_takes_no_files_is_one_sentence():
    with pytest.raises(UserError, match="MLflow at .* refused .507 Insufficient"):
        with mlflow_run.run(SERVICE.name):
            raise HTTPError("507 Insufficient Storage")


def fetch(uri):
    return mlflow_registry.fetch(SERVICE, "champion", {"MLFLOW_TRACKING_URI": uri})


@pytest.mark.usefixtures("impatient")
def test_fetching_does_not_wait_for_a_silent_server(silent, monkeypatch):
    monkeypatch.setattr(mlflow_registry, "TIMEOUT", 0.2)
    with pytest.raises(ArtifactError, match=f"no MLflow answers at {silent}"):
        fetch(silent)


@pytest.mark.usefixtures("impatient")
def test_fetching_does_not_wait_for_one_that_drips(serving_pages, monkeypatch):
    over = threading.Event()

    def drip(request):
        request.send_response(200)
        request.end_headers()
        for _ in range(200):  # much longer than what is waited for
            over.wait(0.02)
            request.wfile.write(b" ")

    monkeypatch.setattr(mlflow_registry, "LONGEST", 0.3)
    with serving_pages(drip) as uri:
        with pytest.raises(ArtifactError, match="more than 0.3 s for one file"):
            fetch(uri)
        over.set()


def test_an_answer_that_breaks_off_is_told(serving_pages):
    def break_off(request):
        request.send_response(200)
        request.send_header("content-length", "100")
        request.end_headers()
        request.wfile.write(b"{}")

    with serving_pages(break_off) as uri:
        with pytest.raises(ArtifactError, match="no MLflow answers.*IncompleteRead"):
            fetch(uri)
