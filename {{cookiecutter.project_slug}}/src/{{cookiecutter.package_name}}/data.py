"""Rows from a file: load → check → split. Everything downstream may trust them."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from .config import RAW, SPLITS
from .errors import UserError, run
from .features import Columns, Matrix, encode
from .fields import FLAGS, Feature
from .params import Params, Prepare
from .schema import FEATURES, TARGET

SHOWN = 10  # faults listed before "and … more"


class DataError(UserError):
    """The rows cannot be used; the message names row, column and value."""


def load(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file as it is; raise DataError if that cannot be done."""
    try:
        match path.suffix:
            case ".csv":
                frame = pd.read_csv(path)
            case ".parquet":
                frame = pd.read_parquet(path)
            case _:
                raise DataError(f"{path}: give a file that ends in .csv or .parquet")
    except FileNotFoundError as error:
        raise DataError(
            f"{path} does not exist; `make setup` writes the sample"
        ) from error
    except (ValueError, OSError) as error:  # what pandas and pyarrow raise on bad files
        raise DataError(f"{path} cannot be read: {error}") from error
    if frame.empty:
        raise DataError(f"{path} holds no rows")
    return frame


def check(raw: pd.DataFrame) -> pd.DataFrame:
    """Return the schema's columns with their types; raise DataError naming each fault.

    Columns that the schema does not list are dropped. Rows are counted from 1.
    """
    wanted = [feature.column for feature in FEATURES] + [TARGET.column]
    if missing := [column for column in wanted if column not in raw.columns]:
        raise DataError(f"missing columns: {', '.join(missing)}; schema.py lists them")
    typed = raw[wanted].reset_index(drop=True)
    for feature in FEATURES:
        if feature.kind == "flag":
            typed[feature.column] = _flags(typed[feature.column])
    try:
        return frame_schema().validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        raise DataError(_sentences(errors.failure_cases, raw)) from errors


def frame_schema() -> pa.DataFrameSchema:
    """Derive the check of a data frame from schema.py."""
    columns = {feature.column: _column(feature) for feature in FEATURES}
    columns[TARGET.column] = pa.Column(str, pa.Check.isin(TARGET.classes), coerce=True)
    return pa.DataFrameSchema(columns)


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


def _column(feature: Feature) -> pa.Column:
    kinds: dict[str, Any] = {"number": float, "flag": "boolean", "category": str}
    checks = []
    if feature.kind == "number":
        checks.append(pa.Check.in_range(feature.low, feature.high))
        if feature.whole:
            checks.append(
                pa.Check(lambda values: values % 1 == 0, name="a whole number")
            )
    if feature.kind == "category":
        checks.append(pa.Check.isin(feature.categories))
    return pa.Column(
        kinds[feature.kind], checks, nullable=feature.nullable, coerce=True
    )


def _flags(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Read yes/no in the ways that people write it; leave the rest for the check."""
    return values.map(  # pandas reads 1 beside a missing value as 1.0
        lambda value: FLAGS.get(str(value).lower().removesuffix(".0"), value)
    )


def _sentences(cases: pd.DataFrame, raw: pd.DataFrame) -> str:
    """Say which rows and columns failed which check, the first few in full."""
    named = cases["column"].isin(cases.loc[cases["index"].notna(), "column"])
    cases = cases[cases["index"].notna() | ~named]  # rows tell more than whole columns
    cases = cases.drop_duplicates(["index", "column"])
    lines = []
    for case in cases.head(SHOWN).to_dict("records"):
        where = f"column {case['column']}"
        value = case["failure_case"]
        if pd.notna(case["index"]):
            number = int(case["index"])
            value = raw[case["column"]].iloc[number]
            where = f"row {number + 1}, {where}"
        lines.append(f"{where}: {value!r} is not {_wanted(str(case['column']))}")
    more = len(cases) - len(lines)
    return "; ".join(lines) + (f"; and {more} more" if more else "")


def _wanted(column: str) -> str:
    if column == TARGET.column:
        return f"one of {', '.join(TARGET.classes)}"
    feature = next(f for f in FEATURES if f.column == column)
    whole = "whole " if feature.whole else ""
    words = {
        "number": f"a {whole}number in {feature.low} … {feature.high}",
        "flag": "true or false",
        "category": f"one of {', '.join(feature.categories)}",
    }
    return words[feature.kind]


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
