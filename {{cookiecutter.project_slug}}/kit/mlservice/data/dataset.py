"""A split of the data as rows, matrix and target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mlservice.arrays import Matrix, Positions, Target
from mlservice.encoding.table import TableEncoding
from mlservice.schema.features import Feature

GROUP = "__group__"  # column of a split by group, with the number of the group
RECUR = 10  # copies of each row on average, above which equal rows are expected


@dataclass(frozen=True)
class Dataset:
    """n rows; those of one group depend on each other and are resampled together.

    Rows in order of time have periods: from when a row is scored to when its target is
    known. No row is fitted whose target was not known when others are scored.
    """

    rows: pd.DataFrame  # n rows, for slices and plots
    matrix: Matrix  # (n, d)
    target: Target  # (n,) or (n, k)
    groups: NDArray[np.int64]  # (n,)
    periods: NDArray[np.datetime64] | None = None  # (n, 2)

    def take(self, positions: Positions) -> "Dataset":
        """Return the rows at these positions."""
        return Dataset(
            self.rows.iloc[positions],
            self.matrix[positions],
            self.target[positions],
            self.groups[positions],
            None if self.periods is None else self.periods[positions],
        )


def encode_rows(
    rows: pd.DataFrame,
    encoding: TableEncoding,
    target: Feature,
    groups: "pd.Series[Any] | None" = None,
) -> Dataset:
    """Encode n checked rows and their target; by default, equal rows are one group."""
    given = groups_of(rows, encoding.features) if groups is None else groups
    numbers, _ = pd.factorize(given)
    matrix = encoding.matrix_of(columns_of(rows, encoding.features))
    return Dataset(rows, matrix, target_values(rows, target), numbers)


def target_values(rows: pd.DataFrame, target: Feature) -> NDArray[Any]:
    """Return the target of n rows, shape (n,): numbers, or class numbers.

    Classes are numbered from 0, in the schema's order.
    """
    if target.kind == "category":
        found = pd.Categorical(rows[target.column], target.categories)
        return found.codes.astype(np.int64)
    return rows[target.column].to_numpy(dtype=np.float64)


def columns_of(rows: pd.DataFrame, features: Sequence[Feature]) -> dict[str, Any]:
    """Return n checked rows by column, as `TableEncoding.matrix_of` takes them."""
    return {f.column: _values(rows[f.column], f) for f in features}


def _values(values: "pd.Series[Any]", feature: Feature) -> Any:
    if feature.encoder:
        given = values.astype(object).where(values.notna(), None)
        read = feature.encoder.read
        return [value if value is None else read(value) for value in given]
    if feature.kind == "category":
        return values.tolist()
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def groups_of(rows: pd.DataFrame, features: Sequence[Feature]) -> NDArray[Any]:
    """Return a number for each of n rows, (n,): the same where all features are equal.

    Few features with few values are often equal by chance: then equal rows are no
    copies, and each is a group of its own.
    """
    values = rows[[feature.column for feature in features]]
    equal = pd.util.hash_pandas_object(values, index=False).to_numpy()
    alone = len(rows) > RECUR * len(np.unique(equal))
    return np.arange(len(rows)) if alone else equal
