"""Whether rows are what schema.py says; each fault names row, column and value."""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from .errors import UserError
from .fields import FLAGS, Feature
from .schema import FEATURES, TARGET

SHOWN = 10  # faults listed before "and … more"


class DataError(UserError):
    """The rows cannot be used; the message names row, column and value."""


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
