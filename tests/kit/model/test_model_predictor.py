"""The path that requests, files and tests share: instances in, predictions out."""

from types import SimpleNamespace

import numpy as np
import pytest

from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.testing.toy_models import save_toy
from toys import SERVICES

TASKS = pytest.mark.parametrize("task", SERVICES)


def predictor_of(task, folder):
    """Return the toy service of a task with a loaded model."""
    save_toy(SERVICES[task], folder / task)
    return Predictor(SERVICES[task], artifact.load(SERVICES[task], folder / task))


@TASKS
def test_predictions_have_the_order_and_the_model_of_the_service(task, tmp_path):
    service, predictor = SERVICES[task], predictor_of(task, tmp_path)
    instances = [service.instance.model_validate(service.example)] * 3
    found = predictor.predict(instances)
    assert found == predictor.predict(instances[:1]) * 3
    assert all(isinstance(one, service.prediction) for one in found)
    assert predictor.version == predictor.model.manifest.sha256[:12]


@TASKS
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_score_that_is_no_number_is_never_passed_on(value, task, tmp_path):
    predictor = predictor_of(task, tmp_path)
    broken = SimpleNamespace(run=lambda matrix: np.full((len(matrix), 2), value))
    predictor.model = SimpleNamespace(scorer=broken, manifest=predictor.model.manifest)
    with pytest.raises(ArithmeticError, match="not a number"):
        predictor.predict([SERVICES[task].instance.model_validate(SERVICES[task].example)])


def test_a_model_that_cannot_predict_the_example_is_no_predictor(tmp_path):
    service = SERVICES["classification"]
    save_toy(service, tmp_path / "model")
    loaded = artifact.load(service, tmp_path / "model")
    broken = SimpleNamespace(run=lambda matrix: np.full((len(matrix), 2), np.nan))
    with pytest.raises(ArithmeticError):
        Predictor(service, SimpleNamespace(scorer=broken, manifest=loaded.manifest))
