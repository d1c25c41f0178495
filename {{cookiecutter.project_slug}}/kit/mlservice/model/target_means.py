"""Means of the target by category, looked up in the ONNX graph.

Importing this module registers the converter with skl2onnx, whose converter of
TargetEncoder handles no more than two classes.
"""

from typing import Any

import numpy as np
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_ops import (  # pylint: disable=no-name-in-module # dynamic
    OnnxConcat,
    OnnxGather,
    OnnxLabelEncoder_2,
)
from skl2onnx.common.data_types import FloatTensorType
from sklearn.base import is_regressor
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder

from mlservice.arrays import Matrix, Target
from mlservice.encoding.table import TableEncoding

# pylint: disable=arguments-differ,arguments-renamed # names as in the other models
# pylint: disable=too-many-ancestors # most are scikit-learn's mixins

FOLDS = 5


class TargetMeans(TargetEncoder):  # type: ignore[misc]
    """scikit-learn's TargetEncoder with float32 means, as ONNX has them.

    `fit_transform` gives a row the mean of rows in other folds: its own target tells it
    nothing. `transform` gives a new row the mean of all. Means of few rows are drawn
    towards that of all rows, which a bucket that training has not seen gets.
    """

    def fit_transform(self, matrix: Matrix, target: Target) -> Matrix:
        """Fit on buckets (n, d) and a target (n,); return the means, out of fold."""
        means: Matrix = super().fit_transform(matrix, target).astype(np.float32)
        return means

    def transform(self, matrix: Matrix) -> Matrix:
        """Return the mean of each bucket, by class where there are several."""
        means: Matrix = super().transform(matrix).astype(np.float32)
        return means


def with_target_means(estimator: Any, encoding: TableEncoding, seed: int) -> Any:
    """Replace each column of buckets by the target's mean in that bucket.

    See TargetMeans. Without such columns the estimator is returned as it is.
    """
    if not encoding.buckets:
        return estimator
    regression = is_regressor(estimator)
    folds = KFold if regression else StratifiedKFold
    means = TargetMeans(
        target_type="continuous" if regression else "auto",
        cv=folds(FOLDS, shuffle=True, random_state=seed),
    )
    columns = ColumnTransformer(
        [("means", means, list(encoding.buckets))], remainder="passthrough"
    )
    return make_pipeline(columns, estimator)


def _shape(operator: Any) -> None:
    rows = operator.inputs[0].get_first_dimension()
    columns = len(operator.raw_operator.encodings_)
    operator.outputs[0].type = FloatTensorType([rows, columns])


def _convert(scope: Any, operator: Any, container: Any) -> None:
    """Look up a row of means by the position of its bucket; the last is the default."""
    fitted, version = operator.raw_operator, container.target_opset
    matrix = operator.inputs[0]
    rest = np.atleast_1d(fitted.target_mean_)
    columns = []
    for at, buckets in enumerate(fitted.categories_):
        given = fitted.encodings_[at * len(rest) : (at + 1) * len(rest)]
        means = np.vstack([np.transpose(given), rest]).astype(np.float32)
        place = OnnxLabelEncoder_2(
            OnnxGather(matrix, np.array(at), axis=1, op_version=version),
            keys_floats=buckets.astype(np.float32),
            values_int64s=np.arange(len(buckets)),
            default_int64=len(buckets),
            op_version=version,
        )
        columns.append(OnnxGather(means, place, axis=0, op_version=version))
    joined = OnnxConcat(
        *columns, axis=1, op_version=version, output_names=operator.outputs[:1]
    )
    joined.add_to(scope, container)


update_registered_converter(TargetMeans, "TargetMeans", _shape, _convert)
