"""Columns told twice: the same values, perhaps in other words."""

from dataclasses import replace

import numpy as np
import pandas as pd

from .plan import Column
from .power import values_of

SUPPORT = 5  # rows of the second most frequent value: fewer may agree by chance
FEW = 0.1  # of the rows: so many distinct values at most


def told_once(
    columns: list[Column], read: dict[str, pd.Series], keep: tuple[str, ...]
) -> list[Column]:
    """Set aside columns that say what an earlier one says, perhaps in other words."""
    seen: dict[bytes, str] = {}
    found = []
    for column in columns:
        marks = _marks(column, read[column.column]) if column.declared else []
        twin = next((seen[mark] for mark in marks if mark in seen), "")
        if not twin:
            seen.update(dict.fromkeys(marks, column.column))
        elif column.column in keep:
            column = warned(column, f"says the same as '{twin}', kept as you asked")
        else:
            why = f"says the same as '{twin}', row by row"
            column = replace(column, declared="", why=why)
        found.append(column)
    return found


def _marks(column: Column, read: pd.Series) -> list[bytes]:
    """Give what two columns share if each value of one goes with one of the other.

    Of few values, their numbers in the order of appearance; of many, where all may be
    distinct by chance, the ranks of the numbers, up and down, or the texts themselves.
    """
    counts = read.value_counts()
    supported = len(counts) > 0 and counts.iloc[:2].min() >= SUPPORT
    if supported and len(counts) <= FEW * len(read):
        return [b"few" + pd.factorize(read, use_na_sentinel=False)[0].tobytes()]
    values, listed = values_of(column, read)
    if listed:
        texts = pd.util.hash_array(read.to_numpy(object, na_value=""))
        return [b"text" + texts.tobytes()]
    ranks = pd.Series(values).rank(method="dense").fillna(0)
    down = (ranks.max() + 1 - ranks).where(ranks > 0, 0)
    orders = (order.astype(np.int64).to_numpy() for order in (ranks, down))
    return [b"many" + order.tobytes() for order in orders]


def warned(column: Column, words: str) -> Column:
    """Add a warning to those that a column has."""
    return replace(column, warning="; ".join(filter(None, (column.warning, words))))
