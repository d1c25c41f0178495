"""The same row gets the same prediction, however and wherever it is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.params import Params
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

HAIR = 1e-5  # of a score: float32 sums end otherwise when rows are batched


@pytest.fixture(scope="module")
def score(predictor):
    """Return `score(matrix)` of the served model."""
    return predictor.model.scorer.run


@pytest.fixture
def matrix(parts):
    """Encoded rows that the model has not seen."""
    return parts["test"].matrix


def test_asking_twice_gives_the_same_answer(score, matrix):
    np.testing.assert_array_equal(score(matrix), score(matrix))


def test_a_row_alone_is_scored_as_in_a_batch(score, matrix):
    alone = np.concatenate([score(row[np.newaxis]) for row in matrix])
    np.testing.assert_allclose(alone, score(matrix), rtol=HAIR, atol=HAIR)


def test_the_order_of_rows_does_not_matter(score, matrix):
    np.testing.assert_allclose(
        score(matrix[::-1])[::-1], score(matrix), rtol=HAIR, atol=HAIR
    )


def test_a_second_load_predicts_the_same(project, predictor):
    again = type(predictor).load(project / "models/current")
    row = [Instance.model_validate(EXAMPLE)]
    assert again.predict(row) == predictor.predict(row)
    assert again.version == predictor.version


@given(st.data())
def test_any_row_s_prediction_is_finite_and_steady(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    assert predictor.predict([row]) == predictor.predict([row])


@pytest.fixture(scope="module")
def fitted(project, parts):
    """The candidate, fitted again as `train` does."""
    params = Params.load(project / "params.yaml")
    return model.candidate(params.train).fit(
        parts["train"].matrix, parts["train"].target
    )


def test_training_again_gives_the_same_model_to_the_byte(project, fitted, parts):
    again = export.export(fitted, parts["train"].matrix.shape[1])
    assert again == (project / "models/candidate/model.onnx").read_bytes()


def test_the_served_file_agrees_with_the_estimator(project, matrix, fitted):
    served = (project / "models/candidate/model.onnx").read_bytes()
    assert export.agreement(fitted, served, matrix) >= export.SHARE


def test_the_baseline_is_reproducible_too(project, parts):
    train = parts["train"]
    params = Params.load(project / "params.yaml")
    again = model.baseline(params.train).fit(train.matrix, train.target)
    served = (project / "models/baseline/model.onnx").read_bytes()
    assert export.agreement(again, served, train.matrix) == 1.0
