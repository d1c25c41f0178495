"""Contributions of trees: shap's where each matrix column is a player, brute force where a player has several."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlservice.model.boosted_trees import BoostedClassifier, BoostedRegressor
from mlservice.model.tree_shap import shapley
from mlservice.training.tree_paths import boosted, paths_of, single

RNG = np.random.default_rng(0)
ROWS, WIDTH = 600, 7
MATRIX = RNG.normal(size=(ROWS, WIDTH)).round(2).astype(np.float32)
MATRIX[RNG.random(MATRIX.shape) < 0.2] = np.nan
FILLED = np.nan_to_num(MATRIX)
NUMBER = FILLED[:, 0] * FILLED[:, 1] + 2 * np.isnan(MATRIX[:, 2]) + FILLED[:, 3] + RNG.normal(0, 0.3, ROWS)
PARAMS = {"max_iter": 20, "min_samples_leaf": 5, "random_state": 0, "early_stopping": False}
EACH = range(WIDTH)  # every column is a player
GROUPS = [0, 1, 0, 2, 1, 2, 2]


def paths(fitted, owners, output=0):
    """Return the paths of one output of a boosted model."""
    trees = fitted._predictors  # pylint: disable=protected-access # no other way
    base = fitted._baseline_prediction.ravel()[output]  # pylint: disable=protected-access
    return paths_of((boosted(each[output].nodes) for each in trees), owners, base)


def brute_force(tree, owners, row):
    """Return the Shapley values of one tree by their definition, and the value without any player."""

    def game(present, node=0):
        if tree.is_leaf[node]:
            return float(tree.value[node])
        column, sides = tree.column[node], (tree.left[node], tree.right[node])
        if owners[column] in present:
            value = row[column]
            left = tree.missing_left[node] if np.isnan(value) else value <= tree.threshold[node]
            return game(present, sides[0] if left else sides[1])
        return sum(tree.rows[side] / tree.rows[node] * game(present, side) for side in sides)

    count = max(owners) + 1
    found = np.zeros(count)
    for player in range(count):
        others = [each for each in range(count) if each != player]
        for size in range(count):
            for present in combinations(others, size):
                gain = game({*present, player}) - game({*present})
                found[player] += gain / count / comb(count - 1, size)
    return found, game(set())


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "quantile"])
def test_a_regressor_s_are_those_of_shap(loss):
    fitted = BoostedRegressor(loss=loss, quantile=0.9 if loss == "quantile" else None, **PARAMS).fit(MATRIX, NUMBER)
    found = paths(fitted, EACH)
    ours = shapley(found, MATRIX, WIDTH)
    theirs = shap.TreeExplainer(fitted, feature_perturbation="tree_path_dependent")
    np.testing.assert_allclose(ours, theirs.shap_values(MATRIX), rtol=0, atol=1e-9)
    assert found.base == pytest.approx(float(np.squeeze(theirs.expected_value)), abs=1e-9)
    np.testing.assert_allclose(ours.sum(axis=1) + found.base, fitted.predict(MATRIX), rtol=0, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_classifier_s_are_those_of_shap_for_each_class(classes):
    labels = np.digitize(NUMBER, [0.5, 2][: classes - 1])
    fitted = BoostedClassifier(**PARAMS).fit(MATRIX, labels)
    theirs = shap.TreeExplainer(fitted, feature_perturbation="tree_path_dependent").shap_values(MATRIX)
    theirs = theirs.reshape(ROWS, WIDTH, -1)
    raw = fitted.decision_function(MATRIX).reshape(ROWS, -1)
    assert theirs.shape[2] == raw.shape[1] == (1 if classes == 2 else 3)
    for output, margin in enumerate(raw.T):
        found = paths(fitted, EACH, output)
        ours = shapley(found, MATRIX, WIDTH)
        np.testing.assert_allclose(ours, theirs[:, :, output], rtol=0, atol=1e-9)
        np.testing.assert_allclose(ours.sum(axis=1) + found.base, margin, rtol=0, atol=1e-9)


def test_a_single_tree_s_are_those_of_shap():
    whole = np.round(FILLED * 100)  # float32 holds a threshold between two of them
    fitted = DecisionTreeRegressor(max_leaf_nodes=12).fit(whole, NUMBER)
    ours = shapley(paths_of([single(fitted.tree_, 0)], EACH), whole, WIDTH)
    theirs = shap.TreeExplainer(fitted, feature_perturbation="tree_path_dependent").shap_values(whole)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("owners", [[*EACH], GROUPS, [0] * WIDTH], ids=["each", "groups", "one"])
def test_players_of_several_columns_have_shapley_values_by_definition(owners):
    fitted = BoostedRegressor(max_leaf_nodes=14, **PARAMS | {"max_iter": 3}).fit(MATRIX, NUMBER)
    trees = [boosted(tree.nodes) for (tree,) in fitted._predictors]  # pylint: disable=protected-access
    found = paths_of(trees, owners)
    ours = shapley(found, MATRIX[:8], max(owners) + 1)
    for row, values in zip(MATRIX[:8], ours, strict=True):
        each = [brute_force(tree, owners, row) for tree in trees]
        np.testing.assert_allclose(values, sum(values for values, _ in each), rtol=0, atol=1e-12)
        assert found.base == pytest.approx(sum(base for _, base in each), abs=1e-12)


def test_grouped_values_sum_to_the_raw_score():
    fitted = BoostedRegressor(**PARAMS).fit(MATRIX, NUMBER)
    found = paths(fitted, GROUPS)
    sums = shapley(found, MATRIX, 3).sum(axis=1) + found.base
    np.testing.assert_allclose(sums, fitted.predict(MATRIX), rtol=0, atol=1e-9)


def test_a_value_on_a_threshold_turns_as_in_onnx():
    tree = DecisionTreeClassifier(max_depth=1).fit(FILLED[:, :1], NUMBER > 0)
    edge = np.float32(tree.tree_.threshold[0])
    rows = np.array([[edge], [np.nextafter(edge, np.float32(np.inf))]], np.float32)
    left, right = shapley(paths_of([single(tree.tree_, 1)], [0]), rows, 1)[:, 0]
    values = tree.tree_.value[:, 0, 1]
    assert [left, right] == pytest.approx([values[1] - values[0], values[2] - values[0]], abs=1e-6)


def test_trees_without_a_split_contribute_nothing():
    fitted = HistGradientBoostingClassifier(max_iter=2, early_stopping=False).fit(np.ones((10, 2)), [0, 1] * 5)
    found = paths(fitted, [0, 1])
    assert not shapley(found, np.ones((3, 2), np.float32), 2).any()
    assert found.base == pytest.approx(fitted.decision_function(np.ones((1, 2)))[0])


def test_no_rows_have_no_values():
    fitted = BoostedRegressor(**PARAMS).fit(MATRIX, NUMBER)
    assert shapley(paths(fitted, GROUPS), MATRIX[:0], 3).shape == (0, 3)
