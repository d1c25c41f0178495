"""From the model's scores to a price and its interval."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    Prediction,
    Range,
    decide,
    label_of,
)
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    TARGET,
    Instance,
)


def only(scores, **decision):
    """Return the one prediction of one row of scores."""
    row = Instance.model_validate(EXAMPLE)
    (found,) = decide([row], np.array([scores], dtype=np.float32), Decision(**decision))
    return found


def test_the_interval_is_widened_by_the_margin():
    found = only([20, 15, 30], margin=2.5)
    assert found == Prediction(value=20, interval=Range(low=12.5, high=32.5))
    assert type(found).model_validate(found.model_dump()) == found


@pytest.mark.parametrize("scores", [[-5, -9, -1], [4_000, 3_000, 5_000], [9, 12, 30]])
def test_value_and_interval_are_in_order_and_possible(scores):
    found = only(scores, margin=-1)
    assert TARGET.low <= found.interval.low <= found.value <= found.interval.high
    assert found.interval.high <= TARGET.high


def test_no_rows_give_no_predictions():
    assert not decide([], np.zeros((0, 3), dtype=np.float32), Decision())


@pytest.mark.parametrize(("value", "label"), [(0, "0+"), (10, "10+"), (999, "80+")])
def test_the_metric_s_label_is_a_band(value, label):
    found = Prediction(value=value, interval=Range(low=value, high=value))
    assert label_of(found) == label
