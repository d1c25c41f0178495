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


def _names(feature: Feature) -> list[str]:
    if feature.kind == "category":
        return [f"{feature.column}={value}" for value in feature.categories]
    return [feature.column]


NAMES = [name for feature in FEATURES for name in _names(feature)]  # of the d columns
PLACES = {
    feature.column: {
        value: NAMES.index(f"{feature.column}={value}") for value in feature.categories
    }
    for feature in FEATURES
}


def columns_of(rows: Sequence[Row]) -> Columns:
    """Turn validated rows into columns."""
    return {f.column: [getattr(row, f.name) for row in rows] for f in FEATURES}


def encode(columns: Columns) -> Matrix:
    """Encode n rows, given column by column, as a matrix of shape (n, d).

    Arithmetic is float64 and rounded to float32 once, at the end, because that is what
    the ONNX model compares with its thresholds.
    """
    matrix = np.zeros((len(columns[FEATURES[0].column]), len(NAMES)))
    for feature in FEATURES:
        values = columns[feature.column]
        if feature.kind == "category":
            _one_hot(matrix, PLACES[feature.column], values)
        else:
            numbers = np.asarray(values, dtype=np.float64)  # None becomes NaN
            matrix[:, NAMES.index(feature.column)] = numbers
    return matrix.astype(np.float32)


def _one_hot(
    matrix: NDArray[np.float64], places: Mapping[Any, int], values: Iterable[Any]
) -> None:
    for row, value in enumerate(values):
        if (column := places.get(value)) is not None:
            matrix[row, column] = 1.0
