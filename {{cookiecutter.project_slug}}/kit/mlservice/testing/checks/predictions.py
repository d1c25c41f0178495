"""Checks of predictions: from the model's scores to answers and files."""

import math
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from mlservice.service import Service
from mlservice.testing.comparison import leaves, plain, same
from mlservice.testing.rows import instances_of, valid_rows
from mlservice.testing.toy_app import toy_predictor

LABELS = 200  # different ones of a metric, at most
RESULTS = 300  # predictions, to count their labels


def check_each_instance_gets_a_prediction(service: Service[Any, Any]) -> None:
    """Check that each instance gets one prediction; no instances get none."""
    instances = instances_of(service, valid_rows(service))
    predictor = toy_predictor(service)
    for count in (1, 2, len(instances)):
        some = (instances * 2)[:count]
        assert len(predictor.predict(some)) == count
    scores = predictor.score(service.encoding.encode([]))
    assert not service.decide([], scores, service.decision())


def check_predictions_are_of_their_type(service: Service[Any, Any]) -> None:
    """Check that a prediction has its documented type, and survives JSON."""
    for prediction in _predictions(service):
        assert isinstance(prediction, service.prediction)
        again = service.prediction.model_validate_json(prediction.model_dump_json())
        assert again == prediction


def check_predictions_are_finite(service: Service[Any, Any]) -> None:
    """Check that no number of a prediction is NaN or infinity."""
    for prediction in _predictions(service):
        numbers = [v for v in leaves(prediction.model_dump()) if isinstance(v, float)]
        assert all(map(math.isfinite, numbers)), prediction


def check_prediction_example_is_valid(service: Service[Any, Any]) -> None:
    """Check that the documented example of a prediction is valid."""
    given = _documented(service.prediction)
    assert given, f"no field of {service.prediction.__name__} has an example"
    if len(given) == len(service.prediction.model_fields):
        assert _is_valid(service.prediction, given), given


def check_files_hold_what_answers_hold(service: Service[Any, Any]) -> None:
    """Check that each value of a prediction stands in its row of a file, too."""
    instances, scores = _scored(service)
    decision = service.decision()
    columns = service.tabulate(instances, scores, decision)
    rows = zip(*(plain(values) for values in columns.values()), strict=True)
    predictions = service.decide(instances, scores, decision)
    for prediction, row in zip(predictions, rows, strict=True):
        values = [*leaves(list(row))]
        for value in leaves(prediction.model_dump()):
            assert any(same(value, one) for one in values), (value, row)


def check_labels_are_few(service: Service[Any, Any]) -> None:
    """Check that the metric's label is a short text with few values."""
    labels = set()
    (instance,) = instances_of(service, [service.example])
    width = len(service.encoding.names)
    rng = np.random.default_rng(0)
    predictor = toy_predictor(service)
    rows = service.encoding.encode([instance]).shape[0]
    for scale in 10.0 ** rng.uniform(-3, 6, RESULTS):
        matrix = rng.normal(scale=scale, size=(rows, width)).astype(np.float32)
        scores = predictor.score(matrix)
        (found,) = service.decide([instance], scores, service.decision())
        labels.add(service.label_of(found))
    assert all(isinstance(label, str) and 0 < len(label) <= 200 for label in labels)
    assert len(labels) <= min(LABELS, RESULTS // 2), f"{len(labels)} labels"


def check_decision_survives_the_manifest(service: Service[Any, Any]) -> None:
    """Check that a decision rule has a default, and comes back from JSON as it was."""
    decision = service.decision()
    again = service.decision.model_validate_json(decision.model_dump_json())
    assert again == decision


def _scored(service: Service[Any, Any]) -> tuple[list[Any], Any]:
    """Return instances and the scores of a toy model."""
    instances = instances_of(service, valid_rows(service))
    matrix = service.encoding.encode(instances)
    return instances, toy_predictor(service).score(matrix)


def _predictions(service: Service[Any, Any]) -> list[Any]:
    instances, scores = _scored(service)
    return service.decide(instances, scores, service.decision())


def _is_valid(model: type[BaseModel], given: Any) -> bool:
    try:
        model.model_validate(given)
    except ValidationError:
        return False
    return True


def _documented(model: type[BaseModel]) -> dict[str, Any]:
    """Return the examples of a model's fields, those of nested models too."""
    found = {}
    for name, field in model.model_fields.items():
        if field.examples:
            found[field.alias or name] = field.examples[0]
        elif isinstance(field.annotation, type(BaseModel)):
            found[field.alias or name] = _documented(field.annotation)
    return found
