"""Probabilities are calibrated by what helps: none, a sigmoid or isotonic regression, in one ONNX graph."""

import numpy as np
import pytest
from scipy.special import expit, logit  # pylint: disable=no-name-in-module # compiled
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from mlservice.model import calibration
from mlservice.model.boosted_trees import BoostedClassifier
from mlservice.model.calibration import Calibrated
from mlservice.model.calibrators import CALIBRATORS, Isotonic, Sigmoid, log_odds
from mlservice.model.onnx_export import agreement, export, fitted_scores

TREES = {"max_iter": 20, "min_samples_leaf": 5, "early_stopping": False, "random_state": 0}
CLASSIFIERS = {
    "boosted trees": BoostedClassifier(**TREES),
    "logistic regression": LogisticRegression(),
    "a forest, without logits": RandomForestClassifier(10, min_samples_leaf=5, random_state=0),
    "a pipeline": make_pipeline(
        ColumnTransformer([("last", "passthrough", [3])], remainder="passthrough"), BoostedClassifier(**TREES)
    ),
}
MONOTONE = {  # how the classifier's log odds become the true ones
    "none": lambda odds: odds,
    "sigmoid": lambda odds: 0.4 * odds - 0.5,
    "isotonic": lambda odds: np.where(odds < 1.5, -2.0, 2.0) + 0.05 * odds,
}


class Odds(ClassifierMixin, BaseEstimator):
    """A classifier that takes the first column as log odds."""

    def fit(self, _matrix, labels):
        """Learn the classes."""
        self.classes_ = np.unique(labels)  # pylint: disable=attribute-defined-outside-init # scikit-learn's way
        return self

    def decision_function(self, matrix):
        """Return the column."""
        return matrix[:, 0]

    def predict(self, matrix):
        """Return the more probable class."""
        return self.classes_[(matrix[:, 0] > 0).astype(int)]


def drawn(distort, rows, seed):
    """Draw log odds as a classifier gives them, and outcomes by the true ones."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(0, 2, rows)
    return odds[:, np.newaxis], (rng.random(rows) < expit(distort(odds))).astype(int)


def table(k, noise=0.5, rows=600, seed=0):
    """Draw a table of four columns and k classes."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 4)).astype(np.float32)
    truth = matrix[:, 0] + matrix[:, 1] / 2 + noise * rng.normal(size=rows)
    return matrix, np.digitize(truth, np.quantile(truth, np.arange(1, k) / k))


@pytest.mark.parametrize(("right", "wrong"), [("none", ()), ("sigmoid", ("none",)), ("isotonic", ("none", "sigmoid"))])
def test_the_map_is_chosen_that_the_scores_need(right, wrong):
    fitted = Calibrated(Odds()).fit(*drawn(MONOTONE[right], 4_000, 1))
    least = fitted.losses_[fitted.method_]
    assert least == min(fitted.losses_.values()) > fitted.losses_[right] - 0.002
    assert all(fitted.losses_[name] > least + 0.02 for name in wrong)
    assert fitted.notes_["calibration"].startswith(f"{fitted.method_} (log loss in folds: none 0.")


@pytest.mark.parametrize("right", MONOTONE)
def test_new_rows_lose_nothing_by_the_choice(right):
    fitted = Calibrated(Odds()).fit(*drawn(MONOTONE[right], 4_000, 2))
    odds, labels = drawn(MONOTONE[right], 20_000, 3)
    truth = expit(MONOTONE[right](odds[:, 0]))
    chance = [-np.log(np.where(labels, p, 1 - p)) for p in (truth, fitted.predict_proba(odds)[:, 1])]
    lost = chance[1] - chance[0]
    assert lost.mean() < 3 * lost.std() / np.sqrt(len(lost)) + 0.002


def test_a_sigmoid_recovers_the_line_that_the_outcomes_were_drawn_with():
    odds, labels = drawn(MONOTONE["sigmoid"], 20_000, 4)
    found = Sigmoid(odds, labels)
    assert found.slopes[0] == pytest.approx(0.4, abs=4 * 0.009)  # standard errors of a logistic regression
    assert found.intercepts[0] == pytest.approx(-0.5, abs=4 * 0.016)


def test_a_sigmoid_is_scikit_learn_s(monkeypatch):
    matrix, labels = table(2)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    (theirs,) = (
        CalibratedClassifierCV(BoostedClassifier(**TREES), cv=folds, ensemble=False)
        .fit(matrix, labels)
        .calibrated_classifiers_
    )
    monkeypatch.setattr(calibration, "CALIBRATORS", {"sigmoid": Sigmoid})
    ours = Calibrated(BoostedClassifier(**TREES)).fit(matrix, labels).calibrator_
    (line,) = theirs.calibrators
    assert (ours.slopes[0], ours.intercepts[0]) == pytest.approx((-line.a_, -line.b_), abs=2e-3)


def test_isotonic_steps_are_scikit_learn_s_at_their_centres():
    odds, labels = drawn(MONOTONE["isotonic"], 500, 5)
    centres, shares = Isotonic(odds, labels).curves[0]
    x, y = np.append(odds[:, 0], [odds.min(), odds.max()]), np.append(labels, [1, 0])
    assert shares == pytest.approx(IsotonicRegression().fit(x, y).predict(centres))
    assert (np.diff(centres) > 0).all() and (np.diff(shares) > 0).all()


def test_isotonic_regression_of_a_few_rows_by_hand():
    (curve,) = Isotonic(np.arange(6.0)[:, np.newaxis], np.array([0, 0, 1, 0, 1, 1])).curves
    np.testing.assert_allclose(curve, [[1 / 3, 5 / 2, 14 / 3], [1 / 3, 1 / 2, 2 / 3]])


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("method", CALIBRATORS)
@pytest.mark.parametrize("classifier", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_onnx_gives_the_same_probabilities(classifier, method, k, monkeypatch):
    monkeypatch.setattr(calibration, "CALIBRATORS", {method: CALIBRATORS[method]})
    matrix, labels = table(k)
    fitted = Calibrated(classifier).fit(matrix, labels)
    far = np.concatenate([matrix, 100 * matrix[:50]])
    assert fitted.method_ == method and agreement(fitted, export(fitted, 4), far) == 1.0
    scores = fitted_scores(fitted, far)
    assert scores.sum(axis=1) == pytest.approx(1) and (scores >= 0).all()
    assert fitted.score(matrix, labels) > 0.7


def test_log_odds_of_a_certain_class_are_exact():
    logits = np.array([[40.0, 0.0, 0.0]])
    np.testing.assert_allclose(log_odds(logits), [[40 - np.log(2), -40, -40]], rtol=1e-12)
    np.testing.assert_allclose(log_odds(np.log([[0.7, 0.2, 0.1]])), logit([[0.7, 0.2, 0.1]]))


@pytest.mark.parametrize("k", [2, 3])
def test_separable_classes_are_left_alone_or_made_better(k):
    matrix, labels = table(k, noise=0, rows=400, seed=7)
    new, truth = table(k, noise=0, rows=4_000, seed=8)
    plain = BoostedClassifier(**TREES).fit(matrix, labels)
    ours = Calibrated(BoostedClassifier(**TREES)).fit(matrix, labels)
    assert log_loss(truth, ours.predict_proba(new)) < 1.02 * log_loss(truth, plain.predict_proba(new))


def test_a_sorted_file_is_calibrated_as_well_as_a_shuffled_one():
    rng = np.random.default_rng(9)
    day = np.sort(rng.uniform(0, 6, 1_200))
    labels = np.where(rng.random(1_200) < 0.1, rng.integers(2, size=1_200), day.astype(int) % 2)
    matrix = np.column_stack([day, rng.normal(size=1_200)]).astype(np.float32)
    fitted, other = np.arange(0, 1_200, 2), np.arange(1, 1_200, 2)
    losses = []
    for rows in (fitted, rng.permutation(fitted)):
        given = Calibrated(BoostedClassifier(**TREES)).fit(matrix[rows], labels[rows]).predict_proba(matrix[other])
        losses.append(-np.log(given[np.arange(600), labels[other]]))
    worse = losses[0] - losses[1]
    assert worse.mean() < 2 * worse.std() / np.sqrt(600) + 0.01
