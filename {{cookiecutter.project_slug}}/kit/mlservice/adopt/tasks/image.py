"""The image task, whose pictures are in folders: there is no table to adopt."""

from pathlib import Path

import pandas as pd

from mlservice.adopt.plan import Options, Plan
from mlservice.adopt.project import Project
from mlservice.adopt.sources import Source
from mlservice.adopt.tasks.task import Task
from mlservice.errors import UserError

REFUSAL = (
    "pictures are not in a table: put each into a folder named after its class and run "
    "`python -m {}.pack FOLDER`"
)


def plan_for(_source: Source, _frame: pd.DataFrame, options: Options) -> Plan:
    """Raise UserError with the command that reads pictures."""
    raise UserError(REFUSAL.format(options.package))


def texts(_plan: Plan, _frame: pd.DataFrame, project: Project) -> dict[Path, str]:
    """Raise UserError with the command that reads pictures: there is no plan."""
    raise UserError(REFUSAL.format(project.package))


IMAGE = Task(plan_for=plan_for, texts=texts)
