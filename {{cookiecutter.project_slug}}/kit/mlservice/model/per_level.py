"""Regressors of ratios to a level, exported to ONNX in units.

Matrix column 0 is the level of the series: see `PerLevel`. Importing this module
registers the converters with skl2onnx.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_operator import OnnxSubEstimator
from skl2onnx.algebra.onnx_ops import (  # pylint: disable=no-name-in-module # dynamic
    OnnxArrayFeatureExtractor,
    OnnxMul,
    OnnxRelu,
)
from skl2onnx.common.data_types import FloatTensorType
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.pipeline import Pipeline

from mlservice.arrays import Matrix

# pylint: disable=attribute-defined-outside-init # scikit-learn: what is learned ends in _

Values = NDArray[np.float64]


class PerLevel(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Regressor of units / level that predicts units; matrix column 0 is the level.

    A row is weighted by its level, so that the sum of errors in units is minimised.
    """

    def __init__(self, regressor: Any) -> None:
        """Keep the regressor; `fit` works on a copy."""
        self.regressor = regressor

    def fit(self, matrix: Matrix, target: Values) -> Self:
        """Fit on a matrix (n, d) and a target (n, 2), whose first column is units."""
        level, rest = matrix[:, 0], matrix[:, 1:]
        self.regressor_ = clone(self.regressor)
        self.regressor_.fit(
            rest, target[:, 0] / level, **_weights(self.regressor_, level)
        )
        return self

    def predict(self, matrix: Matrix) -> Values:
        """Predict units, shape (n,), at least 0."""
        ratio: Values = self.regressor_.predict(matrix[:, 1:])
        return np.maximum(ratio, 0.0) * matrix[:, 0]


def _weights(regressor: Any, weights: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the weights as a parameter of `fit`: of a pipeline, of its last step."""
    last = f"{regressor.steps[-1][0]}__" if isinstance(regressor, Pipeline) else ""
    return {f"{last}sample_weight": weights}


class BestColumn(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Regressor that predicts the column nearest to the target in training."""

    def __init__(self, columns: Sequence[int]) -> None:
        """Keep the positions of the columns to choose from."""
        self.columns = columns

    def fit(self, matrix: Matrix, target: Values, sample_weight: Any = None) -> Self:
        """Choose the column with the least (weighted) mean absolute error."""
        gaps = np.abs(matrix[:, list(self.columns)] - target[:, np.newaxis])
        errors = np.average(gaps, axis=0, weights=sample_weight)
        self.column_ = self.columns[int(np.argmin(errors))]
        return self

    def predict(self, matrix: Matrix) -> Matrix:
        """Return the chosen column, shape (n,)."""
        return matrix[:, self.column_]


def _one_column(operator: Any) -> None:
    rows = operator.inputs[0].get_first_dimension()
    operator.outputs[0].type = FloatTensorType([rows, 1])


def _per_level(scope: Any, operator: Any, container: Any) -> None:
    matrix, version = operator.inputs[0], container.target_opset
    rows, width = matrix.type.shape
    level = OnnxArrayFeatureExtractor(matrix, np.array([0]), op_version=version)
    rest = scope.declare_local_variable("rest", FloatTensorType([rows, width - 1]))
    OnnxArrayFeatureExtractor(
        matrix, np.arange(1, width), op_version=version, output_names=[rest]
    ).add_to(scope, container)
    fitted = operator.raw_operator.regressor_
    ratio = OnnxSubEstimator(fitted, rest, op_version=version)
    OnnxMul(
        OnnxRelu(ratio, op_version=version),
        level,
        op_version=version,
        output_names=operator.outputs[:1],
    ).add_to(scope, container)


def _best_column(scope: Any, operator: Any, container: Any) -> None:
    OnnxArrayFeatureExtractor(
        operator.inputs[0],
        np.array([operator.raw_operator.column_]),
        op_version=container.target_opset,
        output_names=operator.outputs[:1],
    ).add_to(scope, container)


update_registered_converter(PerLevel, "PerLevel", _one_column, _per_level)
update_registered_converter(BestColumn, "BestColumn", _one_column, _best_column)
