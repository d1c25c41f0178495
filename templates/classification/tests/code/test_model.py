"""The three models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.params import Train

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(400, 3)).astype(np.float32)
MATRIX[::7, 1] = np.nan
LABELS = (MATRIX[:, 0] + RNG.normal(size=400) > 0.5).astype(np.int64)
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


def test_the_baseline_asks_one_question():
    fitted = model.baseline(TRAIN).fit(MATRIX, LABELS)
    scores = export.fitted_scores(fitted, MATRIX)
    assert len(np.unique(scores[:, 1])) == 2
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0


def test_without_a_question_that_helps_the_baseline_is_the_trivial_model():
    fitted = model.baseline(TRAIN).fit(np.ones((400, 3)), LABELS)
    rate = export.fitted_scores(fitted, MATRIX)[:, 1]
    assert rate == pytest.approx(LABELS.mean())


def test_the_candidate_is_one_graph_of_probabilities():
    fitted = model.candidate(TRAIN).fit(MATRIX, LABELS)
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0
    scores = export.fitted_scores(fitted, MATRIX)
    assert scores.sum(axis=1) == pytest.approx(1)
    assert scores[LABELS == 1, 1].mean() > scores[LABELS == 0, 1].mean() + 0.1
