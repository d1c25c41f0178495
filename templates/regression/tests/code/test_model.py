"""The models by name; three in one ONNX graph say what scikit-learn says."""

import numpy as np
import onnx
import pytest
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.artifact import Scorer
from {{ cookiecutter.package_name }}.model import SideBySide
from {{ cookiecutter.package_name }}.params import Train

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(400, 3)).astype(np.float32)
MATRIX[::7, 1] = np.nan
TARGET = 10 + 3 * MATRIX[:, 0] + RNG.normal(size=400)
TRAIN = Train(
    seed=1,
    loss="absolute_error",
    max_iter=10,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=20,
    l2_regularization=1.0,
    low_quantile=0.1,
    high_quantile=0.9,
)
MEAN = TRAIN.model_copy(update={"loss": "squared_error"})
EITHER = pytest.mark.parametrize("train", [TRAIN, MEAN], ids=["median", "mean"])


def test_the_trivial_model_gives_every_row_the_median_or_the_mean():
    for train, expected in ((TRAIN, np.median(TARGET)), (MEAN, np.mean(TARGET))):
        fitted = model.trivial(train).fit(MATRIX, TARGET)
        assert set(fitted.predict(MATRIX)) == {expected}


def test_baseline_and_candidate_aim_at_the_same_as_the_trivial_model():
    skewed = np.exp(2 * TARGET / TARGET.std())
    for make in (model.baseline, model.candidate):
        median, mean = (
            make(train).fit(MATRIX, skewed).predict(MATRIX).reshape(400, -1)[:, 0]
            for train in (TRAIN, MEAN)
        )
        assert np.mean((mean - skewed) ** 2) < np.mean((median - skewed) ** 2)
        assert np.mean(np.abs(median - skewed)) < np.mean(np.abs(mean - skewed))


@EITHER
def test_point_low_and_high_are_one_graph(train):
    fitted = model.candidate(train).fit(MATRIX, TARGET)
    exported = export.export(fitted, 3)
    assert export.agreement(fitted, exported, MATRIX) == 1.0
    point, low, high = Scorer(exported).run(MATRIX).T
    assert low.mean() < point.mean() < high.mean()
    assert len(onnx.load_from_string(exported).graph.output) == 1


@pytest.mark.parametrize("best", [0, 1, 2])
def test_the_baseline_is_exported_whichever_column_it_chose(best):
    fitted = model.baseline(TRAIN).fit(MATRIX, np.nan_to_num(MATRIX[:, best]))
    assert fitted.steps[1][1].get_support(indices=True).tolist() == [best]
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0
    assert len(np.unique(fitted.predict(MATRIX))) <= 8


@EITHER
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # no column, no correlation
def test_columns_that_say_nothing_are_no_obstacle(train):
    empty = np.full((400, 1), np.nan, dtype=np.float32)
    matrix = np.column_stack([MATRIX, np.ones_like(empty), empty])
    for make in (model.baseline, model.candidate):
        fitted = make(train).fit(matrix, TARGET)
        assert export.agreement(fitted, export.export(fitted, 5), matrix) == 1.0


def test_fitting_leaves_what_was_given_as_it_was():
    lines = [LinearRegression(), LinearRegression()]
    fitted = SideBySide(lines).fit(MATRIX[:, [0, 2]], TARGET)
    assert fitted.regressors is lines and not hasattr(lines[0], "coef_")
    assert fitted.predict(MATRIX[:, [0, 2]]).shape == (400, 2)
