"""What tests share: a project in a temporary folder, in which every stage has run once.

Nothing here writes into the real project or uses the network.
"""

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import configuration, settings
from strategies import ROWS, instances
from threadpoolctl import threadpool_limits

from {{ cookiecutter.package_name }} import (
    data,
    evaluate,
    sample,
    train,
)
from {{ cookiecutter.package_name }}.predict import Predictor

ROOT = Path(__file__).parents[1]

# The same examples on every run, and no time limit: a slow machine is no defect.
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, max_examples=60
)
settings.load_profile("steady")
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")


def call_with(main, *words):
    """Run a command's main() as if these words had been typed after its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["command", *map(str, words)])
        return main()


def enter(folder, patch):
    """Make `folder` the place where the stages read, write and keep their runs."""
    patch.chdir(folder)
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")


@pytest.fixture
def free_port():
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def hardened():
    """How the image is run: as the Kubernetes manifest states; a test compares."""
    return (
        "--read-only",
        "--tmpfs=/tmp",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--memory=256m",
    )


@pytest.fixture(scope="session")
def call():
    """Return `call(main, *words)`, which gives the command's exit code."""
    return call_with


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Fit with one thread: for so few rows, more of them only wait for each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A folder in which sample → data → train → evaluate have run. Only read it.

    TEST_PROJECT may name one that is there: one test then takes seconds.
    """
    if made := os.environ.get("TEST_PROJECT"):
        return Path(made)
    folder = tmp_path_factory.mktemp("project")
    knobs = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    knobs["gate"]["resamples"] = 100
    knobs["gate"]["min_gain"] = -1e300  # tests of the code need no signal in the sample
    (folder / "params.yaml").write_text(yaml.safe_dump(knobs), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        call_with(sample.main, "--rows", ROWS)
        for stage in (data, train, evaluate):
            assert call_with(stage.main) == 0, f"{stage.__name__} failed"
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Run each test in an empty folder, whatever the caller's environment says."""
    for name in [name for name in os.environ if name.upper().startswith("SERVE_")]:
        monkeypatch.delenv(name)
    enter(tmp_path, monkeypatch)


@pytest.fixture
def own_project(project, tmp_path, monkeypatch):
    """A copy of the project that a test may change; it is the current folder."""
    folder = shutil.copytree(project, tmp_path / "own")
    enter(folder, monkeypatch)
    return folder


@pytest.fixture(scope="session")
def predictor(project):
    """The model that passed the gate, loaded as the service loads it."""
    return Predictor.load(project / "models/current")


@pytest.fixture(scope="session")
def raw(project):
    """The raw rows, as read from the file."""
    return data.load(project / "data/raw.csv")


@pytest.fixture(scope="session")
def parts(project):
    """The prepared parts by name: each has rows, matrix and target."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return {name: data.read(name) for name in ("train", "validation", "test")}


@pytest.fixture(scope="session")
def any_row():
    """A hypothesis strategy: every instance that the schema allows, by column."""
    return instances()
