"""How checked rows become three parts, and a part becomes numbers."""

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from .checks import DataError, check
from .features import matrix_of
from .params import Prepare
from .parts import Part, columns_of, groups_of
from .schema import TARGET


def split(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Split into train, validation and test: seeded, stratified, without leakage.

    Rows with equal features go to the same part, so that no test row was trained on.
    """
    group = groups_of(rows)
    first = rows[TARGET.column].groupby(group).first()  # stratify by each group's first
    classes = len(TARGET.categories)
    if (first.value_counts() < 10).any() or first.nunique() < classes:
        raise DataError(f"fewer than 10 different rows of a class of {TARGET.column}")
    held = prepare.validation_share + prepare.test_share
    train, rest = train_test_split(
        first, test_size=held, stratify=first, random_state=prepare.seed
    )
    validation, test = train_test_split(
        rest,
        test_size=prepare.test_share / held,
        stratify=rest,
        random_state=prepare.seed,
    )
    parts = {"train": train, "validation": validation, "test": test}
    return {
        name: rows[np.isin(group, part.index)].reset_index(drop=True)
        for name, part in parts.items()
    }


def assemble(part: pd.DataFrame) -> Part:
    """Check a part's rows and turn them into numbers; equal rows are one group."""
    rows = check(part)
    groups, _ = pd.factorize(groups_of(rows))
    target = pd.Categorical(rows[TARGET.column], TARGET.categories).codes
    return Part(rows, matrix_of(columns_of(rows)), target.astype(np.int64), groups)
