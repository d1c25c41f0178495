"""The three models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.network import Network
from {{ cookiecutter.package_name }}.params import Train

RNG = np.random.default_rng(0)
LABELS = np.arange(300) % 10
MEANS = RNG.random((10, 64))
MATRIX = (MEANS[LABELS] + RNG.normal(0, 0.3, (300, 64))).astype(np.float32)
TRAIN = Train(
    seed=1, epochs=2, batch_size=64, learning_rate=5e-3, channels=4, dropout=0.0
)


def test_the_trivial_model_gives_every_picture_the_training_rates():
    fitted = model.trivial(TRAIN).fit(MATRIX[:4], [0, 1, 1, 1])
    found = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_array_equal(found, [[0.25, 0.75]] * 300)


def test_the_baseline_is_the_nearest_centroid():
    fitted = model.baseline(TRAIN).fit(MATRIX, LABELS)
    means = np.array([MATRIX[LABELS == digit].mean(axis=0) for digit in range(10)])
    nearest = np.linalg.norm(MATRIX[:, None] - means, axis=2).argmin(axis=1)
    np.testing.assert_array_equal(fitted.predict(MATRIX), nearest)
    assert export.agreement(fitted, export.export(fitted, 64), MATRIX) == 1.0


def test_the_candidate_has_the_knobs_of_params_yaml_and_no_other():
    made = model.candidate(TRAIN)
    assert isinstance(made, Network) and made.get_params() == TRAIN.model_dump()


def test_the_candidate_is_one_graph_of_probabilities():
    fitted = model.candidate(TRAIN).fit(MATRIX, LABELS)
    assert export.agreement(fitted, export.export(fitted, 64), MATRIX) == 1.0
    assert export.fitted_scores(fitted, MATRIX).sum(axis=1) == pytest.approx(1)
