"""From the model's scores to a label and its probabilities."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from {{ cookiecutter.package_name }} import prediction
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    Prediction,
    decide,
    label_of,
)
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    TARGET,
    Instance,
)


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """Give the target classes by name, whatever the schema says."""

    def name(*classes):
        target = replace(TARGET, categories=classes)
        monkeypatch.setattr(prediction, "TARGET", target)

    name("no", "yes")
    return name


def scores(*positive):
    """Return float32 scores of shape (n, 2)."""
    given = np.array(positive, dtype=np.float32)
    return np.column_stack([1 - given, given])


def decided(given, **decision):
    """Decide on scores; the instances play no part."""
    rows = [Instance.model_validate(EXAMPLE)] * len(given)
    return decide(rows, given, Decision(**decision))


@pytest.mark.parametrize(
    ("threshold", "labels"),
    [
        (0.0, ["yes", "yes", "yes"]),
        (0.5, ["no", "yes", "yes"]),  # a score on the threshold counts
        (0.51, ["no", "no", "yes"]),
        (1.0, ["no", "no", "no"]),
    ],
)
def test_the_threshold_decides_between_two_classes(threshold, labels):
    predictions = decided(scores(0.25, 0.5, 0.75), threshold=threshold)
    assert [prediction.label for prediction in predictions] == labels


def test_without_a_threshold_the_most_probable_class_is_the_label(named):
    named("a", "b", "c")
    rows = np.array([[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0, 0, 1]], dtype=np.float32)
    assert [label_of(prediction) for prediction in decided(rows)] == ["a", "b", "c"]
    assert decided(rows)[2].probabilities == {"a": 0, "b": 0, "c": 1}


def test_probabilities_keep_their_classes_and_sum_to_one():
    found = decided(scores(0.3))[0]
    assert found.probabilities == {"no": 0.7, "yes": 0.3}
    assert Prediction.model_validate(found.model_dump()) == found


def test_no_rows_give_no_predictions():
    assert not decided(scores())


def test_the_documented_example_is_a_prediction():
    fields = Prediction.model_fields
    found = Prediction(**{name: field.examples[0] for name, field in fields.items()})
    assert list(found.probabilities) == list(TARGET.categories)
    assert sum(found.probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert found.label == max(found.probabilities, key=found.probabilities.get)


def test_a_threshold_is_a_probability():
    with pytest.raises(ValidationError):
        Decision(threshold=1.5)


@pytest.mark.parametrize("threshold", [None, 0.25])
def test_a_decision_comes_back_from_the_manifest(threshold):
    decision = Decision(threshold=threshold)
    assert Decision.model_validate_json(decision.model_dump_json()) == decision


def test_a_decision_is_told_in_words():
    assert str(Decision()) == "the most probable class"
    assert str(Decision(threshold=0.25)).endswith("from a probability of 0.25 on")
