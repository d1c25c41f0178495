"""The three models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.params import Train
from {{ cookiecutter.package_name }}.schema import TARGET

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(400, 3)).astype(np.float32).round(1)
MATRIX[::7, 1] = np.nan
NOISY = MATRIX[:, 0] + RNG.normal(size=400)
LABELS = (NOISY > 0.5).astype(np.int64)
TRAIN = Train(
    seed=1,
    max_iter=10,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=20,
    l2_regularization=1.0,
    calibration_folds=3,
)


def test_the_trivial_model_gives_everyone_the_training_rate():
    fitted = model.trivial(TRAIN).fit(MATRIX[:4], [0, 0, 0, 1])
    found = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_array_equal(found, [[0.75, 0.25]] * 400)


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_the_baseline_has_at_most_an_answer_for_each_class(classes, monkeypatch):
    monkeypatch.setattr(model, "CLASSES", classes)
    labels = np.digitize(NOISY, np.quantile(NOISY, np.arange(1, classes) / classes))
    fitted = model.baseline(TRAIN).fit(MATRIX, labels)
    scores = export.fitted_scores(fitted, MATRIX)
    assert 2 <= len(np.unique(scores, axis=0)) <= classes
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0


def test_without_a_question_that_helps_the_baseline_is_the_trivial_model():
    fitted = model.baseline(TRAIN).fit(np.ones((400, 3)), LABELS)
    rate = export.fitted_scores(fitted, MATRIX)[:, 1]
    assert rate == pytest.approx(LABELS.mean())


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_the_candidate_is_one_graph_of_probabilities(classes):
    labels = np.digitize(NOISY, np.quantile(NOISY, np.arange(1, classes) / classes))
    fitted = model.candidate(TRAIN).fit(MATRIX, labels)
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0
    scores = export.fitted_scores(fitted, MATRIX)
    assert scores.sum(axis=1) == pytest.approx(1)
    last = scores[:, -1]
    assert last[labels == classes - 1].mean() > last[labels == 0].mean() + 0.1


def test_a_column_without_any_value_breaks_no_model():
    matrix = MATRIX.copy()
    matrix[:, 1] = np.nan
    for estimator in (model.baseline(TRAIN), model.candidate(TRAIN)):
        fitted = estimator.fit(matrix, LABELS)
        assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0


def test_the_baseline_has_the_classes_of_the_schema():
    assert model.CLASSES == len(TARGET.categories)
