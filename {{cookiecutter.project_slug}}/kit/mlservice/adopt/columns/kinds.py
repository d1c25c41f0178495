"""Inference of what each column holds, and how schema.py declares it."""

from dataclasses import replace
from typing import Any

import pandas as pd

from mlservice.adopt.columns import (
    ordered_categories,
    readings,
    row_labels,
    text_columns,
)
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.names import name_of, nearest, words_of
from mlservice.adopt.columns.ranges import bounds, example
from mlservice.adopt.plan import Column, Declared, Kind, Options, Reading
from mlservice.errors import UserError

DECLARED: dict[Kind, Declared] = {
    "number": "number",
    "integer": "number",
    "yes/no": "flag",
    "category": "category",
    "ordered category": "ordered",
    "many categories": "hashed",
    "date-time": "date_time",
    "free text": "bag_of_words",
}
FREQUENT = 0.05  # share of the rows: a value so common identifies nobody


def columns_of(frame: pd.DataFrame, options: Options) -> list[Column]:
    """Infer each column of a text frame, in order, the target included."""
    _checked(list(frame.columns), options)
    needed = {options.target, options.time, options.group, *options.keep}
    labels = row_labels.find(list(frame.columns))
    taken: list[str] = []
    found = []
    for column in frame.columns:
        name = name_of(column, taken)
        taken.append(name)
        made = column_of(column, name, frame[column], column in needed)
        if column in labels and column not in needed:
            made = row_labels.set_aside(made, frame[column], labels[column])
        if column in options.keep and not made.declared:
            raise UserError(f"'{column}' cannot be kept: {made.why}; do not ask for it")
        if column in options.drop:
            made = replace(made, declared="", why="dropped, as you asked")
        found.append(made)
    return found


def _checked(columns: list[str], options: Options) -> None:
    named = [options.target, options.time, options.group, *options.keep, *options.drop]
    for name in filter(None, named):
        if name not in columns:
            raise UserError(f"no column is called '{name}': {nearest(name, columns)}")
    for name in options.drop:
        if name in (options.target, options.time, options.group, *options.keep):
            raise UserError(f"'{name}' is to be dropped, but it is needed: drop others")


def column_of(column: str, name: str, series: pd.Series, needed: bool) -> Column:
    """Infer one column; one that is needed is never taken for an identifier."""
    reading = readings.of(series)
    if text_columns.postal(column):
        reading = Reading("text")
    read = readings.apply(reading, series)
    present = read.dropna()
    made = Column(
        column=column,
        name=name,
        kind="empty",
        declared="",
        why="no cell holds anything",
        reading=reading,
        missing=float(round(1 - len(present) / max(1, len(read)), 6)),
        warning=(
            ""
            if text_columns.postal(column)
            else readings.warning(reading, series, read)
        ),
    )
    if present.empty:
        return made
    if present.nunique() == 1 and made.missing < 0.01:
        return replace(made, kind="constant", why="every row holds the same value")
    if reading.kind == "number":
        return _numeric(made, present, needed)
    if reading.kind == "yes/no":
        facts: dict[str, Any] = {"kind": "yes/no", "why": f"holds {reading.form}"}
        most = str(present.mode().iloc[0])
        return replace(made, **facts, declared="flag", example=most == "true")
    if reading.kind == "date-time":
        return _date_time(made, present)
    return _textual(made, present, needed)


def _numeric(made: Column, present: pd.Series, needed: bool) -> Column:
    values = pd.Series(floats(present))
    distinct, whole = values.nunique(), bool((values % 1 == 0).all())
    if whole and not needed:
        if why := text_columns.numbering(made.column, values):
            return replace(made, kind="identifier", why=why)
        if text_columns.labels(made.column):
            return _textual(made, present, needed)
    if distinct == 1:  # that the others are missing is the information
        return _textual(made, present, needed)
    low, high = float(values.min()), float(values.max())
    wide_low, wide_high = bounds(low, high, whole)
    return replace(
        made,
        kind="integer" if whole else "number",
        declared="number",
        why=f"{distinct:,} distinct {'whole ' * whole}numbers",
        low=wide_low,
        high=wide_high,
        whole=whole,
        example=example(float(values.median()), low, high, whole),
    )


def _date_time(made: Column, present: pd.Series) -> Column:
    times = present[present.str.contains("T", regex=False)]
    month = str(present.sort_values().iloc[len(present) // 2])[:7]  # nobody's own day
    return replace(
        made,
        kind="date-time",
        declared="date_time",
        why=f"dates {'and times ' * bool(len(times))}like {made.reading.form}",
        example=f"{month}-01" + "T09:30:00" * bool(len(times)),
    )


def _textual(made: Column, present: pd.Series, needed: bool) -> Column:
    counts = present.value_counts()
    why = text_columns.identifier(made.column, present, counts)
    if why and not needed:
        return replace(made, kind="identifier", why=why)
    kind, why = text_columns.kind_of(present, counts)
    frequent = str(counts.index[0]) if counts.iloc[0] >= FREQUENT * len(present) else ""
    words = " ".join(words_of(made.column)) or "value"
    made = replace(made, kind=kind, declared=DECLARED[kind], why=why)
    if kind == "free text":
        return replace(made, example=f"Some words on {words}, as people write them.")
    if kind == "many categories":
        return replace(made, example=frequent or f"some {words}")
    order = ordered_categories.scale(map(str, counts.index))
    if order:
        made = replace(made, kind="ordered category", declared="ordered")
        made = replace(made, why=f"{why} in an evident order")
    categories = order or ordered_categories.stable(map(str, counts.index))
    return replace(made, categories=categories, example=str(counts.index[0]))
