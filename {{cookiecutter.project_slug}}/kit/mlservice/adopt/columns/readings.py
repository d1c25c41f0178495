"""Conversion of cells to the one canonical form that data/raw.csv holds.

`of` infers the format of a column from a sample; `apply` then converts any number of
its rows by that format. Nothing is guessed cell by cell.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mlservice.adopt.columns import (
    calendar_formats,
    date_formats,
    durations,
    missing_values,
    number_formats,
    spellings,
    yes_no,
)
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.plan import Reading

READABLE = 0.995  # share of cells that must fit a format; others become missing
MOST_SPELLED = 200  # distinct texts at most whose spellings are joined
TEXT = Reading("text")
YEARS = "year of "  # and the format of days: of dates that date-times do not reach


@dataclass(frozen=True)
class Hints:
    """What a column's name and the rest of the table say about its format."""

    name: str = ""
    decimal: str = ""  # the decimal mark of other columns, "" if unknown
    na_is_marker: bool = False  # other columns have NA for missing values
    missing: tuple[str, ...] = ()  # cells that hold no value, as the user said
    kind: str = ""  # of hints.KINDS, as the user said
    persons: bool = False  # other columns are about persons


NO_HINTS = Hints()


def clean(series: pd.Series, reading: Reading = TEXT) -> pd.Series:
    """Strip every cell; the markers of missing values become NA."""
    text = series.astype("string[pyarrow]").str.strip()
    markers = missing_values.MISSING - set(reading.values) | set(reading.missing)
    return text.mask(text.isin(markers))


def of(series: pd.Series, hints: Hints = NO_HINTS) -> Reading:
    """Infer the format of a column's cells."""
    start = Reading("text", missing=hints.missing)
    raw = series.astype("string[pyarrow]").str.strip()
    kept = missing_values.kept_as_values(pd.Series(raw.unique()), hints.na_is_marker)
    kept = tuple(word for word in kept if word not in hints.missing)
    counts = clean(series, replace(start, values=kept)).value_counts()
    if counts.empty:
        return start
    if hints.kind not in ("text", "category"):
        form = yes_no.form_of(list(map(str, counts.index)))
        if form and not hints.kind:
            return replace(start, kind="yes/no", form=form)
        if found := _of_values(counts, start, hints):
            return found
    words = spellings.folded(counts) if len(counts) <= MOST_SPELLED else ()
    return replace(start, values=kept, words=words)


def _of_values(counts: pd.Series, start: Reading, hints: Hints) -> Reading | None:
    """Infer the format of numbers, dates or durations; words may mean missing cells."""
    odd = [text for text in counts.index if missing_values.means_missing(str(text))]
    known = counts.drop(odd)
    if known.empty or counts[odd].sum() > 0.5 * counts.sum():
        return None
    if found := _typed(known, start, hints):
        return replace(found, missing=(*start.missing, *odd))
    own = missing_values.own_words(known)
    if own and (found := _typed(known.drop(own), start, hints)):
        return replace(found, missing=(*start.missing, *odd, *own))
    return None


def _typed(counts: pd.Series, start: Reading, hints: Hints) -> Reading | None:
    """Infer the format of cells without words for missing values."""
    number = number_formats.choose(counts, READABLE, hints.decimal)
    if number and not date_formats.packed(counts.index):
        days = hints.kind != "number" and number == "plain"
        name = "date" if hints.kind == "date" else hints.name
        if days and (form := calendar_formats.counted(name, counts)):
            return replace(start, kind="date-time", form=form)
        return replace(start, kind="number", form=number)
    if form := durations.choose(hints.name, counts, READABLE):
        return replace(start, kind="number", form=form)
    form = calendar_formats.choose(counts, READABLE)
    if form := form or date_formats.choose(counts, READABLE):
        found = replace(start, kind="date-time", form=form)
        years = replace(start, kind="number", form=f"{YEARS}{form}")
        fits = [one for one in (found, years) if _readable(one, counts) >= READABLE]
        return fits[0] if fits else None
    number, units, _ = number_formats.choose_units(counts, READABLE, hints.decimal)
    return replace(start, kind="number", form=number, units=units) if number else None


def _readable(reading: Reading, counts: pd.Series) -> float:
    """Return the share of the cells that a format reads, or that never end."""
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    lost = unreadable(text, apply(reading, text), reading)
    return 1 - float(counts[lost.to_numpy(bool)].sum() / counts.sum())


def apply(reading: Reading, series: pd.Series) -> pd.Series:
    """Convert every cell to its canonical text; what cannot be read becomes NA."""
    text = clean(series, reading)
    if reading.kind == "number":
        return _numbers(reading, text)
    if reading.kind == "date-time" and reading.form in calendar_formats.forms():
        return calendar_formats.read(text, reading.form)
    if reading.kind == "date-time":
        return date_formats.read(text, reading.form)
    if reading.kind == "yes/no":
        true, false = yes_no.words_of(reading.form)
        words = text.str.lower()
        read = words.mask(words.isin(true), "true").mask(words.isin(false), "false")
        return read.where(words.isin(true | false))
    text = spellings.apply(reading.words, text) if reading.words else text
    if reading.kept:
        text = text.where(text.isin(reading.kept) | text.isna(), reading.rest)
    return text


def _numbers(reading: Reading, text: pd.Series) -> pd.Series:
    if reading.form in durations.FORMS:
        return durations.read(text, reading.form)
    if reading.form.startswith(YEARS):
        return date_formats.years(text, reading.form.removeprefix(YEARS))
    read = number_formats.read(text, reading.form, reading.units)
    return _without(read, reading.missing)


def _without(read: pd.Series, missing: tuple[str, ...]) -> pd.Series:
    """Remove numbers that the user called missing, whatever way they are written."""
    marks = pd.to_numeric(pd.Series(missing, dtype=object), errors="coerce").dropna()
    return read.mask(np.isin(floats(read), marks)) if len(marks) else read


def unit(reading: Reading) -> str:
    """Return the unit that the cells of a reading show, or ""."""
    if reading.form in durations.FORMS:
        return durations.FORMS[reading.form]
    if reading.form.startswith(YEARS):
        return "year"
    return next((name for name, factor in reading.units if name and factor == 1), "")


def infinite(series: pd.Series, read: pd.Series) -> pd.Series:
    """Return a mask of infinite cells, which are missing in `read`."""
    return _lost(series, read) & _infinite_text(series)


def unreadable(
    series: pd.Series, read: pd.Series, reading: Reading = TEXT
) -> pd.Series:
    """Return a mask of cells that do not fit the format and are missing in `read`."""
    lost = _lost(series, read, reading) & ~_infinite_text(series)
    if reading.missing and lost.any():
        plain = replace(reading, missing=())
        lost &= apply(plain, series).isna()
    words = {
        one
        for one in series[lost].unique()
        if missing_values.means_missing(one.strip())
    }
    return lost & ~series.isin(words)


def _lost(series: pd.Series, read: pd.Series, reading: Reading = TEXT) -> pd.Series:
    return clean(series, reading).notna() & read.isna()


def _infinite_text(series: pd.Series) -> pd.Series:
    text = clean(series)
    day = text.str.fullmatch(date_formats.ENDLESS).fillna(False).astype(bool)
    return number_formats.infinite(text) | day
