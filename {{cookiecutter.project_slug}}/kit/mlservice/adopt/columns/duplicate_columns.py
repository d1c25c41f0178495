"""Detection of duplicate columns, whose values correspond one to one."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlservice.adopt.columns.predictive_power import numeric_values
from mlservice.adopt.plan import Column

SUPPORT = 5  # rows of the second most frequent value: fewer may agree by chance
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

    For few distinct values: their codes in order of appearance. For many, which may be
    distinct by chance: the ranks of numbers, ascending and descending, or the texts.
    """
    counts = read.value_counts()
    supported = len(counts) > 0 and counts.iloc[:2].min() >= SUPPORT
    if supported and len(counts) <= FEW * len(read):
        return [b"few" + pd.factorize(read, use_na_sentinel=False)[0].tobytes()]
    values, listed = numeric_values(column, read)
    if listed:
        texts = pd.util.hash_array(read.to_numpy(object, na_value=""))
        return [b"text" + texts.tobytes()]
    ranks = pd.Series(values).rank(method="dense").fillna(0)
    down = (ranks.max() + 1 - ranks).where(ranks > 0, 0)
    orders = (order.astype(np.int64).to_numpy() for order in (ranks, down))
    return [b"many" + order.tobytes() for order in orders]


def with_warning(column: Column, words: str) -> Column:
    """Append a warning to those of a column."""
    return replace(column, warning="; ".join(filter(None, (column.warning, words))))
