"""From the model's scores to a label and its probabilities."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from {{ cookiecutter.package_name }} import prediction
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    decide,
    label_of,
    tabulate,
)


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """Give the target classes by name, whatever the schema says."""

    def name(*classes):
        target = replace(prediction.TARGET, categories=classes)
        monkeypatch.setattr(prediction, "TARGET", target)

    name("no", "yes")
    return name


def scores(*positive):
    """Return float32 scores of shape (n, 2)."""
    given = np.array(positive, dtype=np.float32)
    return np.column_stack([1 - given, given])


def decided(given, **decision):
    """Decide on scores; the instances play no part."""
    return decide([None] * len(given), given, Decision(**decision))


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
    given = scores(0.25, 0.5, 0.75)
    predictions = decided(given, threshold=threshold)
    assert [each.label for each in predictions] == labels
    columns = tabulate([], given, Decision(threshold=threshold))
    assert columns["label"].tolist() == labels


def test_without_a_threshold_the_most_probable_class_is_the_label(named):
    named("a", "b", "c")
    rows = np.array([[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0, 0, 1]], dtype=np.float32)
    assert [label_of(each) for each in decided(rows)] == ["a", "b", "c"]
    assert decided(rows)[2].probabilities == {"a": 0, "b": 0, "c": 1}
    assert tabulate([], rows, Decision())["label"].tolist() == ["a", "b", "c"]


def test_probabilities_keep_their_classes_and_sum_to_one():
    found = decided(scores(0.3))[0]
    assert found.probabilities == {"no": 0.7, "yes": 0.3}


def test_a_threshold_is_a_probability():
    with pytest.raises(ValidationError):
        Decision(threshold=1.5)


def test_a_decision_is_told_in_words():
    assert str(Decision()) == "the most probable class"
    assert str(Decision(threshold=0.25)).endswith("from a probability of 0.25 on")
