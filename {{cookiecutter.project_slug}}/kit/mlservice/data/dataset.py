"""One part of the data, in the forms that are needed, and how rows come into them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlservice.schema.features import Feature
from mlservice.encoding.table import Matrix
from .schema import FEATURES

RECUR = 10  # times that each row occurs on average, above which that is no accident
Target = NDArray[Any]  # first axis: rows; the task alone reads what is in one


@dataclass(frozen=True)
class Part:
    """n examples; rows of one group depend on each other and are resampled together."""

    rows: pd.DataFrame  # n rows, for slices and plots
    matrix: Matrix  # (n, d)
    target: Target  # (n,) or (n, k)
    groups: NDArray[np.int64]  # (n,)

    def take(self, places: NDArray[np.intp]) -> "Part":
        """Give the examples at these places."""
        return Part(
            self.rows.iloc[places],
            self.matrix[places],
            self.target[places],
            self.groups[places],
        )


def columns_of(rows: pd.DataFrame) -> dict[str, Any]:
    """Give n checked rows column by column, as `features.matrix_of` takes them."""
    return {f.column: _values(rows[f.column], f) for f in FEATURES}


def _values(values: "pd.Series[Any]", feature: Feature) -> Any:
    if feature.coding:
        given = values.astype(object).where(values.notna(), None)
        read = feature.coding.read
        return [value if value is None else read(value) for value in given]
    if feature.kind == "category":
        return values.tolist()
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def groups_of(rows: pd.DataFrame) -> NDArray[Any]:
    """Give n rows a number each, (n,): the same one where all features are equal.

    Few features with few values recur by themselves: then equal rows are no copies of
    one another, and each is a group of its own.
    """
    features = rows[[feature.column for feature in FEATURES]]
    equal = pd.util.hash_pandas_object(features, index=False).to_numpy()
    alone = len(rows) > RECUR * len(np.unique(equal))
    return np.arange(len(rows)) if alone else equal
