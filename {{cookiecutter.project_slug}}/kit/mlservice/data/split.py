"""Random splits of rows into train, validation and test, without leakage.

Rows with equal features go to the same split, so that no test row was trained on.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from mlservice.data.checks import DataError
from mlservice.data.dataset import groups_of, target_values
from mlservice.params import RandomSplit
from mlservice.schema.features import Feature

FEWEST = 100  # different rows that are needed
FEWEST_OF_CLASS = 10  # different rows of each class


def split_rows(
    rows: pd.DataFrame,
    features: Sequence[Feature],
    target: Feature,
    params: RandomSplit,
) -> dict[str, pd.DataFrame]:
    """Split rows at random, stratified by class where the target is a category.

    Raise DataError if there are too few different rows, or too few of a class.
    """
    if target.kind == "category":
        return _split_by_class(rows, features, target, params)
    each, group = np.unique(groups_of(rows, features), return_inverse=True)
    if len(each) < FEWEST:
        raise DataError(f"fewer than {FEWEST} different rows")
    return _split(rows, group, params, None)


def _split_by_class(
    rows: pd.DataFrame,
    features: Sequence[Feature],
    target: Feature,
    params: RandomSplit,
) -> dict[str, pd.DataFrame]:
    _, group = np.unique(groups_of(rows, features), return_inverse=True)
    mixed = np.random.default_rng(params.seed).permutation(len(rows))
    _, at = np.unique(group[mixed], return_index=True)  # a row of each group: any one,
    drawn = target_values(rows.iloc[mixed[at]], target)  # as a file may be sorted
    counts = np.bincount(drawn, minlength=len(target.categories))
    if (counts < FEWEST_OF_CLASS).any():
        raise DataError(
            f"fewer than {FEWEST_OF_CLASS} different rows of a class of {target.column}"
        )
    return _split(rows, group, params, drawn)


def _split(
    rows: pd.DataFrame,
    group: NDArray[np.intp],
    params: RandomSplit,
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
