"""Rows that sum up other rows: a line of totals at the end, or one for each group."""

import re

from typing import Any

import numpy as np
import pandas as pd

from mlservice.adopt.columns import number_formats
from mlservice.adopt.columns.column_regex import floats

WORDS = re.compile(
    r"(?:grand |sub-?|overall |row )?(?:totals?|sum)(?: \(?.{0,20})?|subtotals?|"
    r"totale?s?|total général|gesamt(?:summe|ergebnis)?|summe|zwischensumme|somme|suma|"
    r"итого|всего|合計|小計|总计|合计|average|mean|durchschnitt|mittelwert",
    re.IGNORECASE,
)
MOST = 0.05  # share of the rows: more of them are a category
ROWS = 20_000  # of text cells that are looked at for words
CLOSE = 0.005  # of a total and the sum of its rows
REMARKS = 20  # rows at the end of a table that are looked at
EMPTY = 0.5  # share of a row's filled cells, compared with the others, at most

Totals = tuple[tuple[str, str], ...]  # (column, cell)


def find(frame: pd.DataFrame, target: str) -> Totals:
    """Return the cells that mark rows of totals: (column, text) of each.

    A word for a total is not enough: the row must be nearly empty otherwise, or its
    numbers must be the sums of the rows above or of all others.
    """
    found = []
    for column in frame.columns:
        if column == target:
            continue
        texts = frame[column].dropna()
        counts = texts.value_counts()
        marked = [
            str(text)
            for text in counts.index[-ROWS:]
            if len(str(text)) <= 40 and WORDS.fullmatch(str(text).strip())
        ]
        if not marked or counts[marked].sum() > max(1, MOST * len(frame)):
            continue
        rows = frame[column].isin(marked).to_numpy(dtype=bool)
        if all(_sums_up(frame, rows, at, column) for at in np.flatnonzero(rows)):
            found += [(column, text) for text in marked]
    return (*found, *_remarks(frame[~mask(frame, tuple(found))]))


def _remarks(frame: pd.DataFrame) -> Totals:
    """Return the cells of remarks below a table: each the only one of its row."""
    filled = ~(frame.isna() | frame.isin([""]))
    if frame.empty or filled.sum(axis=1).median() < 3:
        return ()
    found: list[tuple[str, str]] = []
    for at in range(len(frame) - 1, max(len(frame) - REMARKS, 0), -1):
        names = frame.columns[filled.iloc[at]]
        if len(names) != 1:
            break
        text = str(frame[names[0]].iloc[at])
        letters = any(letter.isalpha() for letter in text)
        if not letters or (frame[names[0]] == text).sum() > 1:
            break
        found.append((names[0], text))
    return tuple(found)


def mask(frame: pd.DataFrame, totals: Totals) -> "pd.Series[bool]":
    """Return a mask of the rows of totals, shape (n,)."""
    found = pd.Series(False, index=frame.index)
    for column, text in totals:
        found |= frame[column].isin([text])
    return found


def said(totals: Totals) -> str:
    """Return the sentence that says which rows are left out, or ""."""
    if not totals:
        return ""
    cells = ", ".join(f"'{text[:40]}' in '{column}'" for column, text in totals[:3])
    return f"rows of totals and remarks are left out: {cells}"


def _sums_up(frame: pd.DataFrame, totals: np.ndarray, at: Any, column: str) -> bool:
    """Return True if a row is nearly empty, or its numbers are sums of other rows."""
    others = frame.drop(columns=column)
    blank = others.isna() | others.isin([""])
    filled = (~blank).mean(axis=1).to_numpy()
    if filled[at] <= EMPTY * float(np.median(filled[~totals])):
        return True
    start = max(np.flatnonzero(totals[:at]), default=-1)
    parts = np.flatnonzero(~totals)
    above = parts[(parts > start) & (parts < at)]
    right = tried = 0
    for name in others.columns:
        total = _number(others[name].iloc[[at]])
        if np.isnan(total).all() or abs(float(total[0])) < 1:
            continue
        tried += 1
        right += any(
            _close(float(total[0]), _number(others[name].iloc[rows]))
            for rows in (above, parts)
        )
    return 0 < tried <= 2 * right


def _close(total: float, values: np.ndarray) -> bool:
    """Return True if a total is the sum or the mean of the values."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return False
    return any(
        abs(total - one) <= CLOSE * abs(total) for one in (known.sum(), known.mean())
    )


def _number(text: pd.Series) -> np.ndarray:
    """Return the numbers of cells, shape (n,); NaN for other texts."""
    cells = text.astype("string[pyarrow]").str.strip()
    form = (
        number_formats.choose(cells.dropna().value_counts(), 0.5)
        if cells.notna().any()
        else ""
    )
    if not form:
        return np.full(len(cells), np.nan)
    return np.asarray(floats(number_formats.read(cells, form)), dtype=float)
