"""Choice of the split: by time where rows have one, by what recurs, or at random."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, TimeSeriesSplit

from mlservice.adopt.columns.names import words_of
from mlservice.adopt.columns.readings import apply
from mlservice.adopt.plan import Column, Options, Plan, Split
from mlservice.data import column_split
from mlservice.data.checks import DataError
from mlservice.errors import UserError
from mlservice.params import RowSplit

MOMENTS = 20  # different ones, below which a date orders few rows
ABSENT = 0.05  # share of the rows at most that may have no time, or no group
LARGEST = 0.1  # share of the rows at most that one group holds
ATTRIBUTES = set(  # words of a date that is a property, not the time of the row
    """birth birthday birthdate born dob hire hired joined since founded built expiry
    expires expiration death died until""".split()
)
ENTITIES = set(  # words of a column whose values are persons, or the like of them
    """customer client patient subject user member employee account household hh person
    passenger student participant driver respondent borrower applicant owner guest
    visitor player""".split()
)
TAILS = set("id ids uuid guid no nr num number code key name email".split())
OVERRULED = "SPLIT=random overrules"

Folds = list[tuple[NDArray[np.intp], NDArray[np.intp]]]  # fitted, held-out positions


def choose(
    frame: pd.DataFrame, columns: list[Column], options: Options
) -> tuple[Split, list[str]]:
    """Return the split that was asked for or is proposed, and warnings.

    Time wins over a group, as the service will see later rows, often of known groups.
    Raise UserError for a column by which rows cannot be split.
    """
    if options.time or options.group:
        return _asked(columns, options), []
    if options.split or options.unsplit:
        return Split(why=options.unsplit), [*filter(None, [options.unsplit])]
    failed = {fault.column for fault in options.faults}
    usable = [c for c in columns if c.missing <= ABSENT and c.column not in failed]
    time, group = _time(frame, usable), _group(frame, usable)
    if not time:
        return group or Split(), []
    also = f"rows of one '{group.column}' are in train and test" if group else ""
    offer = f"{also}; for a service of new ones: GROUP={group.column}" if group else ""
    return time, [*filter(None, [offer])]


def _asked(columns: list[Column], options: Options) -> Split:
    if (options.time and options.group) or options.split:
        raise UserError(
            "say one of TIME=, GROUP= and SPLIT=random: rows are split once"
        )
    name = options.time or options.group
    column = next((one for one in columns if one.column == name), None)
    if column is None:
        raise UserError(f"rows cannot be split by the target '{name}'")
    if options.group:
        return Split("group", name, "as you asked", asked=True)
    if column.reading.kind not in ("date-time", "number"):
        raise UserError(f"TIME={name} holds neither dates nor numbers")
    return Split("time", name, "as you asked", asked=True)


def _time(frame: pd.DataFrame, columns: list[Column]) -> Split | None:
    """Propose the only date, unless it is a property such as a birthday."""
    dates = [one for one in columns if one.reading.kind == "date-time"]
    if len(dates) != 1 or ATTRIBUTES & set(words_of(dates[0].column)):
        return None
    count = apply(dates[0].reading, frame[dates[0].column]).nunique()
    if count < MOMENTS:
        return None
    why = (
        f"the only date, of {count:,} different ones: a random split would learn from "
        f"rows later than those it is judged by; {OVERRULED}"
    )
    return Split("time", dates[0].column, why)


def _group(frame: pd.DataFrame, columns: list[Column]) -> Split | None:
    """Propose the key of persons, or the like, most of whom have several rows."""
    found = []
    for one in columns:
        amount = one.declared == "number" and words_of(one.column) != ["id"]
        if amount or not _names_persons(one.column):
            continue
        counts = apply(one.reading, frame[one.column]).value_counts()
        recurs = len(counts) >= column_split.FEWEST_GROUPS and counts.median() >= 2
        if recurs and counts.iloc[0] <= LARGEST * len(frame):
            why = (
                f"{counts.sum() / len(counts):.1f} rows of each: a random split would "
                f"judge by those that were learnt; {OVERRULED}"
            )
            found.append((len(counts), one.column, why))
    return Split("group", *min(found)[1:]) if found else None


def _names_persons(column: str) -> bool:
    """Return True for `customer_id`, `patient` or `id`, but not for `store_id`."""
    words = words_of(column)
    last = words[-1:]
    named = ENTITIES.intersection(words if TAILS.intersection(last) else last)
    return words == ["id"] or bool(named)


def without_group(
    columns: list[Column], split: Split, keep: tuple[str, ...]
) -> list[Column]:
    """Set the group of a split aside: test rows are of groups that nobody has seen."""
    if split.kind != "group" or split.column in keep:
        return columns
    why = "names the groups of the split: others are judged"
    aside: dict[str, Any] = {"declared": "", "why": why, "warning": ""}
    return [
        replace(one, **aside) if one.column == split.column else one for one in columns
    ]


def unsplit(split: Split, error: UserError) -> str:
    """Return the sentence that a split failed, so that another is taken."""
    return f"split at random, not by {split.kind} of '{split.column}': {error}"


def check(plan: Plan, frame: pd.DataFrame, test_share: float, judged: int) -> None:
    """Raise UserError where the plan's split of sampled rows has too few of a class.

    Of two classes, the gate needs `judged` test rows of each.
    """
    if plan.split.kind == "random":
        return
    column = _column(plan)
    if column.why.startswith("LEAK") and not plan.split.asked:
        raise DataError("it gives the target away")
    names = plan.target.categories
    answer = apply(plan.target.reading, frame[plan.target.column])
    known = (answer.isin(names) if names else answer.notna()).to_numpy(bool)
    codes = pd.Categorical(answer[known], names).codes.astype(np.int64)
    classes = codes if names else np.zeros(int(known.sum()), dtype=np.int64)
    params = RowSplit(
        seed=7,
        validation_share=0.2,
        test_share=test_share,
        split=plan.split.kind,
        column=plan.split.column,
    )
    values = apply(column.reading, frame[column.column])[known].reset_index(drop=True)
    if plan.split.kind == "time":
        parts = column_split.by_time(values, params)
    else:
        groups = column_split.numbered(values, np.arange(len(values)))
        parts = column_split.by_group(groups, classes, params)
    least = judged if plan.problem == "two classes" else 1
    column_split.refuse_absent(parts, classes, names, params, (5, 1, least))


def folds(plan: Plan, frame: pd.DataFrame, target: NDArray[Any], usual: Any) -> Folds:
    """Return fitted and held-out positions of rows, split as the plan's splits are.

    Where a class would be absent from one of them, the folds are the `usual` ones.
    """
    if plan.split.kind == "random":
        return list(usual.split(target, target))
    cells = apply(_column(plan).reading, frame[plan.split.column])
    cells = cells.reset_index(drop=True)
    if plan.split.kind == "time":
        ranks = column_split.moments(cells, plan.split.column).rank().fillna(0)
        order = ranks.to_numpy().argsort(kind="stable")
        found = [(order[a], order[b]) for a, b in TimeSeriesSplit(3).split(order)]
    else:
        groups = column_split.numbered(cells, np.arange(len(cells)))
        cv = GroupKFold(3, shuffle=True, random_state=0)
        found = list(cv.split(target, target, groups))
    every = len(np.unique(target)) if plan.target.categories else 0
    if all(len(np.unique(target[part])) >= every for pair in found for part in pair):
        return found
    return list(usual.split(target, target))


def _column(plan: Plan) -> Column:
    named = (*plan.features, *plan.aside)
    return next(one for one in named if one.column == plan.split.column)
