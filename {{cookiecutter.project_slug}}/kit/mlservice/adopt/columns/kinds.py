"""Inference of what each column holds, and how schema.py declares it."""

from dataclasses import replace
import pandas as pd

from mlservice.adopt.columns import (
    codes,
    hints,
    ordered_categories,
    readings,
    sentinels,
    text_columns,
)
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.names import name_of, words_of
from mlservice.adopt.columns.ranges import bounds, example
from mlservice.adopt.columns.readings import NO_HINTS, Hints
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
LARGEST_WHOLE = 2**53  # beyond it, floats do not tell whole numbers apart
FREQUENT = 0.05  # share of the rows: a value so common identifies nobody


def columns_of(frame: pd.DataFrame, options: Options) -> list[Column]:
    """Infer each column of a text frame, in order, the target included."""
    hints.check(list(frame.columns), options)
    needed = {options.target, options.time, options.group, *options.keep}
    table = hints.of_table(frame, options)
    taken: list[str] = []
    found = []
    for column in frame.columns:
        name = name_of(column, taken)
        taken.append(name)
        given = hints.of_column(column, table, options)
        made = column_of(column, name, frame[column], column in needed, given)
        if column in options.keep and not made.declared:
            raise UserError(f"'{column}' cannot be kept: {made.why}; do not ask for it")
        if column in options.drop:
            made = replace(made, declared="", why="dropped, as you asked", warning="")
        found.append(made)
    return found


def column_of(
    column: str,
    name: str,
    series: pd.Series,
    needed: bool,
    given: Hints = NO_HINTS,
) -> Column:
    """Infer one column; one that is needed is never taken for an identifier."""
    postal = text_columns.postal(column) and not given.kind
    reading = readings.of(series, replace(given, name=column))
    if postal:
        reading = Reading("text", missing=given.missing)
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
        warning="" if postal else readings.warning(reading, series, read),
        unit=readings.unit(reading),
    )
    if present.empty:
        return made
    if present.nunique() == 1 and made.missing < 0.01:
        return replace(made, kind="constant", why="every row holds the same value")
    return _present(made, present, needed, given)


def _present(made: Column, present: pd.Series, needed: bool, given: Hints) -> Column:
    """Infer a column from its canonical cells that are not missing."""
    reading = made.reading
    if given.kind:
        return _as_asked(made, present, given.kind)
    if reading.kind == "number":
        return _numeric(made, present, needed)
    if reading.kind == "yes/no":
        made = replace(made, kind="yes/no", declared="flag")
        most = str(present.mode().iloc[0])
        return replace(made, why=f"holds {reading.form}", example=most == "true")
    if reading.kind == "date-time":
        return _date_time(made, present)
    return _textual(made, present, needed, given.persons)


def _as_asked(made: Column, present: pd.Series, kind: str) -> Column:
    """Declare a column as the user said; raise UserError if its cells are no such."""
    if kind == "category":
        return _textual(made, present, True)
    if kind == "text":
        words = " ".join(words_of(made.column)) or "value"
        example_ = f"Some words on {words}, as people write them."
        made = replace(
            made, kind="free text", declared="bag_of_words", example=example_
        )
        return replace(made, why="text, as you asked")
    if made.reading.kind != {"number": "number", "date": "date-time"}[kind]:
        raise UserError(
            f"'{made.column}' cannot be read as a {kind}: most of its cells are none"
        )
    return _measured(made, present) if kind == "number" else _date_time(made, present)


def _numeric(made: Column, present: pd.Series, needed: bool) -> Column:
    values = pd.Series(floats(present))
    plain = made.reading.form == "plain" and not made.reading.units
    if not needed and plain and bool((values % 1 == 0).all()):
        why = text_columns.numbering(made.column, values)
        if why := why or codes.phone(made.column, values):
            return replace(made, kind="identifier", why=why, warning="")
        if text_columns.labels(made.column) or values.abs().max() > LARGEST_WHOLE:
            return _textual(made, present, needed)
        if why := codes.code(made.column, values):
            found = _textual(made, present, needed)
            offer = f"{why}; READ_AS={made.column}:number reads it as a number"
            return replace(found, why=f"{found.why}; {why}", warning=offer)
    if values.nunique() == 1:  # that the others are missing is the information
        return _textual(made, present, needed)
    return _measured(made, present)


def _measured(made: Column, present: pd.Series) -> Column:
    """Declare numbers as an amount, with bounds."""
    values = pd.Series(floats(present))
    distinct, whole = values.nunique(), bool((values % 1 == 0).all())
    low, high = float(values.min()), float(values.max())
    wide_low, wide_high = bounds(low, high, whole)
    doubt = sentinels.said(made.column, values)
    return replace(
        made,
        kind="integer" if whole else "number",
        declared="number",
        why=f"{distinct:,} distinct {'whole ' * whole}numbers",
        low=wide_low,
        high=wide_high,
        whole=whole,
        example=example(float(values.median()), low, high, whole),
        warning="; ".join(filter(None, (made.warning, doubt))),
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


def _textual(
    made: Column, present: pd.Series, needed: bool, persons: bool = False
) -> Column:
    counts = present.value_counts()
    why = text_columns.identifier(made.column, present, counts, persons)
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
