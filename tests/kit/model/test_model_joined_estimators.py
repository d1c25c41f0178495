"""Estimators made of others: one ONNX graph each, which scores as they do."""

import numpy as np
import onnx
import pytest
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from mlservice.model import onnx_export
from mlservice.model.boosted_trees import BoostedRegressor
from mlservice.model.per_level import BestColumn, PerLevel
from mlservice.model.scorer import Scorer
from mlservice.model.side_by_side import SideBySide

RNG = np.random.default_rng(0)
MATRIX = RNG.uniform(0.5, 2, (400, 4)).astype(np.float32)
LEVEL = MATRIX[:, 0]
TARGET = 10 + 3 * MATRIX[:, 0] + RNG.normal(size=400)


def units(values):
    """Return a target of these units, with any scale beside."""
    return np.column_stack([values, np.ones(len(values))])


def served(fitted):
    """Score the matrix through the exported graph."""
    return Scorer(onnx_export.export(fitted, MATRIX.shape[1])).run(MATRIX)


def test_regressors_side_by_side_are_one_graph_with_one_output():
    trees = (BoostedRegressor(loss="quantile", quantile=q, max_iter=10) for q in (0.1, 0.9))
    fitted = SideBySide([LinearRegression(), *trees]).fit(MATRIX, TARGET)
    exported = onnx_export.export(fitted, 4)
    assert onnx_export.agreement(fitted, exported, MATRIX) == 1.0
    assert len(onnx.load_from_string(exported).graph.output) == 1
    middle, low, high = Scorer(exported).run(MATRIX).T
    assert low.mean() < middle.mean() < high.mean()


def test_each_column_is_what_a_regressor_alone_predicts():
    fitted = SideBySide([LinearRegression(), DecisionTreeRegressor(max_depth=2)]).fit(MATRIX, TARGET)
    alone = [one.fit(MATRIX, TARGET).predict(MATRIX) for one in fitted.regressors]
    np.testing.assert_allclose(fitted.predict(MATRIX), np.column_stack(alone))


def test_fitting_side_by_side_leaves_what_was_given_as_it_was():
    lines = [LinearRegression(), LinearRegression()]
    fitted = SideBySide(lines).fit(MATRIX, TARGET)
    assert fitted.regressors is lines and not hasattr(lines[0], "coef_")
    assert fitted.predict(MATRIX).shape == (400, 2)


@pytest.mark.parametrize("best", [0, 1, 2])
def test_the_column_that_was_selected_is_the_one_that_the_graph_reads(best):
    tree = DecisionTreeRegressor(max_leaf_nodes=8)
    make = make_pipeline(SimpleImputer(), SelectKBest(f_regression, k=1), tree)
    fitted = make.fit(MATRIX, MATRIX[:, best] + TARGET / 1e3)
    assert fitted.steps[1][1].get_support(indices=True).tolist() == [best]
    assert onnx_export.agreement(fitted, onnx_export.export(fitted, 4), MATRIX) == 1.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # no column, no correlation
def test_columns_that_say_nothing_are_no_obstacle_to_selecting_one():
    empty = np.full((400, 1), np.nan, dtype=np.float32)
    matrix = np.column_stack([MATRIX, np.ones_like(empty), empty])
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    fitted = make_pipeline(imputer, SelectKBest(f_regression, k=1), LinearRegression()).fit(matrix, TARGET)
    assert onnx_export.agreement(fitted, onnx_export.export(fitted, 6), matrix) == 1.0


@pytest.mark.parametrize("best", [1, 3])
def test_the_best_column_is_the_nearest_one_and_the_graph_s(best):
    expected = MATRIX[:, best] * LEVEL
    fitted = PerLevel(BestColumn([0, 2])).fit(MATRIX, units(MATRIX[:, best] * LEVEL))
    assert fitted.regressor_.column_ == best - 1
    np.testing.assert_allclose(fitted.predict(MATRIX), expected, rtol=1e-6)
    np.testing.assert_allclose(served(fitted)[:, 0], expected, rtol=1e-6)


def test_a_row_weighs_as_much_as_its_level():
    level = np.array([100, 1, 1], np.float32)
    matrix = np.column_stack([level, [1, 0, 0], [0, 2, 2]]).astype(np.float32)
    fitted = PerLevel(BestColumn([0, 1])).fit(matrix, units(level * [1, 2, 2]))
    assert fitted.regressor_.column_ == 0  # right in the one row that weighs 100


def test_so_it_does_in_the_last_step_of_a_pipeline():
    ratio = TARGET / LEVEL
    expected = LinearRegression().fit(MATRIX[:, 1:], ratio, sample_weight=LEVEL)
    line = make_pipeline(SimpleImputer(), StandardScaler(), LinearRegression())
    fitted = PerLevel(line).fit(MATRIX, units(TARGET))
    np.testing.assert_allclose(fitted.predict(MATRIX), expected.predict(MATRIX[:, 1:]) * LEVEL, rtol=1e-5)
    np.testing.assert_allclose(served(fitted)[:, 0], fitted.predict(MATRIX), rtol=1e-4)


def test_predictions_are_never_negative_in_the_graph_either():
    fitted = PerLevel(LinearRegression()).fit(MATRIX, units((MATRIX[:, 1] - 1.2) * LEVEL))
    assert served(fitted).min() == fitted.predict(MATRIX).min() == 0 < served(fitted).max()
    np.testing.assert_allclose(served(fitted)[:, 0], fitted.predict(MATRIX), atol=1e-5)


def test_fitting_per_level_leaves_what_was_given_as_it_was():
    line = LinearRegression()
    fitted = PerLevel(line).fit(MATRIX, units(LEVEL))
    assert fitted.regressor is line and not hasattr(line, "coef_")
