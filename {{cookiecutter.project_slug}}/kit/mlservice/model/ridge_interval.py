"""Linear regression with an interval, exported to ONNX as one linear model.

Importing this module registers the converter with skl2onnx.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skl2onnx import update_registered_converter
from skl2onnx.common.shape_calculator import calculate_linear_regressor_output_shapes
from skl2onnx.operator_converters.linear_regressor import (
    convert_sklearn_linear_regressor,
)
from sklearn.linear_model import Ridge

from mlservice.arrays import Matrix

# pylint: disable=attribute-defined-outside-init # scikit-learn: what is learned ends in _
# pylint: disable=too-many-ancestors # most are scikit-learn's mixins
# pylint: disable=arguments-renamed # the words of this project, as its other estimators


class RidgeInterval(Ridge):  # type: ignore[misc]
    """Ridge regression of a point and both ends of its interval.

    The ends are at quantiles of the residuals, so the interval has the same width
    everywhere. With `median` the point is moved by the median residual.
    """

    coef_: Any
    intercept_: Any

    def __init__(
        self,
        alpha: float = 1.0,
        quantiles: tuple[float, float] = (0.05, 0.95),
        *,
        median: bool = False,
    ) -> None:
        """Keep the penalty, the quantiles of the ends, and the kind of the point."""
        super().__init__(alpha=alpha)
        self.quantiles = quantiles
        self.median = median

    def fit(
        self,
        matrix: Matrix,
        target: NDArray[np.float64],
        sample_weight: Any = None,
    ) -> Self:
        """Fit on a matrix (n, d) and a target (n,)."""
        super().fit(matrix, target, sample_weight)
        residuals = target - super().predict(matrix)
        moved = np.quantile(residuals, [0.5, *self.quantiles])
        if not self.median:
            moved[0] = 0
        self.coef_ = np.tile(self.coef_, (3, 1))
        self.intercept_ = self.intercept_ + moved
        return self

    def predict(self, matrix: Matrix) -> NDArray[np.float64]:
        """Predict point, low and high: shape (n, 3)."""
        found: NDArray[np.float64] = super().predict(matrix)
        return found


update_registered_converter(
    RidgeInterval,
    "RidgeInterval",
    calculate_linear_regressor_output_shapes,
    convert_sklearn_linear_regressor,
)
