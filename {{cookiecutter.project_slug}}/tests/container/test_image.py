"""The image works, holds what it needs and nothing else, and can do no harm."""

import json
from itertools import islice
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.predict import (
    Predictor,
    read_rows,
)

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.docker

TRAINING = ("mlflow", "dvc", "sklearn", "pandas", "pip")


def leaves(value):
    """Yield what lies in nested JSON, with its names."""
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if not isinstance(value, list):
        yield value
        return
    for part in value:
        yield from leaves(part)


def test_it_is_healthy_and_predicts_as_this_process_does(service):
    rows = list(islice(read_rows(ROOT / "data/raw.csv"), 200))
    expected = Predictor.load(ROOT / "models/current").predict(rows)
    instances = [row.model_dump(mode="json", by_alias=True) for row in rows]
    status, answer = service.ask("/predict", {"instances": instances})
    assert status == 200
    for given, wanted in zip(answer["predictions"], expected, strict=True):
        there, here = leaves(given), leaves(wanted.model_dump(mode="json"))
        assert list(there) == pytest.approx(list(here), abs=1e-5)


def test_nobody_in_it_is_root(service):
    code, said = service.python("import os; print(os.getuid(), os.getgid())")
    assert (code, said.split()) == (0, ["10001", "10001"])


@pytest.mark.parametrize("path", ["/app/src/x", "/app/models/current/x", "/opt/x"])
def test_nothing_in_it_can_be_written(service, path):
    code, said = service.python(f"open({path!r}, 'w')")
    assert code and "Read-only file system" in said


def test_it_holds_no_training_package(service):
    asked = f"print([n for n in {TRAINING} if importlib.util.find_spec(n)])"
    assert service.python(f"import importlib.util; {asked}") == (0, "[]\n")


def test_a_model_that_is_mounted_is_served(running):
    where = f"{ROOT}/models/baseline:/app/models/current:ro"
    with running("--volume", where) as container:
        version = container.wait_until_ready()
    manifest = json.loads((ROOT / "models/baseline/manifest.json").read_text())
    assert version == manifest["model_version"]


def test_without_a_model_it_is_alive_and_says_why_it_is_not_ready(running):
    with running("--env", "SERVE_MODEL_DIR=/nowhere") as container:
        container.wait_until(lambda: container.ask("/healthz")[0] == 200, "alive")
        status, answer = container.ask("/readyz")
        assert status == 503 and "no model in /nowhere" in answer["detail"]
        assert container.ask("/predict", {"instances": []})[0] == 503
        assert container.state("Health.Status") != "healthy"
