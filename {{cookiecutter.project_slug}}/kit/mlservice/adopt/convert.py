"""Conversion of all rows to data/raw.csv, and the plan widened to fit them.

The plan was made from a sample. All rows are streamed here, in constant memory, and
show what the sample did not hold: a larger number, another category, a missing value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from mlservice.adopt.columns import ranges, readings, total_rows
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.plan import Column, ColumnFault, Plan
from mlservice.adopt.sources import Source
from mlservice.errors import UserError
from mlservice.schema.declare import MAX_TEXT

MOST_UNREADABLE = 0.01  # share of a column's cells that may become missing
MOST_CATEGORIES = 100  # with more of them, a category is hashed after all


@dataclass
class Tally:
    """Statistics of one column over all rows."""

    rows: int = 0
    missing: int = 0
    unreadable: int = 0
    low: float = float("inf")
    high: float = float("-inf")
    whole: bool = True
    values: dict[str, int] = field(default_factory=dict)  # category → rows


def convert(source: Source, plan: Plan, path: Path) -> Plan:
    """Write `plan.written` of every row to `path`; return the plan widened to fit them.

    Rows without a target, or with a class that the plan leaves out, are not written.
    Raise UserError where a column cannot be read as the sample promised.
    """
    tallies = {column.column: Tally() for column in plan.written}
    schema = pa.schema([(column.column, pa.string()) for column in plan.written])
    written = 0
    with csv.CSVWriter(path, schema) as writer:
        for table in _tables(source, plan, tallies):
            writer.write(table.cast(schema))
            written += len(table)
    if source.changed():
        raise UserError(f"{source.name} changed while it was read; try once more")
    return _widened(plan, tallies, written)


def _tables(
    source: Source, plan: Plan, tallies: dict[str, Tally]
) -> Iterator[pa.Table]:
    for chunk in source.chunks():
        frame = _converted(plan, chunk, tallies)
        for column in plan.written:
            _count(column, frame[column.column], tallies[column.column])
        yield pa.Table.from_pandas(frame, preserve_index=False)


def rows_of(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of text in canonical form, without those that are not written."""
    return _converted(plan, rows, {one.column: Tally() for one in plan.written})


def _converted(
    plan: Plan, rows: pd.DataFrame, tallies: dict[str, Tally]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            one.column: _read(one, rows[one.column], tallies[one.column])
            for one in plan.written
        }
    )
    kept = frame[plan.target.column].notna()
    if plan.totals:
        kept &= ~total_rows.mask(rows, plan.totals)
    if plan.target.categories:
        kept &= frame[plan.target.column].isin(plan.target.categories)
    return frame[kept]


def _read(column: Column, cells: "pd.Series[Any]", tally: Tally) -> "pd.Series[Any]":
    found = readings.apply(column.reading, cells)
    if found.isna().sum() > cells.isna().sum():
        lost = readings.unreadable(cells, found, column.reading)
        tally.unreadable += int(lost.sum())
    return found.str.slice(0, column.longest) if column.longest else found


def _count(column: Column, cells: "pd.Series[Any]", tally: Tally) -> None:
    """Update the tally with these cells."""
    present = cells.dropna()
    tally.rows += len(cells)
    tally.missing += len(cells) - len(present)
    if column.declared == "number" and len(present):
        numbers = floats(present)
        tally.low = min(tally.low, float(numbers.min()))
        tally.high = max(tally.high, float(numbers.max()))
        tally.whole &= ranges.whole(pd.Series(numbers))
    elif column.categories and len(tally.values) <= MOST_CATEGORIES:
        for value, times in present.value_counts().items():
            tally.values[str(value)] = tally.values.get(str(value), 0) + int(times)


def _widened(plan: Plan, tallies: dict[str, Tally], written: int) -> Plan:
    """Return the plan, widened to fit all rows."""
    features = tuple(_fitting(one, tallies[one.column]) for one in plan.features)
    target = _fitting(plan.target, tallies[plan.target.column])
    left = plan.rows - written
    warning = f"{left:,} rows have no target, or one of a class left out: not used"
    warnings = (*plan.warnings, warning) if left else plan.warnings
    classes = tallies[target.column].values
    rarest = min((classes.get(one, 0) for one in target.categories), default=0)
    return replace(
        plan,
        rows=written,
        features=features,
        target=target,
        warnings=warnings,
        rarest=rarest,
    )


def _fitting(column: Column, tally: Tally) -> Column:
    """Return the column with the bounds, categories and missing share of all rows."""
    share = tally.unreadable / max(tally.rows, 1)
    if share > MOST_UNREADABLE:
        raise ColumnFault(
            column.column,
            f"{tally.unreadable:,} cells are no {column.reading.kind}, though the "
            "first look said so",
        )
    column = replace(column, missing=tally.missing / max(tally.rows, 1))
    if column.declared == "number" and tally.low <= tally.high:
        return _bounded(column, tally)
    added = tuple(value for value in tally.values if value not in column.categories)
    if not added:
        return column
    if len(column.categories) + len(added) > MOST_CATEGORIES:
        why = f"more than {MOST_CATEGORIES} categories in all rows"
        column = replace(column, kind="many categories", declared="hashed", why=why)
        return replace(column, categories=(), longest=MAX_TEXT)
    if column.declared == "ordered":  # the place of a new one is unknown
        column = replace(column, kind="category", declared="category")
    return replace(column, categories=column.categories + tuple(sorted(added)))


def _bounded(column: Column, tally: Tally) -> Column:
    low, high = column.low, column.high
    assert low is not None and high is not None
    whole = column.whole and tally.whole
    if tally.low < low or tally.high > high:
        low, high = ranges.bounds(min(low, tally.low), max(high, tally.high), whole)
    return replace(column, low=low, high=high, whole=whole)
