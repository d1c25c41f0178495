"""Detection of duplicate columns, whose values correspond one to one."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlservice.adopt.columns.predictive_power import Floats, numeric_values
from mlservice.adopt.plan import Column

SUPPORT = 5  # rows of the second most frequent value: fewer may agree by chance
ORDERED = 8  # distinct amounts, below which two may be in the same order by chance
FEW = 0.1  # of the rows: so many distinct values at most


def set_duplicates_aside(
    columns: list[Column], read: dict[str, pd.Series], keep: tuple[str, ...]
) -> list[Column]:
    """Set aside duplicates of earlier columns; those in `keep` get a warning."""
    seen: dict[bytes, str] = {}
    found = []
    for column in columns:
        marks = _marks(column, read[column.column]) if column.declared else []
        first = next((seen[mark] for mark in marks if mark in seen), "")
        if not first:
            seen.update(dict.fromkeys(marks, column.column))
        elif column.column in keep:
            column = with_warning(
                column, f"says the same as '{first}', kept as you asked"
            )
        else:
            why = f"says the same as '{first}', row by row"
            column = replace(column, declared="", why=why)
        found.append(column)
    return found


def _marks(column: Column, read: pd.Series) -> list[bytes]:
    """Return hashable keys that are equal for columns with corresponding values.

    Codes of few values, in order of appearance, are those of words, yes/no, and whole
    numbers that count from 0 or 1. Amounts that go along with them, such as the area of
    each state, are measurements: they have keys of their own.
    """
    counts = read.value_counts()
    supported = len(counts) > 0 and counts.iloc[:2].min() >= SUPPORT
    values, listed = numeric_values(column, read)
    few = supported and len(counts) <= FEW * len(read)
    if few and (listed or len(counts) == 2 or _numbering(values)):
        return [b"few" + pd.factorize(read, use_na_sentinel=False)[0].tobytes()]
    if listed:
        texts = pd.util.hash_array(read.to_numpy(object, na_value=""))
        return [b"text" + texts.tobytes()]
    if few and len(counts) < ORDERED:
        return _scaled(values)
    ranks = pd.Series(values).rank(method="dense").fillna(0)
    down = (ranks.max() + 1 - ranks).where(ranks > 0, 0)
    orders = (order.astype(np.int64).to_numpy() for order in (ranks, down))
    return [b"many" + order.tobytes() for order in orders]


def _numbering(values: Floats) -> bool:
    """Return True if the numbers are 0 or 1 to their count, without a gap."""
    distinct = np.unique(values[~np.isnan(values)])
    return bool(distinct[0] in (0, 1) and (np.diff(distinct) == 1).all())


def _scaled(values: Floats) -> list[bytes]:
    """Return keys that are equal for amounts in different units, as cm and inch."""
    low, high = np.nanmin(values), np.nanmax(values)
    share = np.nan_to_num((values - low) / (high - low), nan=-1.0)
    turned = np.where(share >= 0, 1 - share, share)
    return [b"scaled" + one.round(6).tobytes() for one in (share + 0.0, turned + 0.0)]


def with_warning(column: Column, words: str) -> Column:
    """Append a warning to those of a column."""
    return replace(column, warning="; ".join(filter(None, (column.warning, words))))
