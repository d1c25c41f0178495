"""From the model's scores to a label, its probabilities, and a call for a person."""

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

FIRST, LAST = TARGET.categories[0], TARGET.categories[-1]


def scores(*first):
    """Return float32 scores (n, k): the rest of the probability is the last class's."""
    given = np.zeros((len(first), len(TARGET.categories)), dtype=np.float32)
    given[:, 0] = first
    given[:, -1] = 1 - given[:, 0]
    return given


def decided(given, **decision):
    """Decide on scores; the instances play no part."""
    rows = [Instance.model_validate(EXAMPLE)] * len(given)
    return decide(rows, given, Decision(**decision))


def test_the_most_probable_class_is_the_label():
    predictions = decided(scores(0.25, 0.75))
    assert [prediction.label for prediction in predictions] == [LAST, FIRST]
    assert [label_of(prediction) for prediction in predictions] == [LAST, FIRST]


@pytest.mark.parametrize(("threshold", "review"), [(0.75, False), (0.76, True)])
def test_who_is_less_sure_than_the_threshold_asks_for_a_person(threshold, review):
    for given in (0.25, 0.75):
        (prediction,) = decided(scores(given), threshold=threshold)
        assert prediction.review is review


def test_probabilities_keep_their_classes_and_sum_to_one():
    prediction = decided(scores(0.3))[0]
    assert list(prediction.probabilities) == list(TARGET.categories)
    assert prediction.probabilities[FIRST] == 0.3
    assert sum(prediction.probabilities.values()) == pytest.approx(1)
    again = type(prediction).model_validate(prediction.model_dump())
    assert again == prediction


def test_no_rows_give_no_predictions():
    assert not decided(scores())


def test_a_threshold_is_a_probability():
    with pytest.raises(ValidationError):
        Decision(threshold=1.5)
