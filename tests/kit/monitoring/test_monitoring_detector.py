"""The sequential detector: its formula, its rate of false alarms, and how soon it finds drift."""

import numpy as np
import pytest
from mlservice.monitoring.detector import detect, e_value
from scipy import integrate

ONE = {"test": 1.0}


def windows(p_values):
    """Return windows of one test."""
    return [{"test": p_value} for p_value in p_values]


def test_e_values_have_mean_1_without_drift():
    assert integrate.quad(e_value, 0, 1)[0] == pytest.approx(1.0, abs=1e-3)
    assert e_value(0.25) == 1.0 and e_value(0.0) == e_value(1e-12)


def test_the_sum_is_that_of_shiryaev_and_roberts():
    states = detect(windows([0.25, 0.01, 1.0]), ONE, 100)
    assert [state.evidence for state in states] == [1.0, 10.0, 5.5]
    assert not any(state.alarm for state in states)


def test_after_an_alarm_it_begins_anew():
    states = detect(windows([1e-6, 0.25]), ONE, 365)
    assert [(state.alarm, state.evidence) for state in states] == [(True, 500), (False, 1.0)]


def test_a_test_that_a_window_does_not_have_keeps_its_sum():
    weights = {"a": 0.5, "b": 0.5}
    found = detect([{"a": 0.25, "b": 0.01}, {"a": 0.25}], weights, 100)
    assert found[1].evidence == 0.5 * 2.0 + 0.5 * 5.0
    assert found[1].shares == {"a": 1.0 / 3.5, "b": 2.5 / 3.5}


def test_the_mean_time_between_false_alarms_is_at_least_the_threshold():
    rng, threshold = np.random.default_rng(1), 50
    weights = dict.fromkeys("abcdefghij", 0.1)
    times = []
    for _ in range(300):
        count = 0
        sums = np.zeros(10)
        while True:
            count += 1
            sums = (sums + 1) * 0.5 * rng.random(10) ** -0.5
            if 0.1 * sums.sum() >= threshold:
                break
        times.append(count)
    assert np.mean(times) > threshold
    p_values = rng.random((30, 10))
    found = detect([dict(zip(weights, row, strict=True)) for row in p_values], weights, 10**9)
    sums = np.zeros(10)
    for row in p_values:
        sums = (sums + 1) * 0.5 * row**-0.5
    assert found[-1].evidence == pytest.approx(0.1 * sums.sum())
