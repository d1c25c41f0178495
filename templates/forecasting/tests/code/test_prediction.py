"""From the model's scores to one value a day."""

from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import ValidationError
from strategies import COLUMN, USUAL, request

from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    Prediction,
    decide,
    label_of,
)
from {{ cookiecutter.package_name }}.service import SERVICE

UNITS = SERVICE.example[COLUMN["units"]]
AFTER = date.fromisoformat(SERVICE.example[COLUMN["start"]]) + timedelta(
    days=len(UNITS)
)


def instance(horizon):
    """The example with another horizon."""
    price = [USUAL] * (len(UNITS) + horizon)
    return SERVICE.instance.model_validate(request(horizon=horizon, price=price))


def test_each_instance_gets_its_own_days():
    scores = np.arange(6, dtype=np.float32)[:, np.newaxis]
    found = decide([instance(n) for n in (1, 3, 2)], scores, Decision(factor=2.0))
    assert [p.units for p in found] == [[0.0], [2.0, 4.0, 6.0], [8.0, 10.0]]
    assert {p.start for p in found} == {AFTER}
    assert {p.product for p in found} == {instance(1).product}


def test_an_answer_has_the_names_of_the_request():
    scores = np.ones((1, 1), dtype=np.float32)
    found = decide([instance(1)], scores, Decision())[0]
    product = COLUMN.get("product", "product")
    assert list(found.model_dump()) == [product, "start", COLUMN["units"]]


def test_a_factor_is_positive():
    with pytest.raises(ValidationError):
        Decision(factor=0)


@pytest.mark.parametrize(
    ("units", "label"), [([0.0], "0+"), ([0.5, 1.5], "1+"), ([5e6], "1000+")]
)
def test_the_metric_s_label_is_a_band(units, label):
    found = Prediction(product="x", start=date(2026, 1, 1), units=units)
    assert label_of(found) == label
