"""Hints from the whole table, and from the user, on how a column is written."""

import pandas as pd

from mlservice.adopt.columns import number_formats, text_columns
from mlservice.adopt.columns.names import nearest, words_of
from mlservice.adopt.columns.readings import Hints
from mlservice.adopt.plan import Options
from mlservice.errors import UserError

KINDS = ("number", "category", "date", "text")
ROWS = 2_000  # that the decimal mark is inferred from


def check(columns: list[str], options: Options) -> None:
    """Raise UserError for a column that is not there, or is needed and dropped."""
    named = [options.target, options.time, options.group, *options.keep, *options.drop]
    named += [one.rpartition(":")[0] for one in options.read_as]
    named += [one.partition(":")[0] for one in options.missing if ":" in one]
    for name in filter(None, named):
        if name not in columns:
            raise UserError(f"no column is called '{name}': {nearest(name, columns)}")
    for fault in options.faults:
        if fault.column in (options.target, options.time, options.group, *options.keep):
            raise UserError(f"'{fault.column}' cannot be used: it {fault.why}")
    for name in options.drop:
        if name in (options.target, options.time, options.group, *options.keep):
            raise UserError(f"'{name}' is to be dropped, but it is needed: drop others")


def of_table(frame: pd.DataFrame, options: Options) -> Hints:
    """Return what all columns together say; raise UserError for an unknown kind."""
    for one in options.read_as:
        if one.rpartition(":")[2] not in KINDS:
            raise UserError(
                f"READ_AS={one} is not understood: write READ_AS=column:kind, "
                f"where the kind is one of {', '.join(KINDS)}"
            )
    words = [word for column in frame.columns for word in words_of(column)]
    return Hints(
        decimal=number_formats.decimal_mark(frame.head(ROWS)),
        na_is_marker=any(_has_marker(frame[column]) for column in frame.columns),
        persons=bool(text_columns.PEOPLE.intersection(words)),
    )


def of_column(column: str, table: Hints, options: Options) -> Hints:
    """Return the hints on one column, with what the user said about it."""
    missing = tuple(
        one.removeprefix(f"{column}:")
        for one in options.missing
        if ":" not in one or one.startswith(f"{column}:")
    )
    asked = {one.rpartition(":")[0]: one.rpartition(":")[2] for one in options.read_as}
    kind = asked.get(column, "")
    return Hints(
        column, table.decimal, table.na_is_marker, missing, kind, table.persons
    )


def _has_marker(series: pd.Series) -> bool:
    """Return True if a column has NA among values that are no codes of two letters."""
    some = pd.Series(
        series.dropna().unique()[:1000], dtype="string[pyarrow]"
    ).str.strip()
    if not some.isin(["NA"]).any():
        return False
    others = some[~some.isin(["NA", ""])]
    return len(others) == 0 or others.str.fullmatch("[A-Za-z]{2}").mean() < 0.9
