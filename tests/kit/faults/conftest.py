"""A service in a process of its own, a command that gives up, and processes that are killed."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from mlservice.errors import run
from mlservice.testing.toy_models import save_toy
from toys import training
from toys.regression import SERVICE

SERVE = ("-m", "toys.regression")
BODY = json.dumps({"instances": [SERVICE.example]})
TIMEOUT = 60  # seconds, on a busy machine
DYING = Path(__file__).with_name("dying.py")
WRITTEN = ("data", "models", "reports")  # by the stages


class RunningService:
    """A service in a process of its own."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def connect(self):
        """Open a connection that is kept."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def ask(self, method="POST", path="/predict", body=BODY):
        """Send a request on a new connection; return status and text of the answer."""
        connection = self.connect()
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def is_ready(self):
        """Return whether the service has a model."""
        try:
            return self.ask("GET", "/readyz", None)[0] == 200
        except OSError:
            assert self.process.poll() is None, "it ended"
            return False


@pytest.fixture(scope="session")
def until():
    """Return `until(met)`, which waits until met() is true, and fails after a timeout."""

    def wait(met):
        end = time.monotonic() + TIMEOUT
        while not met():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with two toy models, of which the candidate is served. Only read it."""
    folder = tmp_path_factory.mktemp("toys") / "models"
    save_toy(SERVICE, folder / "baseline", seed=1, name="baseline")
    save_toy(SERVICE, folder / "current", seed=2, name="candidate")
    return folder


@pytest.fixture
def two_models(models, tmp_path):
    """A copy of the two models in a folder that a test may change."""
    folder = tmp_path / "two"
    shutil.copytree(models, folder / "models")
    return folder


@pytest.fixture
def started(models, free_port, until):
    """Return `started(command, stdout, **settings)`: a context with a service that is ready."""

    @contextmanager
    def start(command=SERVE, stdout=subprocess.DEVNULL, **settings):
        known = {"PORT": free_port, "MODEL_DIR": models / "current"} | settings
        given = {f"SERVE_{name}": str(value) for name, value in known.items()}
        given["PYTHONUNBUFFERED"] = ""  # stdout as a shell gives it
        with subprocess.Popen([sys.executable, *command], env=os.environ | given, stdout=stdout) as process:
            service = RunningService(process, free_port)
            try:
                until(service.is_ready)
                yield service
            finally:
                process.kill()

    return start


@pytest.fixture(scope="session")
def ends(call):
    """Return `ends(main, *words)`: the one line with which a command gives up."""

    def end(main, *words):
        with pytest.raises(SystemExit) as ended:
            run(partial(call, main, *words))
        line = str(ended.value)
        assert line.startswith("error: ") and "\n" not in line
        return line

    return end


@pytest.fixture(scope="session")
def written():
    """Return `written(folder)`: every file that the stages wrote there, with its bytes."""

    def read(folder):
        paths = [path for name in WRITTEN for path in (folder / name).rglob("*")]
        return {str(path.relative_to(folder)): path.is_file() and path.read_bytes() for path in paths}

    return read


@pytest.fixture
def killed(tmp_path):
    """Return `killed(folder, setup, kills)`: copies of a folder, each as one killed process left it.

    `dying.py` says what a kill is.
    """

    def kill(folder, setup, kills):
        into = tmp_path / "left"
        order = {"setup": setup, "kills": kills, "folder": str(folder), "into": str(into)}
        alone = os.environ | {"OMP_NUM_THREADS": "1"}  # it forks: no other threads
        subprocess.run([sys.executable, DYING, json.dumps(order)], env=alone, check=True, timeout=TIMEOUT * 5)
        return sorted(into.iterdir(), key=lambda path: int(path.name))

    return kill


def enter(folder, patch):
    """Make `folder` the place where the stages read, write and keep their runs."""
    patch.chdir(folder)
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Fit with one thread: for so few rows, more of them only wait for each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory, call):
    """A folder in which the stages of the toy training have run once. Only read it."""
    folder = tmp_path_factory.mktemp("project")
    training.write_params(folder)
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        for stage in training.STAGES:
            assert call(stage) == 0, f"{stage} failed"
    return folder


@pytest.fixture
def own_project(project, tmp_path, monkeypatch):
    """A copy of the project that a test may change; it is the current folder."""
    folder = shutil.copytree(project, tmp_path / "own")
    enter(folder, monkeypatch)
    return folder


@pytest.fixture
def impatient():
    """Fail a test that waits without an end."""

    def hangs(*_):
        pytest.fail("it waits and waits")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(TIMEOUT // 2)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
