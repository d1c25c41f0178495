"""Splits of rows into train, validation and test, without leakage.

Of a random split, rows with equal features go to the same part, so that no test row was
trained on. Splits by time or by group are in `column_split`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from mlservice.data import column_split
from mlservice.data.checks import DataError
from mlservice.data.dataset import groups_of, target_values
from mlservice.params import RowSplit
from mlservice.schema.features import Feature

FEWEST = 100  # different rows that are needed
FEWEST_OF_CLASS = 10  # different rows of each class
VARIED = 0.2  # share of the recurring rows whose target differs: chance, no copies


def split_rows(
    rows: pd.DataFrame,
    features: Sequence[Feature],
    target: Feature,
    params: RowSplit,
    raw: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Split rows as `params.split` says, at random stratified by class.

    `raw` has the same rows as the file holds them, with `params.column`. Raise
    DataError if there are too few different rows or groups, or too few of a class.
    """
    if params.split != "random":
        return column_split.split(
            rows, features, target, params, rows if raw is None else raw
        )
    if target.kind == "category":
        return _split_by_class(rows, features, target, params)
    groups = groups_of(rows, features)
    if len(np.unique(groups)) < FEWEST:
        groups = _alone(rows, groups, target)
    each, group = np.unique(groups, return_inverse=True)
    if len(each) < FEWEST:
        raise DataError(f"fewer than {FEWEST} different rows")
    return _split(rows, group, params, None)


def _alone(
    rows: pd.DataFrame, groups: NDArray[Any], target: Feature
) -> NDArray[np.intp]:
    """Return a group for each row, if the target varies among equal rows.

    Then they are no copies: a few combinations of features, and what became of each.
    """
    different = rows[target.column].groupby(groups).nunique()
    recur = np.bincount(np.unique(groups, return_inverse=True)[1]) > 1
    varied = recur.any() and (different[recur] > 1).mean() > VARIED
    if varied:
        print("few different rows, of which the target varies: equal rows are split")
    return np.arange(len(rows)) if varied else groups


def _split_by_class(
    rows: pd.DataFrame,
    features: Sequence[Feature],
    target: Feature,
    params: RowSplit,
) -> dict[str, pd.DataFrame]:
    groups = groups_of(rows, features)
    group, drawn, fewest = _drawn(rows, groups, target, params.seed)
    if fewest < FEWEST_OF_CLASS:
        groups = _alone(rows, groups, target)
        group, drawn, fewest = _drawn(rows, groups, target, params.seed)
    if fewest < FEWEST_OF_CLASS:
        raise DataError(
            f"fewer than {FEWEST_OF_CLASS} different rows of a class of {target.column}"
        )
    return _split(rows, group, params, drawn)


def _drawn(
    rows: pd.DataFrame, groups: NDArray[Any], target: Feature, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.int64], int]:
    """Return the group of each row, the class of each, and the groups of the rarest.

    The class of a group is its most frequent one; which of several is drawn, as a
    file may be sorted by class.
    """
    _, group = np.unique(groups, return_inverse=True)
    classes = len(target.categories)
    pairs, rows_of = np.unique(
        group * classes + target_values(rows, target), return_counts=True
    )
    chance = np.random.default_rng(seed).random(len(pairs))
    order = np.lexsort((chance, rows_of, pairs // classes))
    last = np.flatnonzero(np.diff(pairs[order] // classes, append=-1))
    drawn = pairs[order][last] % classes
    return group, drawn, int(np.bincount(drawn, minlength=classes).min())


def _split(
    rows: pd.DataFrame,
    group: NDArray[np.intp],
    params: RowSplit,
    classes: NDArray[np.int64] | None,
) -> dict[str, pd.DataFrame]:
    """Draw the groups of each split; `classes` are those of the groups."""
    held = params.validation_share + params.test_share
    train, rest = train_test_split(
        np.arange(group.max() + 1),
        test_size=held,
        stratify=classes,
        random_state=params.seed,
    )
    validation, test = train_test_split(
        rest,
        test_size=params.test_share / held,
        stratify=None if classes is None else classes[rest],
        random_state=params.seed,
    )
    splits = {"train": train, "validation": validation, "test": test}
    return {
        name: rows[np.isin(group, chosen)].reset_index(drop=True)
        for name, chosen in splits.items()
    }
