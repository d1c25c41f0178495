"""From the model's scores to a value and its interval."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.prediction import (
    BANDS,
    DIGITS,
    HIGH,
    LOW,
    Decision,
    Prediction,
    Range,
    decide,
    label_of,
)

WIDTH = HIGH - LOW


def at(*shares):
    """Return what lies at these shares of the way from the least to the greatest."""
    return [LOW + share * WIDTH for share in shares]


def only(scores, **decision):
    """Return the one prediction of one row of scores."""
    given = np.array([scores], dtype=np.float32)
    (found,) = decide([None], given, Decision(**decision))
    return found


def test_the_interval_is_widened_by_the_margin():
    found = only(at(0.4, 0.3, 0.6), margin=0.1 * WIDTH)
    value, low, high = at(0.4, 0.2, 0.7)
    hair = 1e-5 * WIDTH  # the answer is rounded
    assert found.value == pytest.approx(value, abs=hair)
    assert found.interval.low == pytest.approx(low, abs=hair)
    assert found.interval.high == pytest.approx(high, abs=hair)


@pytest.mark.parametrize(
    "shares", [(-0.5, -0.9, -0.1), (4, 3, 5), (0.1, 0.2, 0.3), (0, 1, 0)]
)
def test_value_and_interval_are_in_order_and_possible(shares):
    found = only(at(*shares), margin=-0.01 * WIDTH)
    assert LOW <= found.interval.low <= found.value <= found.interval.high <= HIGH


def test_an_answer_is_as_fine_as_the_target_s_scale_and_no_finer():
    found = only(at(1 / 3, 0.3, 0.4))
    assert found.value == round(found.value, DIGITS) or found.value in (LOW, HIGH)
    assert 10**-DIGITS <= 1.1e-4 * WIDTH or DIGITS == 0
    assert found.value == pytest.approx(at(1 / 3)[0], abs=max(1e-5 * WIDTH, 0.5))


def test_the_example_of_an_answer_is_one():
    value, interval = Prediction.model_fields.values()
    ends = [field.examples[0] for field in Range.model_fields.values()]
    assert interval.annotation is Range
    assert LOW <= ends[0] <= value.examples[0] <= ends[1] <= HIGH


def test_the_metric_s_label_is_a_band():
    labels = []
    for value in (*at(0, 0.1, 0.3, 0.5, 0.7, 0.9, 1), *BANDS):
        found = Prediction(value=value, interval=Range(low=value, high=value))
        labels.append(float(label_of(found).removesuffix("+")))
    assert labels[:7] == pytest.approx([BANDS[0], *BANDS, BANDS[-1]])
    assert labels[7:] == pytest.approx(BANDS)
