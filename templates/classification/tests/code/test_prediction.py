"""From the model's scores to a label and its probabilities."""

import numpy as np
import pytest
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    decide,
    label_of,
)
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    TARGET,
    Instance,
)

NEGATIVE, POSITIVE = TARGET.categories


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
        (0.0, [POSITIVE, POSITIVE, POSITIVE]),
        (0.5, [NEGATIVE, POSITIVE, POSITIVE]),  # a score on the threshold counts
        (0.51, [NEGATIVE, NEGATIVE, POSITIVE]),
        (1.0, [NEGATIVE, NEGATIVE, NEGATIVE]),
    ],
)
def test_the_threshold_decides_the_label(threshold, labels):
    predictions = decided(scores(0.25, 0.5, 0.75), threshold=threshold)
    assert [prediction.label for prediction in predictions] == labels


def test_probabilities_keep_their_classes_and_sum_to_one():
    prediction = decided(scores(0.3))[0]
    assert prediction.probabilities == {NEGATIVE: 0.7, POSITIVE: 0.3}
    again = type(prediction).model_validate(prediction.model_dump())
    assert again == prediction


def test_no_rows_give_no_predictions():
    assert not decided(scores())


def test_a_threshold_is_a_probability():
    with pytest.raises(ValidationError):
        Decision(threshold=1.5)


def test_the_metric_s_label_is_the_class():
    assert [label_of(p) for p in decided(scores(0.1, 0.9))] == [
        NEGATIVE,
        POSITIVE,
    ]
