"""How checked rows become three parts, and a part becomes numbers."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from mlservice.data.checks import DataError, check
from mlservice.encoding.table import matrix_of
from .params import Prepare
from mlservice.data.dataset import Part, columns_of, groups_of
from .schema import TARGET


def split(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Split into train, validation and test: seeded, stratified, without leakage.

    Rows with equal features go to the same part, so that no test row was trained on.
    """
    each, at, group = np.unique(groups_of(rows), return_index=True, return_inverse=True)
    first = _classes(rows.iloc[at])  # stratify by each group's first row
    if (np.bincount(first, minlength=len(TARGET.categories)) < 10).any():
        raise DataError(f"fewer than 10 different rows of a class of {TARGET.column}")
    held = prepare.validation_share + prepare.test_share
    train, rest = train_test_split(
        np.arange(len(each)),
        test_size=held,
        stratify=first,
        random_state=prepare.seed,
    )
    validation, test = train_test_split(
        rest,
        test_size=prepare.test_share / held,
        stratify=first[rest],
        random_state=prepare.seed,
    )
    parts = {"train": train, "validation": validation, "test": test}
    return {
        name: rows[np.isin(group, part)].reset_index(drop=True)
        for name, part in parts.items()
    }


def assemble(part: pd.DataFrame) -> Part:
    """Check a part's rows and turn them into numbers; equal rows are one group."""
    rows = check(part)
    groups, _ = pd.factorize(groups_of(rows))
    return Part(rows, matrix_of(columns_of(rows)), _classes(rows), groups)


def _classes(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return the classes of n rows, shape (n,), as numbers in the schema's order."""
    target = pd.Categorical(rows[TARGET.column], TARGET.categories)
    return target.codes.astype(np.int64)
