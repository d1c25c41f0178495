"""Columns that know too much, columns told twice, and rows told twice."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from . import readings
from .plan import Column
from .power import alone

ROWS = 20_000  # looked at; fewer if the columns are many
CELLS = 5_000_000
ENOUGH = 30  # rows; of fewer nothing is concluded
LEAK = {"classes": 0.995, "number": 0.999}  # AUC (or share right in each class), R²
STRONG = 0.98
ORDERED = 0.6  # AUC of an identifier from which the order of the rows tells something
SUPPORT = 5  # rows of the second most frequent value of a column told twice


@dataclass(frozen=True)
class Aim:
    """The target as numbers, and how to speak of it."""

    column: str
    values: Any  # (n,) numbers, or codes of classes
    classes: int  # 0: numbers


def find(
    frame: pd.DataFrame,
    columns: list[Column],
    target: Column,
    keep: tuple[str, ...] = (),
) -> tuple[list[Column], list[str]]:
    """Set aside the columns that leak the target or repeat another, with the evidence.

    `frame` holds the text of a sample, `columns` all but the target. Those in `keep`
    stay, with a warning. Also gives the warnings about the table as a whole.
    """
    rows = max(1000, min(ROWS, CELLS // max(1, len(columns))))
    some = frame.sample(rows, random_state=0).sort_index() if len(frame) > rows else frame
    answer = readings.apply(target.reading, some[target.column])
    known = answer.isin(target.categories) if target.categories else answer.notna()
    some, answer = some[known], answer[known]
    if len(some) < ENOUGH:
        return columns, [f"only {len(some)} rows: leaks cannot be looked for"]
    aim = _aim(target, answer)
    read = {c.column: readings.apply(c.reading, some[c.column]) for c in columns}
    found = [_judged(column, read[column.column], aim, keep) for column in columns]
    found = _told_once(found, read, keep)
    warnings = [_order_tells(c, read[c.column], aim) for c in columns]
    return found, [*filter(None, warnings), *_repeated_rows(found, read, answer)]


def _aim(target: Column, answer: pd.Series) -> Aim:
    if target.categories:
        codes = answer.map({word: n for n, word in enumerate(target.categories)})
        values = codes.to_numpy(dtype=np.int64)
    else:
        values = pd.to_numeric(answer).to_numpy(dtype=np.float64)
    return Aim(target.column, values, len(target.categories))


def _judged(column: Column, read: pd.Series, aim: Aim, keep: tuple[str, ...]) -> Column:
    """Set a column aside if it tells the target alone; warn if it nearly does."""
    if not column.declared:
        return column
    values, listed = _values(column, read)
    score, right = alone(values, aim.values, aim.classes, listed)
    if score < STRONG:
        return column
    said = f"predicts '{aim.column}' alone " + (
        f"on {right:.1%} of the rows" if aim.classes else f"(R² {score:.4f})"
    )
    if score < LEAK["classes" if aim.classes else "number"]:
        return _warned(column, f"{said}: is it known when the prediction is made?")
    if column.column in keep:
        return _warned(column, f"LEAK, kept as you asked: {said}")
    return replace(column, declared="", why=f"LEAK: {said}")


def _warned(column: Column, words: str) -> Column:
    return replace(column, warning="; ".join(filter(None, (column.warning, words))))


def _values(column: Column, read: pd.Series) -> tuple[Any, bool]:
    """Turn a column into numbers, or into codes of categories (and True)."""
    if column.reading.kind == "number":
        return pd.to_numeric(read).to_numpy(dtype=np.float64, na_value=np.nan), False
    if column.reading.kind == "date-time":
        days = pd.to_datetime(read.astype(object), format="ISO8601")
        numbers = days.astype("datetime64[s]").astype(np.int64).astype(np.float64)
        return numbers.where(days.notna()).to_numpy(), False
    codes, _ = pd.factorize(read)
    return codes + 1, True  # 0 is missing


def _told_once(
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
            column = _warned(column, f"says the same as '{twin}', kept as you asked")
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
    if len(counts) < 1 or (len(counts) > 1 and counts.iloc[1] < SUPPORT):
        few = False
    else:
        few = len(counts) <= len(read) / 10
    if few:
        return [b"few" + pd.factorize(read, use_na_sentinel=False)[0].tobytes()]
    values, listed = _values(column, read)
    if listed:
        return [b"text" + pd.util.hash_array(read.to_numpy(object, na_value="")).tobytes()]
    ranks = pd.Series(values).rank(method="dense").fillna(0)
    down = (ranks.max() + 1 - ranks).where(ranks > 0, 0)
    return [b"many" + order.astype(np.int64).to_numpy().tobytes() for order in (ranks, down)]


def _order_tells(column: Column, read: pd.Series, aim: Aim) -> str:
    """Warn if an identifier, or the order of the rows it stands for, tells the target."""
    if column.kind != "identifier" or column.declared or len(read) < 10 * ENOUGH:
        return ""
    values, listed = _values(column, read)
    if listed:
        values = read.rank(method="dense").to_numpy(dtype=np.float64, na_value=np.nan)
    score, _ = alone(values, aim.values, aim.classes, False)
    chance = 1 / aim.classes if aim.classes else 0.0
    if score - chance < (1 - chance) * 2 * (ORDERED - 0.5):
        return ""
    name = "AUC" if aim.classes == 2 else "share right" if aim.classes else "R²"
    return (
        f"'{column.column}' is set aside, yet it tells something about '{aim.column}' "
        f"({name} {score:.2f}): the rows may be sorted, or numbered after the event"
    )


def _repeated_rows(
    columns: list[Column], read: dict[str, pd.Series], answer: pd.Series
) -> list[str]:
    used = {c.column: read[c.column] for c in columns if c.declared}
    if not used:
        return ["no column is left to predict from"]
    rows = pd.util.hash_pandas_object(pd.DataFrame(used).astype(object), index=False)
    again = rows.duplicated()
    if not again.any():
        return []
    share = again.mean()
    said = [
        f"{again.sum():,} rows ({share:.1%}) have the features of another row: equal rows "
        "stay in one part of the split, so that none is both learnt and tested"
    ]
    different = answer.groupby(rows.to_numpy()).transform("nunique") > 1
    if different.any():
        said.append(
            f"{different.mean():.1%} of the rows have equal features and different "
            "targets: no model can be right on all of them"
        )
    return said
