"""Detection of the row numbers and row names that programs write beside a table.

pandas' `to_csv()` and R's `write.csv` write them as a first column without a name; a
program that reads such a file names the column by its position.
"""

import re
from dataclasses import replace

import pandas as pd

from mlservice.adopt.plan import Column

NAMELESS = re.compile(  # names that stand for an empty one, and that nobody chooses
    r"Unnamed(: ?|_|\.+)\d+([._]\d+)?|_duplicated_\d+|\.\.\.\d+|level_\d+"
)
PANDAS_INDEX = re.compile(r"__index_level_\d+__")  # in Parquet, behind the others
PLACED = re.compile(  # names by position that people choose, too: of DuckDB, R, Spark …
    r"(?:column|col|field|var|v|_c|f)[ _]?\d+|x", re.IGNORECASE
)
WHOLE = r"[+-]?\d+(?:\.0*)?"
DISTINCT = 0.98  # share of the values: so many of them number the rows
DOUBTS = {"date-time": "dates", "number": "numbers that are not whole"}


def find(columns: list[str]) -> dict[str, bool]:
    """Return the columns whose names say that they label rows, and whether they do.

    False: people choose such a name, too, so that the values must confirm it.
    """
    found = {name: True for name in columns if PANDAS_INDEX.fullmatch(name)}
    for name in columns:
        if not NAMELESS.fullmatch(name):
            break
        found[name] = True
    if len(found) == len(columns):  # the whole table has no names
        return {}
    first, *others = columns
    if PLACED.fullmatch(first) and not any(map(PLACED.fullmatch, others)):
        if "y" not in map(str.lower, others):  # x is a coordinate
            found[first] = False
    return found


def nameless(columns: list[str]) -> set[str]:
    """Return the columns without a name; none if the whole table has no names."""
    found = {name for name in columns if NAMELESS.fullmatch(name)}
    return found if len(found) < len(columns) else set()


def without_a_name(column: Column) -> Column:
    """Set aside a column among others that has no name: nobody knows what it holds."""
    why = "the column has no name"
    warning = f'set aside: give it a name, or KEEP="{column.column}" keeps it'
    return replace(column, declared="", why=why, warning=warning)


def set_aside(column: Column, cells: pd.Series, sure: bool) -> Column:
    """Set a column aside that `find` returned, unless its cells are no row labels."""
    text = cells.str.strip()
    present = text[text.ne("").fillna(False)]
    whole, distinct = bool(present.str.fullmatch(WHOLE).all()), present.nunique()
    numbers = whole and distinct >= DISTINCT * len(present)
    if column.kind in ("empty", "constant") or not (sure or numbers):
        return column
    doubt = "" if whole else DOUBTS.get(column.kind, "")
    if not whole and distinct < len(present) / 2:
        doubt = doubt or "values that recur"
    found = "has no name" if sure else "is named by its position"
    warning = f'set aside, yet it holds {doubt}: KEEP="{column.column}" keeps it'
    return replace(
        column,
        kind="identifier",
        declared="",
        why=f"row {'numbers' if whole else 'names'}: the column {found}",
        warning=warning if doubt else "",
    )
