"""The service in a process of its own, a command that gives up, and who kills."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import stopping

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.errors import run
from {{ cookiecutter.package_name }}.schema import EXAMPLE

SERVE = ("-m", serve.__package__)
BODY = json.dumps({"instances": [EXAMPLE]})
PATIENCE = 60  # seconds, on a busy machine
DYING = Path(__file__).with_name("dying.py")
KEPT = ("data", "models", "reports")  # what the stages write


class Service:
    """A running service."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def connect(self):
        """Open a connection that is kept."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method="POST", path="/predict", body=BODY):
        """Ask on a new connection; return the status and the text of the answer."""
        connection = self.connect()
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def is_ready(self):
        """Tell whether it has a model."""
        try:
            return self.ask("GET", "/readyz", None)[0] == 200
        except OSError:
            assert self.process.poll() is None, "it ended"
            return False


@pytest.fixture(scope="session")
def until():
    """Return `until(met)`, which waits for met() and fails if it never comes true."""
    return partial(stopping.until, patience=PATIENCE)


@pytest.fixture
def started(project, free_port, until):
    """Return `started(command, stdout, **settings)`: a service that is ready."""

    @contextmanager
    def start(command=SERVE, stdout=subprocess.DEVNULL, **settings):
        known = {"PORT": free_port, "MODEL_DIR": project / "models/current"} | settings
        given = {f"SERVE_{name}": str(value) for name, value in known.items()}
        given["PYTHONUNBUFFERED"] = ""  # stdout as a shell gives it
        with subprocess.Popen(
            [sys.executable, *command], env=os.environ | given, stdout=stdout
        ) as process:
            service = Service(process, free_port)
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
            run(lambda: call(main, *words))
        line = str(ended.value)
        assert line.startswith("error: ") and "\n" not in line
        return line

    return end


@pytest.fixture(scope="session")
def kept():
    """Return `kept(folder)`: all that the stages keep there, byte for byte."""

    def read(folder):
        paths = [path for name in KEPT for path in (folder / name).rglob("*")]
        return {
            str(path.relative_to(folder)): path.is_file() and path.read_bytes()
            for path in paths
        }

    return read


@pytest.fixture
def killed(tmp_path):
    """Return `killed(folder, setup, kills)`: the copies of a folder that kills left.

    What that means is told in `dying.py`.
    """

    def kill(folder, setup, kills):
        into = tmp_path / "left"
        order = {"setup": setup, "kills": kills, "folder": str(folder)}
        command = [sys.executable, DYING, json.dumps(order | {"into": str(into)})]
        alone = os.environ | {"OMP_NUM_THREADS": "1"}  # it forks: no other threads
        subprocess.run(command, env=alone, check=True, timeout=PATIENCE * 5)
        return sorted(into.iterdir(), key=lambda path: int(path.name))

    return kill


@pytest.fixture
def two_models(project, tmp_path):
    """A folder whose served model is the candidate, with the baseline beside it."""
    folder = tmp_path / "two"
    for name in ("baseline", "current"):
        shutil.copytree(project / "models" / name, folder / "models" / name)
    return folder


@pytest.fixture
def impatient():
    """Fail a test that waits for ever."""

    def hangs(*_):
        pytest.fail("it waits and waits")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(PATIENCE // 2)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
