"""Instances in, one float32 matrix out: the encoding that training and serving share.

Numbers and flags pass through, missing ones as NaN. A category becomes one column per
value that the schema lists; a missing or unlisted value becomes zeros in all of them. A
value with a Coding becomes as many columns as that says.
No pandas here: serving imports this file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Feature
from .schema import FEATURES, Instance

Columns = Mapping[str, Sequence[Any]]  # column name → its values, one a row
Matrix = NDArray[np.float32]


def _names(feature: Feature) -> list[str]:
    if feature.coding:
        return [f"{feature.column}#{number}" for number in range(feature.coding.width)]
    if feature.kind == "category":
        return [f"{feature.column}={value}" for value in feature.categories]
    return [feature.column]


NAMES = [name for feature in FEATURES for name in _names(feature)]  # of the d columns
STARTS = {feature.column: NAMES.index(_names(feature)[0]) for feature in FEATURES}
PLACES = {
    feature.column: {
        value: STARTS[feature.column] + at
        for at, value in enumerate(feature.categories)
    }
    for feature in FEATURES
}


def encode(instances: Sequence[Instance]) -> Matrix:
    """Encode n instances, as requests hold them: shape (n, d)."""
    return matrix_of(
        {f.column: [getattr(one, f.name) for one in instances] for f in FEATURES}
    )


def matrix_of(columns: Columns) -> Matrix:
    """Encode n rows, given column by column, as a matrix of shape (n, d).

    Values are rounded to float32 once, as they enter the matrix, because that is what
    the ONNX model compares with its thresholds.
    """
    matrix = np.zeros((len(columns[FEATURES[0].column]), len(NAMES)), dtype=np.float32)
    for feature in FEATURES:
        values, start = columns[feature.column], STARTS[feature.column]
        if feature.coding:
            block = feature.coding.encode(values)
            matrix[:, start : start + feature.coding.width] = block
        elif feature.kind == "category":
            _one_hot(matrix, PLACES[feature.column], values)
        else:
            numbers = np.asarray(values, dtype=np.float64)  # None becomes NaN
            matrix[:, start] = numbers
    return matrix


def _one_hot(matrix: Matrix, places: Mapping[Any, int], values: Iterable[Any]) -> None:
    for row, value in enumerate(values):
        if (column := places.get(value)) is not None:
            matrix[row, column] = 1.0
