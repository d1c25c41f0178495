"""Several regressors on the same rows, exported as one ONNX graph.

Importing this module registers the converters with skl2onnx.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_operator import OnnxSubEstimator
from skl2onnx.algebra.onnx_ops import (  # pylint: disable=no-name-in-module # dynamic
    OnnxArrayFeatureExtractor,
    OnnxConcat,
)
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.shape_calculators.feature_selection import calculate_sklearn_select
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.feature_selection import SelectKBest

from mlservice.arrays import Matrix


class SideBySide(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Several regressors on the same rows; each predicts one column of the scores."""

    def __init__(self, regressors: Sequence[Any]) -> None:
        """Keep the regressors; `fit` works on copies."""
        self.regressors = regressors

    def fit(self, matrix: Matrix, target: NDArray[np.float64]) -> Self:
        """Fit each regressor on a matrix (n, d) and a target (n,)."""
        # pylint: disable-next=attribute-defined-outside-init # learned: ends in _
        self.regressors_ = [clone(one).fit(matrix, target) for one in self.regressors]
        return self

    def predict(self, matrix: Matrix) -> NDArray[np.float64]:
        """Predict a column from each regressor: shape (n, regressors)."""
        return np.column_stack([one.predict(matrix) for one in self.regressors_])


def _shape(operator: Any) -> None:
    rows = operator.inputs[0].get_first_dimension()
    columns = len(operator.raw_operator.regressors_)
    operator.outputs[0].type = FloatTensorType([rows, columns])


def _side_by_side(scope: Any, operator: Any, container: Any) -> None:
    """Write the regressors into one ONNX graph, their outputs as columns."""
    version = container.target_opset
    outputs = [
        OnnxSubEstimator(one, operator.inputs[0], op_version=version)
        for one in operator.raw_operator.regressors_
    ]
    joined = OnnxConcat(
        *outputs, axis=1, op_version=version, output_names=operator.outputs[:1]
    )
    joined.add_to(scope, container)


def _select(scope: Any, operator: Any, container: Any) -> None:
    """Extract the selected columns; skl2onnx 1.20 takes the first alone for none."""
    selected = OnnxArrayFeatureExtractor(
        operator.inputs[0],
        operator.raw_operator.get_support(indices=True),
        op_version=container.target_opset,
        output_names=operator.outputs[:1],
    )
    selected.add_to(scope, container)


update_registered_converter(SideBySide, "SideBySide", _shape, _side_by_side)
update_registered_converter(
    SelectKBest, "SklearnSelectKBest", calculate_sklearn_select, _select
)
