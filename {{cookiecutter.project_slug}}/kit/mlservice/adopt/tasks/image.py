"""Pictures lie in folders: there is no table to adopt."""

from pathlib import Path

import pandas as pd

from ..errors import UserError
from . import task
from .plan import Plan, Wishes
from .sources import Source


def plan_for(_source: Source, _frame: pd.DataFrame, _wishes: Wishes) -> Plan:
    """Say how this task's data come in."""
    raise UserError(task.REFUSAL)


def texts(_plan: Plan, _frame: pd.DataFrame) -> dict[Path, str]:
    """Never reached: there is no plan."""
    raise UserError(task.REFUSAL)
