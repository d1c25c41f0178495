"""Rows from a file: load → check → split. Everything downstream may trust them."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from .checks import DataError, check
from .config import RAW, SPLITS
from .errors import run
from .features import Columns, Matrix, encode
from .params import Params, Prepare
from .schema import FEATURES, TARGET


def load(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file as it is; raise DataError if that cannot be done."""
    try:
        match path.suffix:
            case ".csv":
                frame = _read_csv(path)
            case ".parquet":
                frame = pd.read_parquet(path)
            case _:
                raise DataError(f"{path}: give a file that ends in .csv or .parquet")
    except FileNotFoundError as error:
        word = "pipeline" if path in SPLITS.values() else "setup"
        raise DataError(f"{path} does not exist; `make {word}` makes it") from error
    except (ValueError, OSError) as error:  # what pandas and pyarrow raise on bad files
        raise DataError(f"{path} cannot be read: {error}") from error
    if frame.empty:
        raise DataError(f"{path} holds no rows")
    return frame


def _read_csv(path: Path) -> pd.DataFrame:
    """Read text as serving does: only an empty field is missing, "01" stays "01"."""
    texts = [f.column for f in FEATURES if f.kind == "category"] + [TARGET.column]
    kinds = dict.fromkeys(texts, str)
    return pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])


def split(rows: pd.DataFrame, prepare: Prepare) -> dict[str, pd.DataFrame]:
    """Split into train, validation and test: seeded, stratified, without leakage.

    Rows with equal features go to the same part, so that no test row was trained on.
    """
    features = rows[[feature.column for feature in FEATURES]]
    group = pd.util.hash_pandas_object(features, index=False).to_numpy()
    first = rows[TARGET.column].groupby(group).first()  # stratify by each group's first
    if (first.value_counts() < 10).any() or first.nunique() < len(TARGET.classes):
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


def columns(rows: pd.DataFrame) -> Columns:
    """Give checked rows column by column, as `features.encode` takes them."""
    found: dict[str, Any] = {}
    for feature in FEATURES:
        values = rows[feature.column]
        if feature.kind == "category":
            found[feature.column] = values.tolist()
        else:
            found[feature.column] = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def target(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Give the target of checked rows as class numbers, shape (n,)."""
    return pd.Categorical(rows[TARGET.column], TARGET.classes).codes.astype(np.int64)


@dataclass(frozen=True)
class Split:
    """One part of the data, in the two forms that are needed."""

    rows: pd.DataFrame
    matrix: Matrix  # (n, d)
    target: NDArray[np.int64]  # (n,)


def read(name: str) -> Split:
    """Read a part that `main` wrote: train, validation or test."""
    rows = check(load(SPLITS[name]))
    return Split(rows, encode(columns(rows)), target(rows))


def main() -> int:
    """Load, check and split the raw rows; write the parts as Parquet."""
    parser = argparse.ArgumentParser(description="Check the raw rows and split them.")
    parser.add_argument("--raw", type=Path, default=RAW)
    args = parser.parse_args()
    rows = check(load(args.raw))
    for name, part in split(rows, Params.load().prepare).items():
        part.to_parquet(SPLITS[name], index=False)
        print(f"{name}: {len(part)} rows → {SPLITS[name]}")
    return 0


if __name__ == "__main__":
    run(main)
