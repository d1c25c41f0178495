"""Inference of a plan where each row of a table is one example."""

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import yaml

from mlservice.adopt.columns import kinds, leaks
from mlservice.adopt.columns import target as targets
from mlservice.adopt.plan import Column, Options, Plan
from mlservice.adopt.sources import Source
from mlservice.errors import UserError

FEWEST = 30  # rows, below which nothing can be evaluated
FEW_ROWS = 200  # below it the test split needs a larger share
SLICES = 2
MOST = 8  # values of a column whose slices are reported

Keep = tuple[str, ...]  # columns that are kept even if they seem to leak
Revise = Callable[[list[Column], pd.DataFrame, Keep], tuple[list[Column], Keep]]


def plan_for(
    problems: tuple[str, ...],
    source: Source,
    frame: pd.DataFrame,
    options: Options,
    revise: Revise = lambda others, _, keep: (others, keep),
) -> Plan:
    """Infer the plan of a table; `frame` holds sampled rows, as text.

    `problems` are those of the task; `revise` may change the columns beside the target,
    and which are kept. Raise UserError where the target is missing, or no column is
    left to predict it from.
    """
    if options.time or options.group:
        raise UserError("TIME and GROUP are for the task forecasting; leave them out")
    columns = kinds.columns_of(frame, options)
    given = next(one for one in columns if one.column == options.target)
    others = [one for one in columns if one.column != options.target]
    problem, target = targets.fit(given, frame, problems, options.template)
    if len(frame) < FEWEST:
        raise UserError(
            f"{source.name} has {len(frame)} rows; {FEWEST} are the least to judge by"
        )
    others, keep = revise(others, frame, options.keep)
    found, warnings = leaks.find(frame, others, target, keep)
    if not any(one.declared for one in found):
        raise UserError(
            f"no column is left to predict '{options.target}' from: {_reasons(found)}; "
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


def _reasons(columns: list[Column]) -> str:
    reasons = [f"{one.column}: {one.why}" for one in columns[:5]]
    return "; ".join(reasons) or "the target is the only one"


def test_share(plan: Plan) -> float:
    """Return the share of the test split, which only the gate sees."""
    return 0.3 if plan.rows < FEW_ROWS else 0.2


def slices(plan: Plan) -> str:
    """Choose the columns by which metrics are reported, as a list in YAML."""
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
    """Round a share, so that it says little about the rows it comes from."""
    return max(round(share, 2), 0.01)


def budget(old: str) -> str:
    """Return the section `budget` of params.yaml as it is: no data decide it."""
    found = re.search(r"^budget:.*(\n([ #].*)?)*", old, re.MULTILINE)
    return f"\n{found.group().rstrip()}\n" if found else ""
