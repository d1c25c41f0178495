"""Inference of a plan from a table, without a project around it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from mlservice.adopt.columns import total_rows
from mlservice.adopt.plan import ColumnFault, Options, Plan
from mlservice.adopt.sources import Source, frame_source, open_source
from mlservice.adopt.tasks import TASKS
from mlservice.errors import UserError

ROWS = 100_000  # sampled rows; conversion reads them all


def infer_plan(  # pylint: disable=too-many-arguments # keywords, one for each option
    data: pd.DataFrame | Path | str,
    target: str,
    task: str,
    *,
    query: str = "",
    time: str = "",
    group: str = "",
    split: str = "",
    keep: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    read_as: tuple[str, ...] = (),
) -> Plan:
    """Infer what each column of a table holds, and the problem its target poses.

    `data` is a data frame, a file's path or a database's URL (with a `query`). `task`
    is one of TASKS; forecasting needs `time`, the column of days, and takes `group`,
    the column that names the series. Other tasks split by one of these, where `split`
    is not "random". Columns in `keep` stay despite evidence against
    them, those in `drop` are set aside. Cells in `missing`, such as "-999" or
    "income:-999", hold no value; `read_as` overrules kinds, as "plan:number" does. No
    file but `data` is read, none is written.
    Raise UserError where the table cannot be used for the task.
    """
    if task not in TASKS:
        raise UserError(f"there is no task '{task}'; the tasks are {', '.join(TASKS)}")
    if isinstance(data, pd.DataFrame):
        source = frame_source(data)
    else:
        source = open_source(str(data), query)
    options = Options(
        target,
        time=time,
        group=group,
        split=split,
        keep=keep,
        drop=drop,
        missing=missing,
        read_as=read_as,
    )
    return inspect(source, task, options)[0]


def inspect(source: Source, task: str, options: Options) -> tuple[Plan, pd.DataFrame]:
    """Return the plan of a source, and the sampled rows it was made from, as text."""
    rows = source.sample(ROWS)
    totals = total_rows.find(rows, options.target) if options.target in rows else ()
    rows = rows[~total_rows.mask(rows, totals)].reset_index(drop=True)
    held = [
        ColumnFault(column, f"holds {what}, no single value in a cell")
        for column, what in source.unreadable.items()
    ]
    options = replace(
        options,
        faults=(*held, *options.faults),
        units=tuple(source.units.items()),
    )
    plan = _with_cuts(TASKS[task].plan_for(source, rows, options), rows)
    said = filter(None, (*source.notes, total_rows.said(totals)))
    return replace(plan, totals=totals, warnings=(*plan.warnings, *said)), rows


def _with_cuts(plan: Plan, rows: pd.DataFrame) -> Plan:
    """Return the plan with a warning for each column whose longest texts are cut."""
    features = []
    for one in plan.features:
        cut = (
            int((rows[one.column].str.len() > one.longest).sum()) if one.longest else 0
        )
        if cut:
            said = f"{cut:,} texts of more than {one.longest:,} characters are cut"
            said = "; ".join(filter(None, (one.warning, said)))
            one = replace(one, warning=said)
        features.append(one)
    return replace(plan, features=tuple(features))
