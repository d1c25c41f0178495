"""Inference of what each column holds, and how schema.py declares it."""

from dataclasses import replace
import pandas as pd

from mlservice.adopt.columns import (
    codes,
    hints,
    measures,
    ordered_categories,
    reading_warnings,
    readings,
    row_labels,
    text_columns,
)
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.names import name_of, words_of
from mlservice.adopt.columns.ranges import LARGEST_WHOLE
from mlservice.adopt.columns.readings import NO_HINTS, Hints
from mlservice.adopt.plan import Column, Declared, Kind, Options, Reading
from mlservice.errors import UserError
from mlservice.schema.declare import MAX_TEXT
from mlservice.schema.encoders import LONGEST as LONGEST_TEXT

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
LONGEST: dict[Kind, int] = {"free text": LONGEST_TEXT}  # characters of a cell
FREQUENT = 0.05  # share of the rows: a value so common identifies nobody


def columns_of(frame: pd.DataFrame, options: Options) -> list[Column]:
    """Infer each column of a text frame, in order, the target included."""
    hints.check(list(frame.columns), options)
    needed = {options.target, options.time, options.group, *options.keep}
    labels = row_labels.find(list(frame.columns))
    nameless = row_labels.nameless(list(frame.columns))
    table = hints.of_table(frame, options)
    faults = {fault.column: fault.why for fault in options.faults}
    units = dict(options.units)
    taken: list[str] = []
    found = []
    for column in frame.columns:
        name = name_of(column, taken)
        taken.append(name)
        given = hints.of_column(column, table, options)
        made = column_of(column, name, frame[column], column in needed, given)
        if column in nameless and made.kind == "empty":
            continue  # a delimiter at the end of each row, or a margin of a sheet
        if column in labels and column not in needed:
            made = row_labels.set_aside(made, frame[column], labels[column])
        elif column in nameless and column not in needed:
            made = row_labels.without_a_name(made)
        if column in options.keep and not made.declared:
            raise UserError(f"'{column}' cannot be kept: {made.why}; do not ask for it")
        if column in options.drop:
            made = replace(made, declared="", why="dropped, as you asked", warning="")
        elif column in faults:
            made = replace(made, declared="", why=faults[column], warning="")
            if made.kind == "empty":
                made = replace(made, kind="unreadable", missing=0.0)
        if made.declared == "number" and not made.unit:
            made = replace(made, unit=units.get(column, ""))
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
        warning="" if postal else reading_warnings.warning(reading, series, read),
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
        return measures.date_time(made, present)
    return _textual(made, present, needed, given.persons)


def _as_asked(made: Column, present: pd.Series, kind: str) -> Column:
    """Declare a column as the user said; raise UserError if its cells are no such."""
    if kind == "category":
        return _textual(made, present, True)
    if kind == "text":
        words = " ".join(words_of(made.column)) or "value"
        example_ = f"Some words on {words}, as people write them."
        kind_: Kind = "free text"
        made = replace(made, kind=kind_, declared=DECLARED[kind_], example=example_)
        return replace(made, why="text, as you asked", longest=LONGEST[kind_])
    if made.reading.kind != {"number": "number", "date": "date-time"}[kind]:
        raise UserError(
            f"'{made.column}' cannot be read as a {kind}: most of its cells are none"
        )
    return (
        measures.measured(made, present)
        if kind == "number"
        else measures.date_time(made, present)
    )


def _numeric(made: Column, present: pd.Series, needed: bool) -> Column:
    values = pd.Series(floats(present))
    plain = made.reading.form == "plain" and not made.reading.units
    if not needed and plain and bool((values % 1 == 0).all()):
        why = text_columns.numbering(made.column, values)
        if why := why or codes.phone(made.column, values):
            return replace(made, kind="identifier", why=why, warning="")
        if text_columns.labels(made.column) or values.abs().max() >= LARGEST_WHOLE:
            return _textual(made, present, needed)
        if why := codes.code(made.column, values):
            found = _textual(made, present, needed)
            offer = f"{why}; READ_AS={made.column}:number reads it as a number"
            return replace(found, why=f"{found.why}; {why}", warning=offer)
    if values.nunique() == 1:  # that the others are missing is the information
        return _textual(made, present, needed)
    return measures.measured(made, present)


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
    made = replace(made, longest=LONGEST.get(kind, MAX_TEXT))
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
