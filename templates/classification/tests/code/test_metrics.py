"""Every metric by hand on tiny arrays, against scikit-learn, and with its interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from {{ cookiecutter.package_name }} import (
    intervals,
    metrics,
    params,
    plots,
)
from {{ cookiecutter.package_name }}.config import Gate
from {{ cookiecutter.package_name }}.params import Decision as Costs
from {{ cookiecutter.package_name }}.parts import Part
from {{ cookiecutter.package_name }}.prediction import Decision
from {{ cookiecutter.package_name }}.schema import TARGET

LABELS = np.array([0, 0, 1, 1])
COSTS = Costs(cost_false_negative=100, cost_false_positive=20)
GATE = Gate(
    metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=()
)
OF_TWO = metrics.metrics_for(COSTS, Decision(threshold=0.5))
BOTH = [(name, metric, 2) for name, metric in OF_TWO.items()]
BOTH += [(name, metric, 4) for name, metric in metrics.OF_SEVERAL.items()]


def scores(*positive):
    """Return scores of shape (n, 2) from the probability of the positive class."""
    given_ = np.array(positive, dtype=float)
    return np.column_stack([1 - given_, given_])


def part(labels):
    """Return a part with these labels, each row a group of its own."""
    target = np.asarray(labels)
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    return Part(pd.DataFrame({"x": target}), matrix, target, np.arange(len(target)))


def drawn(rows=400, k=2):
    """Draw calibrated scores of k classes, and labels by them."""
    rng = np.random.default_rng(0)
    given_ = rng.dirichlet([3, *[1] * (k - 1)], rows)
    labels = [rng.choice(k, p=row) for row in given_]
    return np.array(labels, dtype=np.int64), given_


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
    given_ = scores(0.1, 0.4, 0.35, 0.8)
    assert OF_TWO[name].compute(LABELS, given_) == pytest.approx(expected, abs=1e-12)


tied = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=40
).filter(lambda rows: len({label for label, _ in rows}) == 2)


@given(tied)
def test_average_precision_equals_scikit_learn_s_even_with_ties(rows):
    labels = np.array([label for label, _ in rows])
    given_ = scores(*(score / 8 for _, score in rows))
    average = sk.average_precision_score(labels, given_[:, 1])
    assert metrics.pr_auc(labels, given_) == pytest.approx(average, abs=1e-12)


def test_the_brier_score_equals_scikit_learn_s():
    labels, given_ = drawn()
    expected = sk.brier_score_loss(labels, given_[:, 1])
    assert metrics.brier(labels, given_) == pytest.approx(expected)


@pytest.mark.parametrize(("name", "metric", "k"), BOTH)
def test_a_perfect_score_has_the_best_value_of_every_metric(name, metric, k):
    labels, _ = drawn(k=k)
    found = metric.compute(labels, np.eye(k)[labels])
    assert found == pytest.approx(float(metric.greater_is_better), abs=1e-6), name


@pytest.mark.parametrize(
    ("threshold", "cost"),
    [(0.05, 2 * 20 / 4), (0.4, (20 + 100) / 4), (0.41, 100 / 4), (0.9, 200 / 4)],
)
def test_the_cost_counts_both_kinds_of_mistake(threshold, cost):
    given_ = scores(0.1, 0.4, 0.35, 0.8)
    assert metrics.cost_per_row(LABELS, given_, COSTS, threshold) == pytest.approx(cost)


@pytest.mark.parametrize(("false_negative", "expected"), [(100, 0.11), (20, 0.41)])
def test_the_threshold_is_the_cheapest(false_negative, expected):
    costs = Costs(cost_false_negative=false_negative, cost_false_positive=30)
    decision = metrics.choose_decision(LABELS, scores(0.1, 0.4, 0.35, 0.8), costs)
    assert decision.threshold == expected


def test_several_classes_have_no_threshold_and_no_cost():
    decision = metrics.choose_decision(*drawn(k=3), Costs())
    assert decision.threshold is None
    assert metrics.metrics_for(Costs(), decision) is metrics.OF_SEVERAL


@pytest.mark.parametrize(
    ("classes", "given_", "told"),
    [
        (2, COSTS, ""),
        (2, Costs(), "two classes need cost_false_negative and cost_false_positive"),
        (2, Costs(cost_false_negative=1), "two classes need cost_false_negative and"),
        (3, Costs(), ""),
        (3, COSTS, "3 classes have no costs.* write `decision: {}`"),
    ],
)
def test_costs_are_for_two_classes(classes, given_, told, monkeypatch):
    target = replace(TARGET, categories=("a", "b", "c")[:classes])
    monkeypatch.setattr(params, "TARGET", target)
    check = params.Params.fits_the_target
    if told:
        with pytest.raises(ValueError, match=told):
            check(given_)
    else:
        assert check(given_) is given_


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
    target = replace(TARGET, categories=("a", "b", "c")[:classes])
    monkeypatch.setattr(metrics, "TARGET", target)
    assert metrics.enough(part(labels)) is enough


@pytest.mark.parametrize(("name", "metric", "k"), BOTH)
def test_an_interval_holds_the_estimate(name, metric, k):
    labels, given_ = drawn(k=k)
    found = intervals.interval(metric, part(labels), given_, GATE)
    assert found.low < found.value < found.high or name == "calibration_error"
    assert found.value == metric.compute(labels, given_)


@pytest.mark.parametrize(("name", "metric", "k"), BOTH)
def test_what_is_better_gains_by_any_metric(name, metric, k):
    labels, given_ = drawn(2_000, k)
    noise = np.random.default_rng(1).permutation(given_)
    gain = intervals.gain(metric, part(labels), given_, noise, GATE)
    assert 0 < gain.low < gain.value < gain.high, name


def test_two_classes_are_drawn_with_the_cost_of_the_decision(tmp_path):
    labels, given_ = drawn()
    models = {"candidate": given_, "trivial": np.full_like(given_, 0.5)}
    figures = plots.draw(part(labels), models, {}, COSTS)
    assert set(figures) == {"ranking", "calibration", "cost"}
    for name, figure in figures.items():
        figure.savefig(tmp_path / f"{name}.png")
