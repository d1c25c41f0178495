"""Rows in, one float32 matrix out: the one encoding that training and serving share.

Numbers and flags pass through, missing ones as NaN. A category becomes one column per
value that the schema lists; a missing or unlisted value becomes zeros in all of them.
No pandas here: serving imports this file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .fields import Feature, Row
from .schema import FEATURES

Columns = Mapping[str, Sequence[Any]]  # column name → its values, one a row
Matrix = NDArray[np.float32]


def columns_of(rows: Sequence[Row]) -> Columns:
    """Turn validated rows into columns."""
    return {f.column: [getattr(row, f.name) for row in rows] for f in FEATURES}


def feature_names() -> list[str]:
    """Name each column of the matrix, d names in its order."""
    return [name for feature in FEATURES for name in _names(feature)]


def encode(columns: Columns) -> Matrix:
    """Encode n rows, given column by column, as a matrix of shape (n, d).

    Arithmetic is float64 and rounded to float32 once, at the end, because that is what
    the ONNX model compares with its thresholds.
    """
    rows = len(columns[FEATURES[0].column])
    matrix = np.zeros((rows, len(feature_names())))
    at = 0
    for feature in FEATURES:
        values = columns[feature.column]
        if feature.kind == "category":
            _one_hot(matrix[:, at : at + len(feature.categories)], feature, values)
        else:
            matrix[:, at] = np.asarray(values, dtype=np.float64)  # None becomes NaN
        at += len(_names(feature))
    return matrix.astype(np.float32)


def _names(feature: Feature) -> list[str]:
    if feature.kind == "category":
        return [f"{feature.column}={value}" for value in feature.categories]
    return [feature.column]


def _one_hot(
    block: NDArray[np.float64], feature: Feature, values: Iterable[Any]
) -> None:
    index = {value: number for number, value in enumerate(feature.categories)}
    for row, value in enumerate(values):
        if (column := index.get(value)) is not None:
            block[row, column] = 1.0
