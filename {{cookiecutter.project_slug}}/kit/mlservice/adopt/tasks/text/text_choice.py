"""Choice of the column that is the text, and declaration of the others."""

from dataclasses import replace

import pandas as pd

from mlservice.adopt.columns import readings
from mlservice.adopt.columns.names import words_of
from mlservice.adopt.plan import Column, Plan
from mlservice.encoding.text import LONGEST
from mlservice.errors import UserError

YES_NO = ("false", "true")
AMOUNT = "model.py weighs words and categories, no amounts: take a newer one"
NO_TEXT = (
    "no column holds texts of several words; KEEP= names one that holds short ones; "
    "tables of numbers and categories are for task=classification"
)


def text_of(
    columns: list[Column], frame: pd.DataFrame, keep: tuple[str, ...]
) -> Column:
    """Choose the text: the one in `keep`, or else the longest free text on average.

    Raise UserError where there is none, or more than one in `keep`.
    """
    free = [one for one in columns if one.declared == "bag_of_words"]
    kept = [one for one in free if one.column in keep]
    if len(kept) > 1:
        names = ", ".join(one.column for one in kept)
        raise UserError(f"KEEP= names several texts ({names}): the model reads one")
    short = [one for one in columns if one.column in keep and one.declared == "hashed"]
    if not (kept or free or short):
        raise UserError(NO_TEXT)
    return max(kept or free or short[:1], key=lambda one: _length(one, frame))


def _length(column: Column, frame: pd.DataFrame) -> float:
    """Return how many characters a cell has on average."""
    return float(readings.clean(frame[column.column]).str.len().mean())


def beside(
    column: Column, text: Column, keep: tuple[str, ...], amounts: bool
) -> Column:
    """Declare a column beside the text, or set it aside with the reason.

    `amounts` says whether the model takes numbers: one of 0.8.0 does not. Raise
    UserError for a column in `keep` that the model cannot use.
    """
    if column.column == text.column:
        return _as_text(column)
    if column.declared in ("number", "date_time") and not amounts:
        if column.column in keep:
            raise UserError(f"'{column.column}' cannot be kept: {AMOUNT}")
        return replace(column, declared="", why=f"{column.why}: {AMOUNT}")
    if column.declared == "bag_of_words":
        why = f"a text beside '{text.column}', the longer one; KEEP= chooses another"
        return replace(column, declared="", why=why)
    return listed(column)


def listed(column: Column) -> Column:
    """Declare an ordered category, or a flag that may be missing, as a plain category.

    Missing values of that are zeros; the linear model cannot take NaN, nor a bucket.
    """
    if column.declared == "hashed":
        return replace(column, declared="hashed_columns")
    if column.declared == "flag" and column.missing:
        example = YES_NO[bool(column.example)]
        column = replace(column, categories=YES_NO, example=example)
    elif column.declared != "ordered":
        return column
    return replace(column, kind="category", declared="category")


def _as_text(column: Column) -> Column:
    words = " ".join(words_of(column.column)) or "something"
    empty = f"{column.missing:.1%} of the texts are empty" if column.missing else ""
    return replace(
        column,
        kind="free text",
        declared="bag_of_words",
        why=f"the text: {column.why}",
        categories=(),
        longest=LONGEST,  # the model reads the beginning
        example=f"Some words on {words}, as people write them.",
        warning="; ".join(filter(None, (column.warning, empty))),
    )


def fitted(plan: Plan) -> Plan:
    """Return the plan after conversion: a missing text is an empty one."""
    features = [
        replace(one, missing=0.0) if one.declared == "bag_of_words" else listed(one)
        for one in plan.features
    ]
    return replace(plan, features=tuple(features))


def text_in(plan: Plan) -> Column:
    """Return the plan's text."""
    return next(one for one in plan.features if one.declared == "bag_of_words")
