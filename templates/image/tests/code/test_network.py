"""The network speaks scikit-learn's grammar, and its ONNX file says the same."""

import numpy as np
import pytest
import torch
from mlservice.model import onnx_export
from mlservice.model.scorer import OnnxScorer
from sklearn.base import clone

from {{ cookiecutter.package_name }}.network import Network

RNG = np.random.default_rng(0)
MATRIX = RNG.random((200, 64), dtype=np.float32)
LABELS = RNG.integers(0, 10, 200)


@pytest.fixture(scope="module")
def fitted():
    """A network that has seen a little."""
    return Network(epochs=2).fit(MATRIX, LABELS)


def test_it_keeps_the_grammar(fitted):
    assert (
        clone(fitted).get_params()
        == fitted.get_params()
        == Network(epochs=2).get_params()
    )
    assert fitted.classes_.tolist() == list(range(10))
    assert fitted.predict_proba(MATRIX).sum(axis=1) == pytest.approx(1)


def test_the_same_seed_gives_the_same_network_and_another_one_another(fitted):
    expected = fitted.predict_proba(MATRIX)
    again = Network(epochs=2).fit(MATRIX, LABELS).predict_proba(MATRIX)
    np.testing.assert_array_equal(again, expected)
    other = Network(epochs=2, seed=1).fit(MATRIX, LABELS).predict_proba(MATRIX)
    assert not np.array_equal(other, expected)


def test_fitting_leaves_threads_and_random_numbers_alone():
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    Network(epochs=1).fit(MATRIX, LABELS)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


def test_its_onnx_file_agrees_for_any_number_of_rows(fitted):
    exported = onnx_export.export(fitted, 64)
    assert exported == onnx_export.export(fitted, 64)
    for rows in (0, 1, 7, 200):
        found = OnnxScorer(exported).run(MATRIX[:rows])
        np.testing.assert_allclose(
            found, fitted.predict_proba(MATRIX[:rows]), atol=1e-6
        )


def test_it_learns_what_there_is_to_learn():
    labels = (MATRIX[:, :32].mean(axis=1) > MATRIX[:, 32:].mean(axis=1)).astype(int)
    network = Network(epochs=60, dropout=0.0).fit(MATRIX, labels)
    assert np.mean(network.predict_proba(MATRIX).argmax(axis=1) == labels) > 0.9
