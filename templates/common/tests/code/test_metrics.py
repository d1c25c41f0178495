"""Every metric by hand on tiny arrays, and with its interval."""

import numpy as np
import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import intervals, metrics
from {{ cookiecutter.package_name }}.params import Decision as Share
from {{ cookiecutter.package_name }}.config import Gate
from {{ cookiecutter.package_name }}.parts import Part
from {{ cookiecutter.package_name }}.prediction import Decision
from {{ cookiecutter.package_name }}.schema import TARGET

SHARE = Share(review_share=0.25)
GATE = Gate(
    metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=()
)
ALL = metrics.metrics_for(SHARE, Decision(threshold=0.6))
LABELS = np.array([0, 0, 1, 2])
CLASSES = max(len(TARGET.categories), 3)


def scores(*rows):
    """Return scores (n, k) from the probabilities of the first three classes."""
    given_ = np.zeros((len(rows), CLASSES))
    given_[:, :3] = rows
    return given_


FOUR = scores((0.7, 0.2, 0.1), (0.3, 0.5, 0.2), (0.2, 0.8, 0.0), (0.0, 0.1, 0.9))


def part(labels):
    """Return a part with these labels, each row a group of its own."""
    target = np.asarray(labels)
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    return Part(pd.DataFrame({"x": target}), matrix, target, np.arange(len(target)))


def drawn(rows=400, seed=0):
    """Draw calibrated scores, and labels by them."""
    rng = np.random.default_rng(seed)
    given_ = rng.dirichlet(np.full(CLASSES, 0.3), rows)
    labels = [rng.choice(CLASSES, p=row) for row in given_]
    return np.array(labels, dtype=np.int64), given_


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("macro_f1", (2 / 3 + 2 / 3 + 1) / 3),  # the second row is taken for class 1
        ("accuracy", 3 / 4),
        ("unaided_accuracy", 1.0),  # the second row is less sure than 0.6
        ("log_loss", -np.log([0.7, 0.3, 0.8, 0.9]).mean()),
        ("calibration_error", (0.3 + 0.5 + 0.2 + 0.1) / 4),  # one row a bin
    ],
)
def test_a_metric_has_the_value_found_by_hand(name, expected):
    assert ALL[name].compute(LABELS, FOUR) == pytest.approx(expected, abs=1e-12)


def test_a_perfect_score_has_the_best_value_of_every_metric():
    labels, _ = drawn()
    perfect = np.eye(CLASSES)[labels]
    best = {name: float(metric.greater_is_better) for name, metric in ALL.items()}
    found = {name: metric.compute(labels, perfect) for name, metric in ALL.items()}
    assert found == pytest.approx(best, abs=1e-6)


def test_nobody_sure_means_nothing_done_unaided():
    assert metrics.unaided_accuracy(LABELS, FOUR, 0.95) == 0


@pytest.mark.parametrize(("share", "unsure"), [(0.0, 0), (0.25, 100), (0.9, 360)])
def test_the_threshold_sends_the_given_share_to_a_person(share, unsure):
    labels, given_ = drawn()
    decision = metrics.choose_decision(labels, given_, Share(review_share=share))
    found = np.sum(given_.max(axis=1) < decision.threshold)
    assert found == pytest.approx(unsure, abs=2)


def test_equal_scores_are_all_sure_or_none():
    even = scores(*[(0.5, 0.25, 0.25)] * 50)
    decision = metrics.choose_decision(np.zeros(50), even, SHARE)
    assert decision.threshold <= even.max()


def test_a_slice_needs_thirty_rows():
    assert metrics.enough(part([0] * 30))
    assert not metrics.enough(part([0] * 29))


@pytest.mark.parametrize("name", ALL)
def test_an_interval_holds_the_estimate(name):
    labels, given_ = drawn()
    found = intervals.interval(ALL[name], part(labels), given_, GATE)
    assert found.low < found.value < found.high or name == "calibration_error"
    assert found.value == ALL[name].compute(labels, given_)


@pytest.mark.parametrize("name", ALL)
def test_what_is_better_gains_by_any_metric(name):
    labels, given_ = drawn(2_000)
    noise = np.random.default_rng(1).permutation(given_)
    gain = intervals.gain(ALL[name], part(labels), given_, noise, GATE)
    assert 0 < gain.low < gain.value < gain.high
