"""Fixtures of a service's tests: a project in which every stage has run once.

tests/conftest.py gives the fixtures `service`, `training` and `stages`. Nothing here
writes into the real project or uses the network.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import configuration, settings
from threadpoolctl import threadpool_limits

from mlservice.data.dataset import Dataset
from mlservice.data.files import load
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.proxies import exempt_loopback
from mlservice.service import Service
from mlservice.testing import strategies
from mlservice.training_spec import Training

Call = Callable[..., int]
SPLITS = ("train", "validation", "test")
EASY_GATE = {"resamples": 100, "min_gain": -1e300}  # code is tested, not the signal


def pytest_configure() -> None:
    """Draw the same examples on every run; ask services of this machine directly."""
    exempt_loopback()
    settings.register_profile(
        "steady", derandomize=True, database=None, deadline=None, max_examples=60
    )
    settings.load_profile("steady")
    folder = Path(tempfile.gettempdir()) / "hypothesis"
    configuration.set_hypothesis_home_dir(folder)


def call_with(main: Callable[[], int], *words: object) -> int:
    """Run a command's main() as if these words had been typed after its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["command", *map(str, words)])
        return main()


def _enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make `folder` the place where the stages read, write and keep their runs."""
    patch.chdir(folder)
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")


@pytest.fixture(scope="session")
def call() -> Call:
    """Return a function that runs a command with arguments; it gives the exit code."""
    return call_with


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Fit on one thread: for so few rows, several would mostly wait."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in an empty folder, whatever the caller's environment says."""
    for name in [name for name in os.environ if name.upper().startswith("SERVE_")]:
        monkeypatch.delenv(name)
    _enter(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def project(
    stages: Sequence[tuple[Any, ...]],
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Path:
    """Return a folder in which each stage has run once, with few rows. Only read it.

    TEST_PROJECT may name one that is there: one test then takes seconds.
    """
    if made := os.environ.get("TEST_PROJECT"):
        return Path(made)
    folder = tmp_path_factory.mktemp("project")
    text = (pytestconfig.rootpath / "params.yaml").read_text(encoding="utf-8")
    params = yaml.safe_load(text)
    params["gate"] |= EASY_GATE
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        _enter(folder, patch)
        for main, *words in stages:
            assert call_with(main, *words) == 0, f"{main.__module__} failed"
    return folder


@pytest.fixture
def own_project(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project that a test may change: the current folder."""
    folder = shutil.copytree(project, tmp_path / "own")
    _enter(folder, monkeypatch)
    return folder


@pytest.fixture(scope="session")
def predictor(service: Service[Any, Any], project: Path) -> Predictor[Any, Any]:
    """Return the model that passed the gate, loaded as the service loads it."""
    return Predictor(service, artifact.load(service, project / "models/current"))


@pytest.fixture(scope="session")
def raw(service: Service[Any, Any], project: Path) -> pd.DataFrame:
    """Return the raw rows, as read from the file."""
    return load(project / "data/raw.csv", service.columns)


@pytest.fixture(scope="session")
def splits(training: Training[Any, Any], project: Path) -> dict[str, Dataset]:
    """Return the splits by name: train, validation and test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return {name: training.read(name) for name in SPLITS}


@pytest.fixture(scope="session")
def params(training: Training[Any, Any], project: Path) -> Any:
    """Return the parameters of the project."""
    return training.params.load(project / "params.yaml")


@pytest.fixture(scope="session")
def scores(predictor: Predictor[Any, Any], splits: dict[str, Dataset]) -> Any:
    """Return the served model's scores of the test rows."""
    return predictor.model.scorer.run(splits["test"].matrix)


@pytest.fixture(scope="session")
def baseline_scores(
    service: Service[Any, Any], project: Path, splits: dict[str, Dataset]
) -> Any:
    """Return the baseline's scores of the test rows."""
    baseline = artifact.load(service, project / "models/baseline")
    return baseline.scorer.run(splits["test"].matrix)


@pytest.fixture(scope="session")
def measured(
    service: Service[Any, Any],
    training: Training[Any, Any],
    project: Path,
    splits: dict[str, Dataset],
    params: Any,
) -> dict[str, dict[str, float]]:
    """Return the metrics of candidate and baseline on the test rows, by their names.

    Each model is judged with its own decision.
    """
    test, found = splits["test"], {}
    for name in ("candidate", "baseline"):
        model = artifact.load(service, project / "models" / name)
        scores = model.scorer.run(test.matrix)
        metrics = training.metrics(params.decision, model.manifest.decision)
        found[name] = {n: m.compute(test.target, scores) for n, m in metrics.items()}
    return found


@pytest.fixture(scope="session")
def metric(params: Any, training: Training[Any, Any], predictor: Any) -> Any:
    """Return a function of name, target and scores: a metric of the served decision."""
    known = training.metrics(params.decision, predictor.model.manifest.decision)
    return lambda name, target, scores: known[name].compute(target, scores)


@pytest.fixture(scope="session")
def any_row(service: Service[Any, Any]) -> Any:
    """Return a Hypothesis strategy: every instance that the schema allows."""
    return strategies.instances(service)
