"""Metrics of class probabilities: by hand on tiny arrays, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from mlservice.evaluation import classification as classes

K = 5
LABELS = np.array([0, 0, 1, 2])
FOUR = np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.35, 0.65, 0.0], [0.0, 0.1, 0.9]])
TWO = np.array([0, 0, 1, 1])


def scores(*positive):
    """Return scores of shape (n, 2) from the probability of the positive class."""
    given_ = np.array(positive, dtype=float)
    return np.column_stack([1 - given_, given_])


def drawn(rows=400, seed=0, k=K):
    """Draw calibrated scores, and labels by them."""
    rng = np.random.default_rng(seed)
    given_ = rng.dirichlet(np.full(k, 0.3), rows)
    labels = [rng.choice(k, p=row) for row in given_]
    return np.array(labels, dtype=np.int64), given_


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("roc_auc", (3 / 4 + 2 / 3 + 1) / 3),  # the second row is out of order
        ("macro_f1", (2 / 3 + 2 / 3 + 1) / 3),  # the second row is taken for class 1
        ("accuracy", 3 / 4),
        ("log_loss", -np.log([0.7, 0.1, 0.65, 0.9]).mean()),
        ("calibration_error", (0.2 + 0.2 + 0.35 + 0.1) / 4),  # two rows promise 0.7
    ],
)
def test_a_metric_has_the_value_found_by_hand(name, expected):
    found = getattr(classes, name)(LABELS, FOUR)
    assert found == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(2, 6))
def test_f1_accuracy_and_confusion_equal_scikit_learn_s(seed, rows, k):
    labels, given_ = drawn(rows, seed, k)
    best = given_.argmax(axis=1)
    f1 = sk.f1_score(labels, best, average="macro")
    assert classes.macro_f1(labels, given_) == pytest.approx(f1, abs=1e-12)
    assert classes.accuracy(labels, given_) == sk.accuracy_score(labels, best)
    table = sk.confusion_matrix(labels, best, labels=range(k))
    np.testing.assert_array_equal(classes.confusion(labels, given_), table)


def test_log_loss_equals_scikit_learn_s():
    labels, given_ = drawn()
    expected = sk.log_loss(labels, given_, labels=range(K))
    assert classes.log_loss(labels, given_) == pytest.approx(expected)


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(2, 6))
def test_the_area_equals_scikit_learn_s_even_with_ties(seed, rows, k):
    labels, given_ = drawn(rows, seed, k)
    labels = np.append(labels, range(k))  # each class occurs
    given_ = np.vstack([given_, np.eye(k)]).round(1)
    own = range(1, 2) if k == 2 else range(k)
    areas = [sk.roc_auc_score(labels == c, given_[:, c]) for c in own]
    assert classes.roc_auc(labels, given_) == pytest.approx(np.mean(areas), abs=1e-12)


def test_a_class_without_rows_has_no_area():
    assert classes.roc_auc(np.array([0, 1, 0, 1]), FOUR) == (1 + 1 / 2) / 2
    assert classes.roc_auc(np.array([1, 1, 1, 1]), FOUR) == 0.5


def test_certainty_in_what_did_not_happen_costs_much_but_not_infinity():
    wrong = np.eye(3)[[1, 1, 2, 0]]
    assert 15 < classes.log_loss(LABELS, wrong) < 17


def test_promises_that_are_kept_have_no_calibration_error():
    labels = np.array([0, 0, 0, 1] * 5 + [0, 1, 1, 1] * 5)
    promised = np.array([0.25] * 20 + [0.75] * 20)
    assert classes.gap_of(promised, labels, bins=2) == pytest.approx(0)
    assert classes.gap_of(1 - promised, labels, bins=2) == pytest.approx(0.5)


@pytest.mark.parametrize("bins", [1, 2, 10, 100])
def test_the_order_of_rows_with_equal_promises_plays_no_part(bins):
    labels, promised = np.array([0] * 30 + [1] * 10), np.full(40, 0.3)
    assert classes.gap_of(promised, labels, bins) == pytest.approx(0.05)
    promised[30:] = 0.4
    order = np.random.default_rng(0).permutation(40)
    found = classes.gap_of(promised[order], labels[order], bins)
    assert found == pytest.approx(classes.gap_of(promised, labels, bins))


def cost(labels, given_, threshold, *, missed=100, needless=20):
    """Return the mean cost of acting from the threshold on."""
    return classes.cost_per_row(labels, given_, threshold, false_negative=missed, false_positive=needless)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (classes.roc_auc, 3 / 4),  # of four pairs one is in the wrong order
        (classes.pr_auc, 0.5 * 1 + 0.5 * 2 / 3),
        (classes.log_loss, -np.log([0.9, 0.6, 0.35, 0.8]).mean()),
        (classes.brier, (0.1**2 + 0.4**2 + 0.65**2 + 0.2**2) / 4),
        (classes.rate_error, (0.1 + 0.65 + 0.4 + 0.2) / 4),  # one row a bin
    ],
)
def test_a_metric_of_two_classes_has_the_value_found_by_hand(metric, expected):
    assert metric(TWO, scores(0.1, 0.4, 0.35, 0.8)) == pytest.approx(expected, abs=1e-12)


tied = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=2, max_size=40).filter(
    lambda rows: len({label for label, _ in rows}) == 2
)


@given(tied)
def test_average_precision_equals_scikit_learn_s_even_with_ties(rows):
    labels = np.array([label for label, _ in rows])
    given_ = scores(*(score / 8 for _, score in rows))
    average = sk.average_precision_score(labels, given_[:, 1])
    assert classes.pr_auc(labels, given_) == pytest.approx(average, abs=1e-12)


def test_the_brier_score_equals_scikit_learn_s():
    labels, given_ = drawn(k=2)
    expected = sk.brier_score_loss(labels, given_[:, 1])
    assert classes.brier(labels, given_) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [(0.05, 2 * 20 / 4), (0.4, (20 + 100) / 4), (0.41, 100 / 4), (0.9, 200 / 4)],
)
def test_the_cost_counts_both_kinds_of_mistake(threshold, expected):
    assert cost(TWO, scores(0.1, 0.4, 0.35, 0.8), threshold) == pytest.approx(expected)


BEST = {"log_loss": 0, "roc_auc": 1, "accuracy": 1, "macro_f1": 1, "calibration_error": 0}
BEST_OF_TWO = {"pr_auc": 1, "brier": 0, "rate_error": 0}


@pytest.mark.parametrize(("name", "k"), [*((n, 4) for n in BEST), *((n, 2) for n in BEST | BEST_OF_TWO)])
def test_a_perfect_score_has_the_best_value_of_every_metric(name, k):
    labels, _ = drawn(k=k)
    best = (BEST | BEST_OF_TWO)[name]
    found = getattr(classes, name)(labels, np.eye(k)[labels])
    assert found == pytest.approx(best, abs=1e-6)
    assert cost(labels, np.eye(k)[labels][:, [0, 1]], 0.5) == 0 or k > 2


def test_accuracy_without_review_counts_rows_from_the_threshold_on():
    assert classes.unaided_accuracy(LABELS, FOUR, 0.66) == 2 / 3
    assert classes.unaided_accuracy(LABELS, FOUR, 0.7) == 2 / 3  # a row at the threshold counts
    assert classes.unaided_accuracy(LABELS, FOUR, 0.71) == 1
    assert classes.unaided_accuracy(LABELS, FOUR, 0.95) == 0


@pytest.mark.parametrize(("share", "below"), [(0.0, 0), (0.25, 100), (0.9, 360)])
def test_the_review_threshold_leaves_the_given_share_below(share, below):
    _, given_ = drawn()
    threshold = classes.review_threshold(given_, share)
    assert np.sum(given_.max(axis=1) < threshold) == pytest.approx(below, abs=2)


def test_equal_scores_are_all_above_the_review_threshold_or_none():
    even = np.tile([0.50003, 0.25, 0.24997], (50, 1))
    assert classes.review_threshold(even, 0.25) <= even.max()
