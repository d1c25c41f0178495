"""The three models by name: what each may know, and that each can be exported."""

import numpy as np

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.features import NAMES, encode
from {{ cookiecutter.package_name }}.params import Train
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    TARGET,
    Instance,
)

TRAIN = Train(inverse_regularization=5.0, max_iter=300)
TEXTS = ["my bill is wrong", "my parcel is late", "nothing works any more", ""] * 50
LABELS = np.array([0, 1, 2, 2] * 50)
ROWS = [Instance.model_validate(EXAMPLE | {"text": text}) for text in TEXTS]
MATRIX = encode(ROWS)


def test_the_trivial_model_gives_every_ticket_the_training_rates():
    fitted = model.trivial(TRAIN).fit(MATRIX[:4], [0, 1, 2, 2])
    found = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_array_equal(found, [[0.25, 0.25, 0.5]] * 200)


def test_the_baseline_knows_keywords_and_nothing_else():
    fitted = model.baseline(TRAIN).fit(MATRIX, LABELS)
    scores = export.fitted_scores(fitted, MATRIX)
    assert scores[2].tolist() == scores[3].tolist() == [0, 0, 1]  # none holds a keyword
    other = encode([Instance.model_validate(EXAMPLE | {"text": "invoices, please"})])
    assert export.fitted_scores(fitted, other).tolist() == [[1, 0, 0]]  # as "bill"
    exported = export.export(fitted, len(NAMES))
    assert export.agreement(fitted, exported, MATRIX) == 1.0


def test_the_candidate_is_one_graph_of_probabilities_even_for_no_text():
    fitted = model.candidate(TRAIN).fit(MATRIX, LABELS)
    exported = export.export(fitted, len(NAMES))
    assert export.agreement(fitted, exported, MATRIX) == 1.0
    scores = export.fitted_scores(fitted, MATRIX)
    np.testing.assert_allclose(scores.sum(axis=1), 1)
    assert scores.argmax(axis=1).tolist() == LABELS.tolist()


def test_every_queue_has_its_keywords_in_the_matrix():
    assert NAMES[: len(TARGET.categories)] == [f"text#{at}" for at in range(6)]
