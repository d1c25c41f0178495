"""What the library's tests share: steady examples, an empty folder for each test, commands called as typed."""

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import configuration, settings
from mlservice.testing.toy_models import save_toy
from threadpoolctl import threadpool_limits
from toys import SERVICES

# The same examples on every run, and no time limit: a slow machine is no defect.
settings.register_profile("steady", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("steady")
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")

HERE = Path(__file__).parent
IMPORTED = (HERE, HERE.parents[1] / "{{cookiecutter.project_slug}}/kit")  # by processes that a test starts


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Run each test in an empty folder, whatever the caller's environment says."""
    for name in [name for name in os.environ if name.upper().startswith("SERVE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, IMPORTED)))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def call():
    """Return `call(main, *words)`: run a command's main() as if these words had been typed after its name."""

    def call(main, *words):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["command", *map(str, words)])
            return main()

    return call


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with a toy model for each task, by its name. Only read it."""
    folder = tmp_path_factory.mktemp("models")
    for task, service in SERVICES.items():
        save_toy(service, folder / task, metrics={"log_loss": 0.5})
    return folder


@pytest.fixture
def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Fit with one thread: for so few rows, more of them only wait for each other."""
    with threadpool_limits(limits=1):
        yield
