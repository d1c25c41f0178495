"""What each column holds, and how schema.py will declare it."""

from dataclasses import replace
from typing import Any

import pandas as pd

from ..errors import UserError
from . import orders, readings, texts
from .names import name_of, nearest, words_of
from .plan import Column, Declared, Kind, Reading, Wishes
from .ranges import bounds, example
from .strings import floats

DECLARED: dict[Kind, Declared] = {
    "number": "number",
    "integer": "number",
    "yes/no": "flag",
    "category": "category",
    "ordered category": "ordered",
    "many categories": "hashed",
    "date-time": "moment",
    "free text": "words",
}
FREQUENT = 0.05  # of the rows: a value so common tells of nobody


def columns_of(frame: pd.DataFrame, wishes: Wishes) -> list[Column]:
    """Find out about each column of a text frame, in its order, the target's too."""
    _checked(list(frame.columns), wishes)
    needed = {wishes.target, wishes.time, wishes.group, *wishes.keep}
    taken: list[str] = []
    found = []
    for column in frame.columns:
        name = name_of(column, taken)
        taken.append(name)
        made = column_of(column, name, frame[column], column in needed)
        if column in wishes.keep and not made.declared:
            raise UserError(f"'{column}' cannot be kept: {made.why}; do not ask for it")
        if column in wishes.drop:
            made = replace(made, declared="", why="dropped, as you asked")
        found.append(made)
    return found


def _checked(columns: list[str], wishes: Wishes) -> None:
    asked = [wishes.target, wishes.time, wishes.group, *wishes.keep, *wishes.drop]
    for name in filter(None, asked):
        if name not in columns:
            raise UserError(f"no column is called '{name}': {nearest(name, columns)}")
    for name in wishes.drop:
        if name in (wishes.target, wishes.time, wishes.group, *wishes.keep):
            raise UserError(f"'{name}' is to be dropped, but it is needed: drop others")


def column_of(column: str, name: str, series: pd.Series, needed: bool) -> Column:
    """Find out about one column; one that is needed is no identifier."""
    reading = readings.of(series)
    if texts.postal(column):
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
        warning="" if texts.postal(column) else readings.warning(reading, series, read),
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
        return _moment(made, present)
    return _textual(made, present, needed)


def _numeric(made: Column, present: pd.Series, needed: bool) -> Column:
    values = pd.Series(floats(present))
    distinct, whole = values.nunique(), bool((values % 1 == 0).all())
    if whole and not needed:
        if why := texts.numbering(made.column, values):
            return replace(made, kind="identifier", why=why)
        if texts.labels(made.column):
            return _textual(made, present, needed)
    if distinct == 1:  # the rest is missing: that is what it tells
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


def _moment(made: Column, present: pd.Series) -> Column:
    times = present[present.str.contains("T", regex=False)]
    month = str(present.sort_values().iloc[len(present) // 2])[:7]  # nobody's own day
    return replace(
        made,
        kind="date-time",
        declared="moment",
        why=f"dates {'and times ' * bool(len(times))}like {made.reading.form}",
        example=f"{month}-01" + "T09:30:00" * bool(len(times)),
    )


def _textual(made: Column, present: pd.Series, needed: bool) -> Column:
    counts = present.value_counts()
    why = texts.identifier(made.column, present, counts)
    if why and not needed:
        return replace(made, kind="identifier", why=why)
    kind, why = texts.kind_of(present, counts)
    frequent = str(counts.index[0]) if counts.iloc[0] >= FREQUENT * len(present) else ""
    said = " ".join(words_of(made.column)) or "value"
    made = replace(made, kind=kind, declared=DECLARED[kind], why=why)
    if kind == "free text":
        return replace(made, example=f"Some words on {said}, as people write them.")
    if kind == "many categories":
        return replace(made, example=frequent or f"some {said}")
    order = orders.scale(map(str, counts.index))
    if order:
        made = replace(made, kind="ordered category", declared="ordered")
        made = replace(made, why=f"{why} in an evident order")
    categories = order or orders.stable(map(str, counts.index))
    return replace(made, categories=categories, example=str(counts.index[0]))
