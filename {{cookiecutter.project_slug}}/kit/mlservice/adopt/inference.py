"""Inference of a plan from a table, without a project around it."""

from pathlib import Path

import pandas as pd

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
) -> Plan:
    """Infer what each column of a table holds, and the problem its target poses.

    `data` is a data frame, a file's path or a database's URL (with a `query`). `task`
    is one of TASKS; forecasting needs `time`, the column of days, and takes `group`,
    the column that names the series. Columns in `keep` stay despite evidence against
    them, those in `drop` are set aside. No file but `data` is read, none is written.
    Raise UserError where the table cannot be used for the task.
    """
    if task not in TASKS:
        raise UserError(f"there is no task '{task}'; the tasks are {', '.join(TASKS)}")
    if isinstance(data, pd.DataFrame):
        source = frame_source(data)
    else:
        source = open_source(str(data), query)
    options = Options(target, time=time, group=group, keep=keep, drop=drop)
    return inspect(source, task, options)[0]


def inspect(source: Source, task: str, options: Options) -> tuple[Plan, pd.DataFrame]:
    """Return the plan of a source, and the sampled rows it was made from, as text."""
    rows = source.sample(ROWS)
    return TASKS[task].plan_for(source, rows, options), rows
