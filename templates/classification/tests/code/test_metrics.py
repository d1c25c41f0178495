"""Which metrics there are, which decision is taken, and when rows are enough."""

import numpy as np
import pandas as pd
import pytest
from mlservice.data.dataset import Dataset

from {{ cookiecutter.package_name }} import metrics, params
from {{ cookiecutter.package_name }}.params import Costs
from {{ cookiecutter.package_name }}.prediction import Decision

LABELS = np.array([0, 0, 1, 1])
COSTS = Costs(cost_false_negative=100, cost_false_positive=20)
OF_TWO = metrics.metrics_for(COSTS, Decision(threshold=0.5))
BOTH = [(name, metric, 2) for name, metric in OF_TWO.items()]
BOTH += [(name, metric, 4) for name, metric in metrics.OF_SEVERAL.items()]


def scores(*positive):
    """Return scores of shape (n, 2) from the probability of the positive class."""
    given = np.array(positive, dtype=float)
    return np.column_stack([1 - given, given])


def split(labels):
    """Return a data set with these labels, each row a group of its own."""
    target = np.asarray(labels)
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    rows = pd.DataFrame({"x": target})
    return Dataset(rows, matrix, target, np.arange(len(target)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("roc_auc", 3 / 4),  # of four pairs one is in the wrong order
        ("pr_auc", 0.5 * 1 + 0.5 * 2 / 3),
        ("log_loss", -np.log([0.9, 0.6, 0.35, 0.8]).mean()),
        ("brier", (0.1**2 + 0.4**2 + 0.65**2 + 0.2**2) / 4),
        ("calibration_error", (0.1 + 0.65 + 0.4 + 0.2) / 4),  # one row a bin
        ("cost", 100 / 4),  # the third row is missed, nobody is bothered
    ],
)
def test_a_metric_has_the_value_found_by_hand(name, expected):
    given = scores(0.1, 0.4, 0.35, 0.8)
    assert OF_TWO[name].compute(LABELS, given) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("name", "metric", "k"), BOTH)
def test_a_perfect_score_has_the_best_value_of_every_metric(name, metric, k):
    labels = np.arange(40) % k
    found = metric.compute(labels, np.eye(k)[labels])
    assert found == pytest.approx(float(metric.greater_is_better), abs=1e-6), name


@pytest.mark.parametrize(
    ("threshold", "cost"),
    [(0.05, 2 * 20 / 4), (0.4, (20 + 100) / 4), (0.41, 100 / 4), (0.9, 200 / 4)],
)
def test_the_cost_counts_both_kinds_of_mistake(threshold, cost):
    given = scores(0.1, 0.4, 0.35, 0.8)
    assert metrics.cost_per_row(LABELS, given, COSTS, threshold) == pytest.approx(cost)


@pytest.mark.parametrize(("false_negative", "expected"), [(100, 0.11), (20, 0.41)])
def test_the_threshold_is_the_cheapest(false_negative, expected):
    costs = Costs(cost_false_negative=false_negative, cost_false_positive=30)
    decision = metrics.choose_decision(LABELS, scores(0.1, 0.4, 0.35, 0.8), costs)
    assert decision.threshold == expected


def test_several_classes_have_no_threshold_and_no_cost():
    decision = metrics.choose_decision(np.arange(3), np.eye(3), Costs())
    assert decision.threshold is None
    assert metrics.metrics_for(Costs(), decision) is metrics.OF_SEVERAL


@pytest.mark.parametrize(
    ("classes", "given", "words"),
    [
        (2, COSTS, ""),
        (2, Costs(), "two classes need cost_false_negative and cost_false_positive"),
        (2, Costs(cost_false_negative=1), "two classes need cost_false_negative and"),
        (3, Costs(), ""),
        (3, COSTS, "3 classes have no costs.* write `decision: {}`"),
    ],
)
def test_costs_are_for_two_classes(classes, given, words, monkeypatch):
    monkeypatch.setattr(params, "CLASSES", classes)
    check = params.Params.fits_the_target
    if words:
        with pytest.raises(ValueError, match=words):
            check(given)
    else:
        assert check(given) is given


@pytest.mark.parametrize(
    ("classes", "labels", "enough"),
    [
        (2, [0, 1] * 10, True),
        (2, [0] * 90 + [1] * 9, False),
        (2, [0] * 90, False),
        (3, [0] * 29 + [1], True),
        (3, [0, 1, 2] * 9, False),
    ],
)
def test_a_slice_needs_so_many_rows(classes, labels, enough, monkeypatch):
    monkeypatch.setattr(metrics, "CLASSES", classes)
    assert metrics.enough(split(labels)) is enough
