"""Instances in, one float32 matrix out: the encoding that training and serving share.

Numbers and flags pass through, missing ones as NaN. A category becomes one column per
value that the schema lists; a missing or unlisted value becomes zeros in all of them.
An ordered category becomes its rank from 0, a missing or unlisted one NaN. A value with
a Coding becomes as many columns as that says.
No pandas here: serving imports this file.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlservice.schema.features import Feature
from .schema import FEATURES, Instance

Columns = Mapping[str, Sequence[Any]]  # column name → its values, one a row
Matrix = NDArray[np.float32]


def _names(feature: Feature) -> list[str]:
    if feature.coding:
        return [f"{feature.column}#{number}" for number in range(feature.coding.width)]
    if feature.kind == "category" and not feature.ordered:
        return [f"{feature.column}={value}" for value in feature.categories]
    return [feature.column]


NAMES = [name for feature in FEATURES for name in _names(feature)]  # of the d columns
ENDS = accumulate(len(_names(feature)) for feature in FEATURES)
BLOCKS = {  # the matrix columns of each feature
    feature.column: slice(end - len(_names(feature)), end)
    for feature, end in zip(FEATURES, ENDS, strict=True)
}
CODES = {  # of each value of a category: its rank, or its matrix column
    feature.column: {
        value: at if feature.ordered else BLOCKS[feature.column].start + at
        for at, value in enumerate(feature.categories)
    }
    for feature in FEATURES
}
NUMBERS = [f for f in FEATURES if not f.coding and f.kind != "category"]
NUMBERS_AT = np.array([BLOCKS[feature.column].start for feature in NUMBERS], np.intp)
OTHERS = [feature for feature in FEATURES if feature not in NUMBERS]


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
    numbers = [columns[feature.column] for feature in NUMBERS]
    matrix[:, NUMBERS_AT] = np.array(numbers, dtype=np.float64).T  # None becomes NaN
    for feature in OTHERS:
        values, block = columns[feature.column], BLOCKS[feature.column]
        codes = CODES[feature.column]
        if feature.coding:
            matrix[:, block] = feature.coding.encode(values)
        elif feature.ordered:
            matrix[:, block.start] = [codes.get(value, np.nan) for value in values]
        else:
            _one_hot(matrix, codes, values)
    return matrix


def _one_hot(matrix: Matrix, codes: Mapping[Any, int], values: Iterable[Any]) -> None:
    for row, value in enumerate(values):
        if (column := codes.get(value)) is not None:
            matrix[row, column] = 1.0
