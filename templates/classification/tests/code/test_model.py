"""The models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest
from mlservice.model import onnx_export
from sklearn.metrics import log_loss

from {{ cookiecutter.package_name }}.features import ENCODING

RNG = np.random.default_rng(0)
ROWS, WIDTH = 400, len(ENCODING.names) + 3
MATRIX = np.zeros((ROWS, WIDTH), np.float32)
MATRIX[:, -3:] = RNG.normal(size=(ROWS, 3)).round(1)  # the others may hold buckets
MATRIX[::7, -2] = np.nan
NOISY = MATRIX[:, -3] + RNG.normal(size=ROWS)


@pytest.fixture
def labels(service):
    """A class for each row, which follows from a column and noise."""
    k = len(service.target.categories)
    return np.digitize(NOISY, np.quantile(NOISY, np.arange(1, k) / k))


@pytest.fixture
def models(training, params):
    """Every model by name, not fitted."""
    makers = {"trivial": training.trivial, "baseline": training.baseline}
    makers |= training.candidates
    return {name: make(params.train) for name, make in makers.items()}


def scores_of(fitted):
    """Return the probabilities of every row."""
    return onnx_export.fitted_scores(fitted, MATRIX)


def test_every_model_gives_probabilities_and_its_export_agrees(models, labels, service):
    for name, estimator in models.items():
        fitted = estimator.fit(MATRIX, labels)
        scores = scores_of(fitted)
        assert scores.shape == (ROWS, len(service.target.categories)), name
        assert scores.sum(axis=1) == pytest.approx(1), name
        if name != "trivial":  # which never ships
            exported = onnx_export.export(fitted, WIDTH)
            assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0, name


def test_a_column_without_any_value_breaks_no_model(models, labels):
    matrix = MATRIX.copy()
    matrix[:, -2] = np.nan
    for name, estimator in models.items():
        assert np.isfinite(scores_of(estimator.fit(matrix, labels))).all(), name


def test_the_trivial_model_gives_everyone_the_training_rates(models):
    fitted = models["trivial"].fit(MATRIX[:4], [0, 0, 0, 1])
    np.testing.assert_array_equal(scores_of(fitted), [[0.75, 0.25]] * ROWS)


def test_the_baseline_has_at_most_an_answer_for_each_class(models, labels, service):
    answers = np.unique(scores_of(models["baseline"].fit(MATRIX, labels)), axis=0)
    assert 2 <= len(answers) <= len(service.target.categories)


def test_without_a_question_that_helps_the_baseline_is_the_trivial_model(
    models, labels
):
    fitted = models["baseline"].fit(np.ones((ROWS, WIDTH)), labels)
    assert scores_of(fitted)[:, 1] == pytest.approx(np.mean(labels == 1), abs=0.02)


def test_every_candidate_ranks_the_rows(training, models, labels):
    highest = labels == labels.max()
    for name in training.candidates:
        last = scores_of(models[name].fit(MATRIX, labels))[:, -1]
        assert last[highest].mean() > last[labels == 0].mean() + 0.1, name


def test_sorted_rows_calibrate_as_well_as_shuffled_ones(training, params, service):
    k = len(service.target.categories)
    epoch = np.arange(ROWS) // 50  # each has classes of its own
    signal = MATRIX[:, -3] + RNG.normal(size=ROWS) / 2
    bounds = np.quantile(signal, np.arange(1, k) / k)
    labels = (np.digitize(signal, bounds) + epoch) % k
    trees = {"max_iter": 120, "max_leaf_nodes": 12, "min_samples_leaf": 30}
    boosting = params.train.boosting.model_copy(update=trees | {"learning_rate": 0.06})
    train = params.train.model_copy(update={"boosting": boosting})
    matrix = np.column_stack([epoch, MATRIX]).astype(np.float32)
    found = []
    for order in (np.arange(ROWS), RNG.permutation(ROWS)):
        fitted = training.candidates["boosting"](train)
        fitted.fit(matrix[order], labels[order])
        found.append(log_loss(labels, onnx_export.fitted_scores(fitted, matrix)))
    assert found[0] < found[1] + 0.15
