"""Every metric by hand on tiny arrays, against scikit-learn, and with its interval."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from {{ cookiecutter.package_name }} import (
    details,
    intervals,
    metrics,
)
from {{ cookiecutter.package_name }}.params import Decision as Costs
from {{ cookiecutter.package_name }}.config import Gate
from {{ cookiecutter.package_name }}.parts import Part
from {{ cookiecutter.package_name }}.prediction import Decision

LABELS = np.array([0, 0, 1, 1])
COSTS = Costs(cost_false_negative=100, cost_false_positive=20)
GATE = Gate(
    metric="log_loss", min_gain=0, confidence=0.95, resamples=200, seed=3, slices=()
)
ALL = metrics.metrics_for(COSTS, Decision(threshold=0.5))


def scores(*positive):
    """Return scores of shape (n, 2) from the probability of the positive class."""
    given_ = np.array(positive, dtype=float)
    return np.column_stack([1 - given_, given_])


def part(labels):
    """Return a part with these labels, each row a group of its own."""
    target = np.asarray(labels)
    matrix = np.zeros((len(target), 1), dtype=np.float32)
    return Part(pd.DataFrame({"x": target}), matrix, target, np.arange(len(target)))


def drawn(rows=400, seed=0):
    """Draw labels and calibrated scores."""
    rng = np.random.default_rng(seed)
    rates = rng.beta(1, 3, rows)
    return (rng.random(rows) < rates).astype(np.int64), scores(*rates)


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
    assert ALL[name].compute(LABELS, given_) == pytest.approx(expected, abs=1e-12)


tied = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=40
).filter(lambda rows: len({label for label, _ in rows}) == 2)


@given(tied)
def test_ranking_metrics_equal_scikit_learn_s_even_with_ties(rows):
    labels = np.array([label for label, _ in rows])
    given_ = scores(*(score / 8 for _, score in rows))
    auc = sk.roc_auc_score(labels, given_[:, 1])
    average = sk.average_precision_score(labels, given_[:, 1])
    assert metrics.roc_auc(labels, given_) == pytest.approx(auc, abs=1e-12)
    assert metrics.pr_auc(labels, given_) == pytest.approx(average, abs=1e-12)


def test_proper_scores_equal_scikit_learn_s():
    labels, given_ = drawn()
    assert metrics.log_loss(labels, given_) == pytest.approx(
        sk.log_loss(labels, given_)
    )
    brier = sk.brier_score_loss(labels, given_[:, 1])
    assert metrics.brier(labels, given_) == pytest.approx(brier)


def test_a_perfect_score_has_the_best_value_of_every_metric():
    labels, _ = drawn()
    best = {name: float(metric.greater_is_better) for name, metric in ALL.items()}
    perfect = scores(*labels)
    found = {name: metric.compute(labels, perfect) for name, metric in ALL.items()}
    assert found == pytest.approx(best, abs=1e-6)


def test_certainty_in_what_did_not_happen_costs_much_but_not_infinity():
    assert 7 < metrics.log_loss(LABELS, scores(0, 1, 0, 1)) < 9


def test_promises_that_are_kept_have_no_calibration_error():
    labels = np.array([0, 0, 0, 1] * 5 + [0, 1, 1, 1] * 5)
    given_ = scores(*[0.25] * 20, *[0.75] * 20)
    assert metrics.calibration_error(labels, given_, bins=2) == pytest.approx(0)
    assert metrics.calibration_error(labels, 1 - given_, bins=2) == pytest.approx(0.5)


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


@pytest.mark.parametrize(
    ("labels", "enough"), [([0, 1], 10), ([0], 0), ([0, 0, 1], 10)]
)
def test_a_slice_needs_ten_rows_of_each_class(labels, enough):
    assert metrics.enough(part(labels * 10)) is bool(enough)
    assert not metrics.enough(part(labels * 9))


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


def test_the_report_shows_promised_beside_observed_rates():
    labels, given_ = drawn(1_000)
    ((_, rows),) = details.tables(part(labels), given_, Decision(), GATE).items()
    assert [row["rows"] for row in rows] == [200] * 5
    promised = [row["promised"] for row in rows]
    assert promised == sorted(promised)
    for row in rows:
        assert row["observed"]["low"] < row["promised"] < row["observed"]["high"]
