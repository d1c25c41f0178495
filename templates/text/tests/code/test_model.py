"""The models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest
from mlservice.model import onnx_export
from strategies import COLUMN, with_text

from {{ cookiecutter.package_name }} import model
from {{ cookiecutter.package_name }}.keywords import KEYWORDS
from {{ cookiecutter.package_name }}.service import SERVICE

WORDS = list(KEYWORDS.values())[:2]  # a class each
TEXTS = [*(words[0] for words in WORDS), "404 nowhere", ""] * 50
LABELS = np.array([*range(len(WORDS)), len(WORDS), len(WORDS)] * 50)


def matrix_of(*texts):
    """Encode the example with each of the texts."""
    rows = [SERVICE.instance.model_validate(with_text(text)) for text in texts]
    return SERVICE.encoding.encode(rows)


MATRIX = matrix_of(*TEXTS)


@pytest.fixture
def fitted(params):
    """Return `fitted(make)`: a model that has seen the texts and their labels."""
    return lambda make: make(params.train).fit(MATRIX, LABELS)


def agreement(estimator):
    """Return the share of rows on which the exported model agrees."""
    exported = onnx_export.export(estimator, MATRIX.shape[1])
    return onnx_export.agreement(estimator, exported, MATRIX)


def test_the_trivial_model_gives_every_text_the_training_rates(params):
    trivial = model.trivial(params.train).fit(MATRIX[:4], [0, 1, 2, 2])
    found = onnx_export.fitted_scores(trivial, MATRIX)
    np.testing.assert_array_equal(found, [[0.25, 0.25, 0.5]] * len(MATRIX))


def test_the_baseline_knows_keywords_and_nothing_else(fitted):
    baseline = fitted(model.baseline)
    scores = onnx_export.fitted_scores(baseline, MATRIX).tolist()
    nothing = [0] * len(WORDS) + [1]
    assert scores[len(WORDS)] == scores[len(WORDS) + 1] == nothing
    other = matrix_of(f"{WORDS[0][-1]}s, 404")  # another keyword of the first class
    assert onnx_export.fitted_scores(baseline, other).tolist() == [
        [1] + [0] * len(WORDS)
    ]
    assert agreement(baseline) == 1.0


@pytest.mark.parametrize("make", model.CANDIDATES.values(), ids=model.CANDIDATES)
def test_a_candidate_is_one_graph_of_probabilities_even_for_no_text(make, fitted):
    candidate = fitted(make)
    assert agreement(candidate) == 1.0
    scores = onnx_export.fitted_scores(candidate, MATRIX)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-6)
    assert scores.argmax(axis=1).tolist() == LABELS.tolist()


def test_the_keywords_stand_where_the_text_begins_in_the_matrix():
    names = SERVICE.encoding.names[model.TEXT_AT : model.TEXT_AT + len(KEYWORDS)]
    assert names == [f"{COLUMN}#{at}" for at in range(len(KEYWORDS))]
