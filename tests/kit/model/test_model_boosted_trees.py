"""Trees turn every float32 row the same way in scikit-learn and in ONNX."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingRegressor

from mlservice.model import onnx_export as export
from mlservice.model.boosted_trees import (
    BoostedClassifier,
    BoostedRegressor,
    floor32,
)

RNG = np.random.default_rng(0)
ROWS = 600
DECIMALS = np.round(RNG.normal(size=(ROWS, 4)), 1).astype(np.float32)
HOLES = np.where(RNG.random(DECIMALS.shape) < 0.2, np.nan, DECIMALS)
NUMBERS = DECIMALS[:, 0] * 3 + DECIMALS[:, 1] + 2 * np.isnan(HOLES[:, 2])
PARAMS = {"max_iter": 20, "min_samples_leaf": 5, "random_state": 0}


def on_the_thresholds(fitted, matrix):
    """Return rows whose first column is the float32 nearest to a threshold."""
    trees = fitted._predictors  # pylint: disable=protected-access # no other way
    nodes = np.concatenate([tree.nodes for (tree,) in trees])
    asks = (nodes["is_leaf"] == 0) & (nodes["feature_idx"] == 0)
    rows = np.repeat(matrix[:1], asks.sum(), axis=0)
    rows[:, 0] = nodes["num_threshold"][asks].astype(np.float32)
    return rows


@pytest.mark.parametrize("matrix", [DECIMALS, HOLES], ids=["complete", "with holes"])
def test_a_regressor_says_the_same_in_onnx_on_every_row(matrix):
    fitted = BoostedRegressor(**PARAMS).fit(matrix, NUMBERS)
    rows = np.concatenate([matrix, on_the_thresholds(fitted, matrix)])
    assert export.agreement(fitted, export.export(fitted, 4), rows) == 1.0


@pytest.mark.parametrize("classes", [2, 3])
def test_a_classifier_inside_a_calibration_does_so_too(classes):
    labels = np.digitize(NUMBERS, [0, 2][: classes - 1])
    trees = BoostedClassifier(**PARAMS)
    fitted = CalibratedClassifierCV(trees, cv=3, ensemble=False).fit(HOLES, labels)
    assert export.agreement(fitted, export.export(fitted, 4), HOLES) == 1.0
    assert export.fitted_scores(fitted, HOLES).shape == (ROWS, classes)


def test_rounding_changes_no_answer_of_scikit_learn_s():
    plain = HistGradientBoostingRegressor(**PARAMS).fit(HOLES, NUMBERS)
    exact = BoostedRegressor(**PARAMS).fit(HOLES, NUMBERS)
    rows = np.concatenate([HOLES, on_the_thresholds(plain, HOLES)])
    np.testing.assert_array_equal(plain.predict(rows), exact.predict(rows))


def test_without_it_rows_on_a_threshold_turn_the_other_way():
    plain = HistGradientBoostingRegressor(**PARAMS).fit(DECIMALS, NUMBERS)
    rows = on_the_thresholds(plain, DECIMALS)
    with pytest.raises(export.ExportError):
        export.agreement(plain, export.export(plain, 4), rows)


def test_a_column_without_a_value_or_with_one_alone_is_no_obstacle():
    matrix = np.column_stack([DECIMALS, np.full(ROWS, np.nan), np.ones(ROWS)])
    matrix = matrix.astype(np.float32)
    fitted = BoostedRegressor(**PARAMS).fit(matrix, NUMBERS)
    filled = np.nan_to_num(matrix, nan=5)
    exported = export.export(fitted, 6)
    assert export.agreement(fitted, exported, np.concatenate([matrix, filled])) == 1.0


def test_it_is_cloned_with_its_parameters():
    copy = clone(BoostedRegressor(**PARAMS).fit(HOLES, NUMBERS))
    assert copy.get_params()["max_iter"] == 20 and not hasattr(copy, "_predictors")


def test_no_float32_changes_its_side_of_a_rounded_threshold():
    scale = 10.0 ** RNG.integers(-30, 30, 500)
    steps = (RNG.normal(size=500) * scale).astype(np.float32)
    above = np.nextafter(steps, np.float32(np.inf)).astype(np.float64)
    for share in (0.0, 0.3, 0.5, 0.9):  # of the way to the next float32
        between = steps + share * (above - steps)
        np.testing.assert_array_equal(floor32(between), steps)


def test_a_threshold_beyond_all_float32_keeps_its_side():
    largest = float(np.nextafter(np.float32(np.inf), np.float32(0)))
    found = floor32(np.array([np.inf, -np.inf, 1e300, -1e300]))
    assert found.tolist() == [np.inf, -np.inf, largest, -np.inf]
