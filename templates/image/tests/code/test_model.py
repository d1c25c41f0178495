"""The models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest
from mlservice.model import onnx_export

from {{ cookiecutter.package_name }} import model
from {{ cookiecutter.package_name }}.network import Network

RNG = np.random.default_rng(0)
LABELS = np.arange(300) % 10
MEANS = RNG.random((10, 64))
MATRIX = (MEANS[LABELS] + RNG.normal(0, 0.3, (300, 64))).astype(np.float32)


@pytest.fixture
def train(params):
    """The parameters of training, for a network that learns for a moment."""
    network = params.train.convolutional.model_copy(update={"epochs": 2})
    return params.train.model_copy(update={"convolutional": network})


def test_the_trivial_model_gives_every_picture_the_training_rates(train):
    fitted = model.trivial(train).fit(MATRIX[:4], [0, 1, 1, 1])
    found = onnx_export.fitted_scores(fitted, MATRIX)
    np.testing.assert_array_equal(found, [[0.25, 0.75]] * 300)


def test_the_baseline_is_the_nearest_centroid(train):
    fitted = model.baseline(train).fit(MATRIX, LABELS)
    means = np.array([MATRIX[LABELS == digit].mean(axis=0) for digit in range(10)])
    nearest = np.linalg.norm(MATRIX[:, None] - means, axis=2).argmin(axis=1)
    np.testing.assert_array_equal(fitted.predict(MATRIX), nearest)
    exported = onnx_export.export(fitted, 64)
    assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0


def test_the_network_has_the_parameters_of_params_yaml_and_no_other(train):
    made = model.convolutional(train)
    known = {"seed": train.seed, **train.convolutional.model_dump()}
    assert not isinstance(made, Network) or made.get_params() == known


@pytest.mark.parametrize("make", model.CANDIDATES.values(), ids=model.CANDIDATES)
def test_a_candidate_is_one_graph_of_probabilities(make, train):
    fitted = make(train).fit(MATRIX, LABELS)
    exported = onnx_export.export(fitted, 64)
    assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0
    assert onnx_export.fitted_scores(fitted, MATRIX).sum(axis=1) == pytest.approx(1)
