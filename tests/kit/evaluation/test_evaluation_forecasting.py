"""Metrics of forecasts: by hand on tiny arrays, and by the seasonal-naive forecast that MASE divides by."""

import numpy as np
import pytest

from mlservice.evaluation.forecasting import bias, mase, seasonal_scale, wape

TARGET = np.array([[10.0, 2], [0, 1], [20, 4], [10, np.nan]])
FORECAST = np.array([[12.0], [1], [15], [10]])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (wape, (2 + 1 + 5 + 0) / 40),
        (mase, (2 / 2 + 1 / 1 + 5 / 4) / 3),  # the last has no scale
        (bias, (12 + 1 + 15 + 10 - 40) / 40),
    ],
)
def test_a_metric_has_the_value_found_by_hand(metric, expected):
    assert metric(TARGET, FORECAST) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("metric", [wape, mase, bias])
def test_a_perfect_forecast_has_no_error(metric):
    assert metric(TARGET, TARGET[:, :1]) == 0


def test_a_history_without_change_has_no_scale():
    target = np.array([[10.0, 0], [10, 2]])
    assert mase(target, np.array([[99.0], [11]])) == 1 / 2


def test_the_scale_is_the_mean_change_from_week_to_week():
    week = np.arange(7.0)
    histories = np.array([[*week, *(week + 3), *(week + 5)], [*week, *week, *week]])
    assert seasonal_scale(histories).tolist() == [(3 + 2) / 2, 0]


def test_days_that_are_not_known_have_no_change():
    history = np.array([[1.0] * 7 + [4.0] * 7, [np.nan] * 7 + [4.0] * 7])
    history[0, 8] = np.nan
    found = seasonal_scale(history)
    assert found[0] == 3 and np.isnan(found[1])


def test_the_seasonal_naive_forecast_has_a_mase_of_one_in_its_history():
    units = np.random.default_rng(0).poisson(20, (1, 140)).astype(float)
    target = np.column_stack([units[0, 7:], np.repeat(seasonal_scale(units), 133)])
    assert mase(target, units[0, :-7, np.newaxis]) == pytest.approx(1)


@pytest.mark.parametrize("metric", [wape, mase, bias])
def test_series_that_stand_still_or_at_zero_have_finite_metrics(metric):
    still = np.array([[5.0, 0], [5, np.nan]])
    assert metric(still, still[:, :1]) == 0 and np.isfinite(metric(still, np.array([[4.0], [7]])))
    nothing = np.zeros((2, 2))
    assert metric(nothing, np.zeros((2, 1))) == 0 and metric(nothing, np.ones((2, 1))) == 1
