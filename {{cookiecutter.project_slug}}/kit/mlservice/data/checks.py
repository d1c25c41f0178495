"""Validation of rows against schema.py; each error names row, column and value."""

import reprlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa

from mlservice.errors import UserError
from mlservice.schema.features import FLAGS, Feature

SHOWN = 10  # errors listed before "and … more"
DAY: Literal["datetime64[s]"] = "datetime64[s]"


class DataError(UserError):
    """The rows cannot be used; the message names row, column and value."""


def check(raw: pd.DataFrame, columns: Sequence[Feature]) -> pd.DataFrame:
    """Return the schema's columns with their types; raise DataError naming each error.

    Columns that the schema does not list are dropped. Rows are counted from 1.
    """
    wanted = [feature.column for feature in columns]
    if missing := [column for column in wanted if column not in raw.columns]:
        raise DataError(f"missing columns: {', '.join(missing)}; schema.py lists them")
    typed = raw[wanted].reset_index(drop=True)
    for feature in columns:
        if (read := READ.get(feature.kind)) is not None:
            typed[feature.column] = read(typed[feature.column])
    try:
        return frame_schema(columns).validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        raise DataError(_sentences(errors.failure_cases, raw, columns)) from errors


def frame_schema(columns: Sequence[Feature]) -> pa.DataFrameSchema:
    """Return the pandera schema of a data frame with these columns."""
    return pa.DataFrameSchema({f.column: _column(f) for f in columns})


def _column(feature: Feature) -> pa.Column:
    kinds: dict[str, Any] = {"number": float, "flag": "boolean", "day": DAY}
    checks = []
    if feature.kind == "number":
        checks.append(pa.Check.in_range(feature.low, feature.high))
        if feature.whole:
            checks.append(
                pa.Check(lambda values: values % 1 == 0, name="a whole number")
            )
    if feature.kind == "category":
        checks.append(pa.Check.isin(feature.categories))
    if feature.encoder:
        accepts = partial(_each, feature.encoder.accepts)
        checks.append(pa.Check(accepts, name="readable"))
    kind = kinds.get(feature.kind, str)
    return pa.Column(kind, checks, nullable=feature.nullable, coerce=True)


def _each(function: Callable[[Any], Any], values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Apply a function to each value, once for equal values."""
    codes, different = pd.factorize(values, use_na_sentinel=False)
    found = pd.Series([function(value) for value in different])
    return found.take(codes).set_axis(values.index)


def _flags(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Parse Boolean values in any spelling of FLAGS; leave the rest for the check."""
    return _each(  # pandas reads 1 beside a missing value as 1.0
        lambda value: FLAGS.get(str(value).lower().removesuffix(".0"), value), values
    )


def _days(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Parse dates; a value that is none becomes missing, which the check refuses."""
    values = values.replace("T00:00:00$", "", regex=True)  # midnight is the day alone
    days: pd.Series[Any] = pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    return days.astype(DAY)


READ = {"flag": _flags, "day": _days}  # spellings of files, parsed before the check


def _sentences(
    cases: pd.DataFrame, raw: pd.DataFrame, columns: Sequence[Feature]
) -> str:
    """Describe which rows and columns failed which check, the first few in full."""
    named = cases["column"].isin(cases.loc[cases["index"].notna(), "column"])
    cases = cases[cases["index"].notna() | ~named]  # a row says more than a column
    cases = cases.drop_duplicates(["index", "column"])
    wanted = {feature.column: feature.wording() for feature in columns}
    lines = []
    for case in cases.head(SHOWN).to_dict("records"):
        where = f"column {case['column']}"
        value = case["failure_case"]
        if pd.notna(case["index"]):
            number = int(case["index"])
            value = raw[case["column"]].astype(object).iloc[number]
            where = f"row {number + 1}, {where}"
        shown = reprlib.repr(value)  # the beginning and the end of a long text
        lines.append(f"{where}: {shown} is not {wanted[case['column']]}")
    more = len(cases) - len(lines)
    return "; ".join(lines) + (f"; and {more} more" if more else "")
