"""The models by name: what each may know, and that each can be exported."""

import numpy as np
import pytest
from mlservice.model import onnx_export
from mlservice.model.scorer import OnnxScorer

from {{ cookiecutter.package_name }}.features import ENCODING

RNG = np.random.default_rng(0)
ROWS, WIDTH = 400, len(ENCODING.names) + 3
MATRIX = np.zeros((ROWS, WIDTH), np.float32)
MATRIX[:, -3:] = RNG.normal(size=(ROWS, 3)).round(1)  # the others may hold buckets
MATRIX[::7, -2] = np.nan
TARGET = 10 + 3 * MATRIX[:, -3] + RNG.normal(size=ROWS)


@pytest.fixture(params=["absolute_error", "squared_error"])
def train(request, params):
    """The parameters of training, for a median and for a mean."""
    return params.train.model_copy(update={"loss": request.param})


@pytest.fixture
def models(training, train):
    """Every model that may ship, by name, not fitted."""
    makers = {"baseline": training.baseline} | training.candidates
    return {name: make(train) for name, make in makers.items()}


def test_the_trivial_model_gives_every_row_the_median_or_the_mean(training, train):
    fitted = training.trivial(train).fit(MATRIX, TARGET)
    expected = {"absolute_error": np.median, "squared_error": np.mean}[train.loss]
    assert set(fitted.predict(MATRIX)) == {expected(TARGET)}


def test_every_model_is_one_graph_that_agrees(models):
    for name, estimator in models.items():
        fitted = estimator.fit(MATRIX, TARGET)
        exported = onnx_export.export(fitted, WIDTH)
        assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0, name
        scores = OnnxScorer(exported).run(MATRIX)
        assert scores.shape[1] in (1, 3), name  # point, low, high


def test_a_candidate_s_point_lies_between_low_and_high(training, models):
    for name in training.candidates:
        fitted = models[name].fit(MATRIX, TARGET)
        point, low, high = onnx_export.fitted_scores(fitted, MATRIX).T
        assert low.mean() < point.mean() < high.mean(), name


def test_baseline_and_candidates_aim_at_what_the_loss_asks_for(training, params):
    skewed = np.exp(2 * TARGET / TARGET.std())
    for make in (training.baseline, *training.candidates.values()):
        absolute, squared = {}, {}
        for loss in ("absolute_error", "squared_error"):
            train = params.train.model_copy(update={"loss": loss})
            fitted = make(train).fit(MATRIX, skewed)
            errors = onnx_export.fitted_scores(fitted, MATRIX)[:, 0] - skewed
            absolute[loss] = np.mean(np.abs(errors))
            squared[loss] = np.mean(errors**2)
        assert absolute["absolute_error"] < absolute["squared_error"]
        assert squared["squared_error"] < squared["absolute_error"]


@pytest.mark.parametrize("best", [-3, -2, -1])
def test_the_baseline_looks_at_the_column_that_goes_along_best(best, training, params):
    baseline = training.baseline(params.train)
    fitted = baseline.fit(MATRIX, np.nan_to_num(MATRIX[:, best]))
    answers, others = fitted.predict(MATRIX), RNG.permutation(MATRIX)
    others[:, best] = MATRIX[:, best]
    np.testing.assert_array_equal(fitted.predict(others), answers)
    assert 1 < len(np.unique(answers)) <= 8


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # no column, no correlation
def test_columns_that_say_nothing_are_no_obstacle(models):
    empty = np.full((ROWS, 1), np.nan, dtype=np.float32)
    matrix = np.column_stack([MATRIX, np.ones_like(empty), empty])
    for name, estimator in models.items():
        fitted = estimator.fit(matrix, TARGET)
        exported = onnx_export.export(fitted, matrix.shape[1])
        assert onnx_export.agreement(fitted, exported, matrix) == 1.0, name
