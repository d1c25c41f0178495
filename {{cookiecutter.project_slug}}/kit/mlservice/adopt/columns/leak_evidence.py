"""Evidence that a single column gives the target away."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlservice.adopt.columns.formulas import ranges_of
from mlservice.adopt.columns.names import words_of
from mlservice.adopt.columns.predictive_power import (
    numeric_values,
    right_within,
    score_alone,
)
from mlservice.adopt.plan import Column

LEAK = {"classes": 0.995, "number": 0.999}  # AUC (or share right in each class), R²
STRONG = 0.98
RIGHT = 0.995  # share right within each of two classes
FILLED = 30  # filled cells at least, all of one class
PURE = 0.995  # share of them of that class
COMMON = 0.75  # share of all rows at most that are of that class
STEM = 4  # letters at least that the names of a date and of the target share


@dataclass(frozen=True)
class Aim:
    """The target as numbers, and its name for messages."""

    column: str
    values: Any  # (n,) numbers, or codes of classes
    classes: int  # 0: numbers
    names: tuple[str, ...] = ()  # of the classes


@dataclass(frozen=True)
class Evidence:
    """How a column gives the target away, "" if it does not, and whether surely."""

    said: str = ""
    sure: bool = False


NOTHING = Evidence()


def evidence(column: Column, read: pd.Series, aim: Aim) -> Evidence:
    """Return how a column, read as n canonical cells, gives the target away."""
    if not column.declared:
        return NOTHING
    values, listed = numeric_values(column, read)
    score, right = score_alone(values, aim.values, aim.classes, listed)
    said = f"predicts '{aim.column}' alone " + (
        f"on {right:.1%} of the rows" if aim.classes else f"(R² {score:.4f})"
    )
    if score >= LEAK["classes" if aim.classes else "number"]:
        return Evidence(said, True)
    if aim.classes == 2:
        right = right_within(values, aim.values, listed)
        if right >= RIGHT:
            decides = f"one threshold of it decides '{aim.column}'"
            return Evidence(f"{decides} on {right:.1%} of the rows", True)
    if aim.classes:
        other = _filled_for_one(read, aim, "filled")
    else:
        other = _function_of(read, values, listed, aim)
    if other := other or _date_of(column, aim):
        return Evidence(other, True)
    if aim.classes and (other := _filled_for_one(read, aim, "empty")):
        return Evidence(other, False)
    return Evidence(said, False) if score >= STRONG else NOTHING


def _filled_for_one(read: pd.Series, aim: Aim, what: str) -> str:
    """Return the evidence that a column is filled, or empty, for one class alone."""
    filled = read.notna().to_numpy(dtype=bool)
    rows = filled if what == "filled" else ~filled
    if rows.sum() < FILLED or rows.all():
        return ""
    shares = np.bincount(aim.values[rows], minlength=aim.classes) / rows.sum()
    most = int(shares.argmax())
    if shares[most] < PURE or (aim.values == most).mean() > COMMON:
        return ""
    return (
        f"is {what} only where '{aim.column}' is '{aim.names[most]}' "
        f"({rows.sum():,} rows)"
    )


def _date_of(column: Column, aim: Aim) -> str:
    """Return the evidence that a date's name says that it is the target's date."""
    if column.declared != "date_time":
        return ""
    for word in words_of(column.column):
        for other in words_of(aim.column):
            short = min(len(word), len(other))
            shared = word[:short] == other[:short] or _stem(word) == _stem(other)
            if short >= STEM and shared and word not in ("date", "time", "days"):
                return f"its name says that it is the date of '{aim.column}'"
    return ""


def _stem(word: str) -> str:
    """Return a word without the usual endings, at least STEM letters."""
    for ending in ("ation", "ment", "ing", "ed", "al", "es", "s", "d", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word.removesuffix(ending)
    return word


def _function_of(read: pd.Series, values: Any, listed: bool, aim: Aim) -> str:
    """Return the evidence that a column is a grade, a rank or a log of the target."""
    known = read.notna().to_numpy(dtype=bool)
    if known.sum() < FILLED:
        return ""
    if ranges_of(read[known], aim.values[known]):
        return f"each of its values has its own range of '{aim.column}'"
    if listed or known.mean() >= 0.9 or np.ptp(values[known]) == 0:
        return ""  # score_alone correlates columns that are mostly filled
    pair = pd.DataFrame({"value": values[known], "target": aim.values[known]})
    found = (np.corrcoef(one.to_numpy().T)[0, 1] for one in (pair, pair.rank()))
    best = max(np.square(np.nan_to_num(list(found))))
    return f"is a function of '{aim.column}' where filled" if best >= 0.9999 else ""
