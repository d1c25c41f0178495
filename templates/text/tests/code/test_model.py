"""The three models by name: what each may know, and that each can be exported."""

import numpy as np
from strategies import COLUMN, with_text

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.features import NAMES, encode
from {{ cookiecutter.package_name }}.keywords import KEYWORDS
from {{ cookiecutter.package_name }}.params import Train
from {{ cookiecutter.package_name }}.schema import Instance

TRAIN = Train(inverse_regularization=5.0, max_iter=300)
WORDS = list(KEYWORDS.values())[:2]  # a class each
TEXTS = [*(words[0] for words in WORDS), "404 nowhere", ""] * 50
LABELS = np.array([*range(len(WORDS)), len(WORDS), len(WORDS)] * 50)


def matrix_of(*texts):
    """Encode the example with each of the texts."""
    return encode([Instance.model_validate(with_text(text)) for text in texts])


MATRIX = matrix_of(*TEXTS)


def test_the_trivial_model_gives_every_text_the_training_rates():
    fitted = model.trivial(TRAIN).fit(MATRIX[:4], [0, 1, 2, 2])
    found = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_array_equal(found, [[0.25, 0.25, 0.5]] * len(MATRIX))


def test_the_baseline_knows_keywords_and_nothing_else():
    fitted = model.baseline(TRAIN).fit(MATRIX, LABELS)
    scores = export.fitted_scores(fitted, MATRIX).tolist()
    nothing = [0] * len(WORDS) + [1]
    assert scores[len(WORDS)] == scores[len(WORDS) + 1] == nothing
    other = matrix_of(f"{WORDS[0][-1]}s, 404")  # another keyword of the first class
    assert export.fitted_scores(fitted, other).tolist() == [[1] + [0] * len(WORDS)]
    exported = export.export(fitted, len(NAMES))
    assert export.agreement(fitted, exported, MATRIX) == 1.0


def test_the_candidate_is_one_graph_of_probabilities_even_for_no_text():
    fitted = model.candidate(TRAIN).fit(MATRIX, LABELS)
    exported = export.export(fitted, len(NAMES))
    assert export.agreement(fitted, exported, MATRIX) == 1.0
    scores = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-6)
    assert scores.argmax(axis=1).tolist() == LABELS.tolist()


def test_the_keywords_stand_where_the_text_begins_in_the_matrix():
    names = NAMES[model.TEXT_AT : model.TEXT_AT + len(KEYWORDS)]
    assert names == [f"{COLUMN}#{at}" for at in range(len(KEYWORDS))]
