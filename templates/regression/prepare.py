"""How checked rows become three parts, and a part becomes numbers."""

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from .checks import DataError, check
from .features import matrix_of
from .params import Prepare
from .parts import Part, columns_of, groups_of
from .schema import TARGET

FEWEST = 100  # different rows, below which a split leaves too few in a part


def split(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Split into train, validation and test: seeded, without leakage.

    Rows with equal features go to the same part, so that no test row was trained on.
    """
    each, group = np.unique(groups_of(rows), return_inverse=True)
    if len(each) < FEWEST:
        raise DataError(f"fewer than {FEWEST} different rows")
    held = prepare.validation_share + prepare.test_share
    places = np.arange(len(each))
    train, rest = train_test_split(places, test_size=held, random_state=prepare.seed)
    validation, test = train_test_split(
        rest, test_size=prepare.test_share / held, random_state=prepare.seed
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
    target = rows[TARGET.column].to_numpy(dtype=np.float64)
    return Part(rows, matrix_of(columns_of(rows)), target, groups)
