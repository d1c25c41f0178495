"""What was decided on cells that can be read in more than one way, in sentences."""

import pandas as pd

from mlservice.adopt.columns import (
    calendar_formats,
    date_formats,
    number_formats,
    spellings,
)
from mlservice.adopt.columns.readings import YEARS, clean, infinite, unit, unreadable
from mlservice.adopt.plan import Reading


def warning(reading: Reading, series: pd.Series, read: pd.Series) -> str:
    """Return a warning about lost cells and ambiguous formats, or ""."""
    text = clean(series)
    said = []
    if reading.kind == "text" and (share := number_formats.share(text)) > 0.5:
        said.append(f"only {share:.1%} of the cells are numbers: taken as text")
    if own := [word for word in reading.missing if text.isin([word]).any()]:
        share = text.isin(own).sum() / len(text)
        said.append(f"{_listed(own)} in {share:.1%} of the cells: missing")
    for word in reading.values:
        said.append(f"'{word}' is a value, as the others are; MISSING= says otherwise")
    if reading.words:
        said.append(spellings.said(reading.words, text.value_counts()))
    if read.isna().sum() > text.isna().sum():
        if lost := int(infinite(text, read).sum()):
            said.append(f"{lost:,} infinite values are taken as missing")
        if lost := int(unreadable(text, read, reading).sum()):
            share = lost / len(text)
            said.append(f"{share:.2%} of the cells are no {reading.kind}: missing")
    if reading.form.startswith(YEARS):
        said.append("dates outside 1900 to 2199 are years here: 1850-07-02 is 1850.5")
    elif reading.kind == "number":
        said += number_formats.warnings(text, reading.form)
        said.append(_units_said(reading))
    if reading.kind == "date-time" and reading.form not in calendar_formats.forms():
        said.append(date_formats.doubt(text, reading.form))
    return "; ".join(filter(None, said))


def _units_said(reading: Reading) -> str:
    """Return how units were converted, or ""."""
    named = [f"1 {name} is {by:.6g}" for name, by in reading.units if by != 1]
    return ", ".join(named[:4]) + f" {unit(reading)}".rstrip() if named else ""


def _listed(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words[:6]) + " …" * (len(words) > 6)
