"""The models: a baseline that anyone could deploy, a candidate that must beat it.

The candidate is three models in one ONNX graph: importing this file tells skl2onnx how.
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
from sklearn.dummy import DummyRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeRegressor

from .features import Matrix
from .params import Train
from .trees import BoostedRegressor

PACKAGES = ("numpy", "scikit-learn", "skl2onnx", "onnxruntime")  # a model depends on


def trivial(train: Train) -> BaseEstimator:
    """Return what looks at no feature: the median (or mean) for every row."""
    median = train.loss == "absolute_error"
    return DummyRegressor(strategy="median" if median else "mean")


def baseline(train: Train) -> BaseEstimator:
    """Return the median (or mean) by one feature: what is alike there has one answer.

    The feature is the one that goes along with the target best, cut into eight ranges;
    a missing number counts as the median.
    """
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        SelectKBest(f_regression, k=1),
        DecisionTreeRegressor(
            criterion=train.loss,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            random_state=0,
        ),
    )


def candidate(train: Train) -> BaseEstimator:
    """Return gradient boosting for the target, and for both ends of its interval.

    The absolute error makes the point a median, which a few rare rows cannot move; the
    squared error makes it a mean. The ends are quantiles (Koenker & Bassett 1978).
    """
    knobs: dict[str, Any] = train.model_dump(
        exclude={"seed", "loss", "low_quantile", "high_quantile"}
    )
    knobs |= {"random_state": train.seed, "early_stopping": False}
    point = BoostedRegressor(loss=train.loss, **knobs)
    low, high = (
        BoostedRegressor(loss="quantile", quantile=quantile, **knobs)
        for quantile in (train.low_quantile, train.high_quantile)
    )
    return SideBySide([point, low, high])


class SideBySide(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Several regressors on the same rows; one column of the answer from each."""

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
    """Write the regressors into one ONNX graph, side by side."""
    version = container.target_opset
    parts = [
        OnnxSubEstimator(one, operator.inputs[0], op_version=version)
        for one in operator.raw_operator.regressors_
    ]
    whole = OnnxConcat(
        *parts, axis=1, op_version=version, output_names=operator.outputs[:1]
    )
    whole.add_to(scope, container)


def _select(scope: Any, operator: Any, container: Any) -> None:
    """Take the selected columns; skl2onnx 1.20 takes the first one alone for none."""
    whole = OnnxArrayFeatureExtractor(
        operator.inputs[0],
        operator.raw_operator.get_support(indices=True),
        op_version=container.target_opset,
        output_names=operator.outputs[:1],
    )
    whole.add_to(scope, container)


update_registered_converter(SideBySide, "SideBySide", _shape, _side_by_side)
update_registered_converter(
    SelectKBest, "SklearnSelectKBest", calculate_sklearn_select, _select
)
