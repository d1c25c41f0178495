"""Gradient-boosted trees with equal predictions in scikit-learn and in ONNX.

scikit-learn stores a tree's thresholds as float64, ONNX as float32. The nearest float32
may lie above the threshold, and a row in between takes the other branch: on a table
with few decimals that is many rows. Rounded down, no float32 changes its branch.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skl2onnx import update_registered_converter
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from skl2onnx.operator_converters.random_forest import (
    convert_sklearn_random_forest_classifier,
    convert_sklearn_random_forest_regressor_converter,
)
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)

from mlservice.arrays import Matrix

# pylint: disable=arguments-differ,arguments-renamed # fit takes what the models here have
# pylint: disable=too-many-ancestors # most are scikit-learn's mixins

Target = NDArray[Any]
Weights = NDArray[np.floating] | None


class BoostedClassifier(HistGradientBoostingClassifier):  # type: ignore[misc]
    """Gradient boosting classifier with equal probabilities in ONNX."""

    def fit(
        self, matrix: Matrix, target: Target, sample_weight: Weights = None
    ) -> Self:
        """Fit on a float32 matrix (n, d) and labels (n,)."""
        super().fit(_filled(matrix), target, sample_weight)
        _round_thresholds(self)
        return self


class BoostedRegressor(HistGradientBoostingRegressor):  # type: ignore[misc]
    """Gradient boosting regressor with equal predictions in ONNX."""

    def fit(
        self, matrix: Matrix, target: Target, sample_weight: Weights = None
    ) -> Self:
        """Fit on a float32 matrix (n, d) and a target (n,)."""
        super().fit(_filled(matrix), target, sample_weight)
        _round_thresholds(self)
        return self


def floor32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round down to float32: the same float32 numbers are at most that; inf stays."""
    with np.errstate(over="ignore"):  # too large for float32: corrected below
        near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near)


def _filled(matrix: Matrix) -> Matrix:
    """Fill columns without any value, since scikit-learn needs one to fit.

    No tree splits a column of one value, so it does not matter which.
    """
    empty = np.isnan(matrix).all(axis=0)
    return np.where(empty, np.float32(0), matrix) if empty.any() else matrix


def _round_thresholds(fitted: Any) -> None:
    for trees in fitted._predictors:  # pylint: disable=protected-access # no other way
        for tree in trees:
            tree.nodes["num_threshold"] = floor32(tree.nodes["num_threshold"])


update_registered_converter(
    BoostedClassifier,
    "BoostedClassifier",
    calculate_linear_classifier_output_shapes,
    convert_sklearn_random_forest_classifier,
    options={
        "zipmap": [True, False, "columns"],
        "raw_scores": [True, False],
        "output_class_labels": [True, False],
        "nocl": [True, False],
    },
)
update_registered_converter(
    BoostedRegressor,
    "BoostedRegressor",
    calculate_linear_regressor_output_shapes,
    convert_sklearn_random_forest_regressor_converter,
    options={"raw_scores": [True, False]},
)
