"""Which metrics there are, which factor is chosen, and when rows are enough."""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.dataset import Dataset

from {{ cookiecutter.package_name }} import metrics
from {{ cookiecutter.package_name }}.params import Correction
from {{ cookiecutter.package_name }}.prediction import Decision

CORRECTION = Correction(largest_correction=0.1)
ALL = metrics.metrics_for(CORRECTION, Decision())
TARGET = np.array([[10.0, 2], [0, 1], [20, 4], [10, np.nan]])


def scores(*units):
    """Return scores of shape (n, 1)."""
    return np.array(units, dtype=float)[:, np.newaxis]


def split(target, groups):
    """Return a data set with this target."""
    groups = np.asarray(groups)
    empty = np.zeros((len(groups), 1), dtype=np.float32)
    return Dataset(pd.DataFrame({"x": groups}), empty, target, groups)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wape", (2 + 1 + 5 + 0) / 40),
        ("mase", (2 / 2 + 1 / 1 + 5 / 4) / 3),  # the last has no scale
        ("bias", (12 + 1 + 15 + 10 - 40) / 40),
    ],
)
def test_a_metric_has_the_value_found_by_hand(name, expected):
    given = scores(12, 1, 15, 10)
    assert ALL[name].compute(TARGET, given) == pytest.approx(expected, abs=1e-12)


def test_a_perfect_forecast_has_the_best_value_of_every_metric():
    assert {m.compute(TARGET, TARGET[:, :1]) for m in ALL.values()} == {0.0}


def test_metrics_judge_the_corrected_forecast():
    doubled = metrics.metrics_for(CORRECTION, Decision(factor=2))
    for name, metric in doubled.items():
        expected = ALL[name].compute(TARGET, scores(24, 2, 30, 20))
        assert metric.compute(TARGET, scores(12, 1, 15, 10)) == expected


@pytest.mark.parametrize(("units", "factor"), [(9.5, 1.0526), (5, 1.1), (40, 0.9)])
def test_the_factor_takes_off_the_bias_but_not_more_than_allowed(units, factor):
    decision = metrics.choose_decision(TARGET, scores(*[units] * 4), CORRECTION)
    assert decision.factor == factor


def test_forecasts_of_nothing_are_corrected_by_the_most_that_is_allowed():
    zeros = scores(0, 0, 0, 0)
    assert metrics.choose_decision(TARGET, zeros, CORRECTION).factor == 1.1


def test_a_slice_needs_five_products_that_sell():
    target = np.ones((10, 2))
    assert metrics.enough(split(target, [0, 1, 2, 3, 4] * 2))
    assert not metrics.enough(split(target, [0, 1, 2, 3, 3] * 2))
    target[0::5] = 0
    assert not metrics.enough(split(target, [0, 1, 2, 3, 4] * 2))
