"""Inference of a plan from a table, without a project around it."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from mlservice.adopt.columns import total_rows
from mlservice.adopt.plan import Options, Plan
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
    keep: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    read_as: tuple[str, ...] = (),
) -> Plan:
    """Infer what each column of a table holds, and the problem its target poses.

    `data` is a data frame, a file's path or a database's URL (with a `query`). `task`
    is one of TASKS; forecasting needs `time`, the column of days, and takes `group`,
    the column that names the series. Columns in `keep` stay despite evidence against
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
    plan = TASKS[task].plan_for(source, rows, options)
    if totals:
        warnings = (*plan.warnings, total_rows.said(totals))
        plan = replace(plan, totals=totals, warnings=warnings)
    return plan, rows
