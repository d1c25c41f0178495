"""Inference of the prediction problem from the target column."""

from dataclasses import replace
from typing import Any, Literal

import pandas as pd

from mlservice.adopt.columns import measures, readings, spellings
from mlservice.adopt.columns.class_order import ordered
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.ranges import whole
from mlservice.adopt.plan import Column, Reading
from mlservice.errors import UserError

Problem = Literal["two classes", "several classes", "number", "count"]

FEWEST = 10  # rows of a class, below which it is left out
MOST = 100  # classes
OTHER = "other"  # the class of all classes beyond MOST
CODES = 20  # distinct whole numbers at most that may stand for classes


def fit(
    column: Column, frame: pd.DataFrame, problems: tuple[str, ...], template: str = ""
) -> tuple[Problem, Column]:
    """Infer the problem that a target poses, and declare the target for it.

    `problems` are those of the service's task; `template` is the template's address in
    the command of an error message. The caller drops rows without a target, or of a
    class that is left out. Raise UserError where the task cannot predict the target.
    """
    cells = readings.clean(frame[column.column], column.reading)
    if not cells.notna().any():
        raise UserError(f"the target '{column.column}' is missing in every row")
    read = readings.apply(column.reading, cells).dropna()
    if read.nunique() < 2:
        raise UserError(
            f"the target '{column.column}' is the same in every row: "
            "there is nothing to learn; choose another column"
        )
    numbers = column.reading.kind == "number"
    if "number" in problems or "count" in problems:
        if not numbers and read.nunique() > MOST:
            raise UserError(
                f"the target '{column.column}' holds {column.kind} values, no numbers: "
                "choose a column of numbers"
            )
        if not numbers:
            raise _misfit(
                column, "holds classes, not numbers", "classification", template
            )
        return _number(column, read, problems)
    if numbers and not _codes(read):
        raise _misfit(column, "holds many numbers, no classes", "regression", template)
    return _classes(column, cells, numbers)


def _misfit(column: Column, why: str, task: str, template: str) -> UserError:
    return UserError(
        f"the target '{column.column}' {why}: render the service for it with "
        f"`cookiecutter {template or 'TEMPLATE'} task={task}`"
    )


def _codes(read: pd.Series) -> bool:
    """Return True if numbers are class codes: few, and whole."""
    values = pd.Series(floats(read))
    return values.nunique() <= CODES and bool((values % 1 == 0).all())


def _number(
    column: Column, read: pd.Series, problems: tuple[str, ...]
) -> tuple[Problem, Column]:
    values = pd.Series(floats(read))
    few = 0 <= values.min() <= FEWEST
    counted = few and whole(values) and "count" in problems
    why = f"the target: {'counts' if counted else 'numbers'}"
    return "count" if counted else "number", measures.amount(column, values, why)


def _classes(column: Column, cells: pd.Series, numbers: bool) -> tuple[Problem, Column]:
    """Declare classes under their names in the user's file."""
    reading = column.reading if numbers else _words(column.reading, cells)
    joined = spellings.said(reading.words, cells.value_counts())
    counts = readings.apply(reading, cells).value_counts()
    name = f"the target '{column.column}'"
    if counts.sum() < 2 * len(counts):
        raise UserError(
            f"{name} has {len(counts):,} different values in {counts.sum():,} rows: "
            f"at most {MOST} classes can be learnt, each from many rows"
        )
    grouped = ""
    if len(counts) > MOST:
        reading, grouped = _grouped(reading, counts)
        counts = readings.apply(reading, cells).value_counts()
    kept = counts[counts >= FEWEST]
    if len(kept) < 2:
        raise UserError(
            f"{name} has {len(kept)} class{'es' * (len(kept) != 1)} of at least "
            f"{FEWEST} rows: two are needed; bring more rows"
        )
    order = ordered({str(word): int(times) for word, times in kept.items()})
    facts: dict[str, Any] = {"kind": "category", "declared": "category"}
    made = replace(
        column,
        **facts,
        reading=reading,
        why=f"the target: {len(order)} classes"
        + f", '{order[-1]}' is the positive one" * (len(order) == 2),
        low=None,
        high=None,
        whole=False,
        categories=order,
        example=str(kept.index[0]),
        unit="",
        longest=0,
        warning="; ".join(
            filter(None, (column.warning * numbers, joined, grouped, _rare(counts)))
        ),
    )
    return ("two classes" if len(order) == 2 else "several classes"), made


def _grouped(reading: Reading, counts: pd.Series) -> tuple[Reading, str]:
    """Group the rarest of too many classes as one; return the reading and a warning."""
    names = [str(word) for word in counts.index]
    rest = next((word for word in names if word.lower() == OTHER), OTHER)
    frequent = [word for word in names if word != rest and counts[word] >= FEWEST]
    kept = frequent[: MOST - 1]
    others = counts.drop([*kept, rest], errors="ignore")
    share = others.sum() / counts.sum()
    said = (
        f"{len(counts):,} classes: the {len(others):,} rarest, with {share:.1%} of the "
        f"rows, are one class, '{rest}'"
    )
    return replace(reading, kept=tuple(kept), rest=rest), said


def _words(reading: Reading, cells: pd.Series) -> Reading:
    """Return the reading of classes: spellings that differ in case alone are one."""
    if reading.form == "1/0":
        return replace(reading, kind="number", form="plain")  # 1.0 and 1 are one class
    counts, words = cells.value_counts(), reading.words
    if reading.kind == "yes/no":
        distinct = {spellings.key_of(str(text)) for text in counts.index}
        if len(distinct) > 2:
            words = spellings.yes_and_no(reading.form, counts)
    words = words or spellings.folded(counts, always=len(counts) <= MOST)
    return replace(reading, kind="text", form="", words=words, units=())


def _rare(counts: pd.Series) -> str:
    rare = counts[counts < FEWEST]
    if rare.empty:
        return ""
    named = ", ".join(f"'{word}'" for word in sorted(map(str, rare.index))[:5])
    more = " …" * (len(rare) > 5)
    return (
        f"LEFT OUT: the classes of fewer than {FEWEST} rows, {named}{more}, "
        f"with {rare.sum():,} rows in all"
    )
