"""What is alike wherever each row of a table is one example."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import yaml

from ..errors import UserError
from . import kinds, leaks, task
from . import target as targets
from .origin import template
from .plan import Column, Plan, Wishes
from .sources import Source

FEWEST = 30  # rows, below which nothing can be judged
FEW_ROWS = 200  # below it the test needs a larger share
SLICES = 2
MOST = 8  # values of a column that is worth a slice each

Keep = tuple[str, ...]  # columns that are kept even where they seem to leak
Beside = Callable[[list[Column], pd.DataFrame, Keep], tuple[list[Column], Keep]]


def plan_for(
    source: Source,
    frame: pd.DataFrame,
    wishes: Wishes,
    beside: Beside = lambda others, _, keep: (others, keep),
) -> Plan:
    """Find out what the table holds; `frame` are sampled rows, as text.

    `beside` may see some columns otherwise, and keep some. Raise UserError where the
    target is not there, or nothing can be predicted from it.
    """
    if wishes.time or wishes.group:
        raise UserError("TIME and GROUP are for the task forecasting; leave them out")
    columns = kinds.columns_of(frame, wishes)
    given = next(one for one in columns if one.column == wishes.target)
    others = [one for one in columns if one.column != wishes.target]
    problem, target = targets.fit(given, frame, task.PROBLEMS, template())
    if len(frame) < FEWEST:
        raise UserError(
            f"{source.name} has {len(frame)} rows; {FEWEST} are the least to judge by"
        )
    others, keep = beside(others, frame, wishes.keep)
    found, warnings = leaks.find(frame, others, target, keep)
    if not any(one.declared for one in found):
        raise UserError(
            f"no column is left to predict '{wishes.target}' from: {_whys(found)}; "
            "KEEP= keeps one all the same"
        )
    return Plan(
        source=source.name,
        form=source.form,
        rows=source.rows or len(frame),
        problem=problem,
        target=target,
        features=tuple(one for one in found if one.declared),
        aside=tuple(one for one in found if not one.declared),
        warnings=tuple(warnings),
    )


def _whys(columns: list[Column]) -> str:
    told = [f"{one.column}: {one.why}" for one in columns[:5]]
    return "; ".join(told) or "the target is the only one"


def test_share(plan: Plan) -> float:
    """Return the share of the rows that only the gate sees."""
    return 0.3 if plan.rows < FEW_ROWS else 0.2


def slices(plan: Plan) -> str:
    """Choose the columns by which metrics are worth a look, as a list in YAML."""
    few = [
        column.column
        for column in plan.features
        if column.declared == "flag" or 2 <= len(column.categories) <= MOST
    ]
    text: Any = yaml.safe_dump(
        few[:SLICES], default_flow_style=True, allow_unicode=True, width=1_000_000
    )
    return str(text).strip()


def rounded(share: float) -> float:
    """Round a share so that it tells little of the rows it comes from."""
    return max(round(share, 2), 0.01)


def kept(old: str) -> str:
    """Return what the data have no say in, as it stands: what the service must bear."""
    found = re.search(r"^budget:.*(\n([ #].*)?)*", old, re.MULTILINE)
    return f"\n{found.group().rstrip()}\n" if found else ""
