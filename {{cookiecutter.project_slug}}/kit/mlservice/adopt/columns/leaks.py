"""Detection of target leaks, duplicate columns and duplicate rows."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mlservice.adopt.columns import formulas, readings
from mlservice.adopt.columns.column_regex import floats
from mlservice.adopt.columns.duplicate_columns import set_duplicates_aside, with_warning
from mlservice.adopt.columns.leak_evidence import NOTHING, Aim, Evidence, evidence
from mlservice.adopt.columns.predictive_power import numeric_values, score_alone
from mlservice.adopt.plan import Column
from mlservice.data.dataset import RECUR
from mlservice.data.split import FEWEST

ROWS = 20_000  # of the sample; fewer if there are many columns
CELLS = 5_000_000
ENOUGH = 30  # rows, below which nothing is concluded
ORDERED = 0.6  # AUC of an identifier that predicts the target by the order of rows


def find(
    frame: pd.DataFrame,
    columns: list[Column],
    target: Column,
    keep: tuple[str, ...] = (),
) -> tuple[list[Column], list[str]]:
    """Set aside columns that leak the target or duplicate another, with the evidence.

    `frame` holds the text of a sample, `columns` all but the target. Those in `keep`
    stay, with a warning. Return the columns, and warnings about the whole table.
    """
    rows = max(1000, min(ROWS, CELLS // max(1, len(columns))))
    some = frame.sample(min(rows, len(frame)), random_state=0).sort_index()
    answer = readings.apply(target.reading, some[target.column])
    known = answer.isin(target.categories) if target.categories else answer.notna()
    some, answer = some[known], answer[known]
    if len(some) < ENOUGH:
        return columns, [f"only {len(some)} rows: leaks cannot be looked for"]
    aim = _aim(target, answer)
    read = {c.column: readings.apply(c.reading, some[c.column]) for c in columns}
    found = [
        _aside(column, evidence(column, read[column.column], aim), keep)
        for column in columns
    ]
    found = set_duplicates_aside(found, read, keep)
    if not aim.classes:
        found = _without_parts(found, read, aim, keep)
    warnings = [_order_warning(c, read[c.column], aim) for c in columns]
    return found, [*filter(None, warnings), *_repeated_rows(found, read, answer)]


def _aim(target: Column, answer: pd.Series) -> Aim:
    if target.categories:
        codes = answer.map({word: n for n, word in enumerate(target.categories)})
        values = codes.to_numpy(dtype=np.int64)
    else:
        values = floats(answer)
    return Aim(target.column, values, len(target.categories), target.categories)


def _aside(column: Column, evidence_: Evidence, keep: tuple[str, ...]) -> Column:
    """Set a column aside if it gives the target away; warn if it nearly does."""
    if not evidence_.said:
        return column
    if not evidence_.sure:
        return with_warning(
            column, f"{evidence_.said}: is it known when the prediction is made?"
        )
    if column.column in keep:
        return with_warning(column, f"LEAK, kept as you asked: {evidence_.said}")
    return replace(
        column,
        declared="",
        why=f"LEAK: {evidence_.said}",
        warning=f"set aside; if it is known when the prediction is made, "
        f"KEEP={column.column} keeps it",
    )


def _without_parts(
    columns: list[Column],
    read: dict[str, pd.Series],
    aim: Aim,
    keep: tuple[str, ...],
) -> list[Column]:
    """Set aside columns whose sum or difference is the target."""
    values = {
        c.column: numeric_values(c, read[c.column])[0]
        for c in columns
        if c.declared and c.reading.kind in ("number", "date-time")
    }
    formula = formulas.find(values, aim.values)
    if formula is None:
        return columns
    others = [c for c in columns if c.declared and c.column not in formula.columns]
    said = Evidence(f"'{aim.column}' is {formula.said}", bool(others))
    return [
        _aside(c, said if c.column in formula.columns else NOTHING, keep)
        for c in columns
    ]


def _order_warning(column: Column, read: pd.Series, aim: Aim) -> str:
    """Return a warning if an identifier predicts the target, or ""."""
    if column.kind != "identifier" or column.declared or len(read) < 10 * ENOUGH:
        return ""
    values, listed = numeric_values(column, read)
    if listed:
        values = read.rank(method="dense").to_numpy(dtype=np.float64, na_value=np.nan)
    score, _ = score_alone(values, aim.values, aim.classes, False)
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
    share, few = again.mean(), int((~again).sum())
    kept = "equal rows stay in one part of the split: none is both learnt and tested"
    if len(rows) > RECUR * few or few < FEWEST:
        kept = f"{few:,} combinations recur, and the target varies: they may be split"
    warnings = [
        f"{again.sum():,} rows ({share:.1%}) have the features of another row: {kept}"
    ]
    different = answer.groupby(rows.to_numpy()).transform("nunique") > 1
    if different.any():
        warnings.append(
            f"{different.mean():.1%} of the rows have equal features and different "
            "targets: no model can be right on all of them"
        )
    return warnings
