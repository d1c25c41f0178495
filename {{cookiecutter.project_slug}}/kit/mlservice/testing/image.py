"""The image works, holds what it needs and nothing else, and can do no harm."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.predict import Predictor
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

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


@pytest.fixture(scope="module")
def here():
    """The same model in this process."""
    return Predictor.load(ROOT / "models/current")


@given(st.data())
def test_it_is_healthy_and_predicts_as_this_process_does(service, here, any_row, draws):
    rows = [EXAMPLE, *draws.draw(st.lists(any_row, min_size=1, max_size=4))]
    expected = here.predict([Instance.model_validate(row) for row in rows])
    status, answer = service.ask("/predict", {"instances": rows})
    assert status == 200
    for found, wanted in zip(answer["predictions"], expected, strict=True):
        numbers = list(leaves(wanted.model_dump(mode="json")))
        assert list(leaves(found)) == pytest.approx(numbers, abs=1e-5)


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
