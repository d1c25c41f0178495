"""How a table is adopted where each row is one example."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..config import PARAMS
from ..errors import UserError
from ..schema import COLUMNS
from . import kinds, knobs, leaks, pages, params_text, sample_code, schema_code, task
from . import target as targets
from .origin import template
from .plan import Column, Plan, Wishes
from .record import RECORD
from .sources import Source

FEWEST = 30  # rows, below which nothing can be judged
PACKAGE = Path("src") / __name__.partition(".")[0]


def plan_for(source: Source, frame: pd.DataFrame, wishes: Wishes) -> Plan:
    """Find out what the table holds; `frame` are sampled rows, as text.

    Raise UserError where the target is not there, or nothing can be predicted from it.
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
    found, warnings = leaks.find(frame, others, target, wishes.keep)
    plan = Plan(
        source=source.name,
        form=source.form,
        rows=source.rows or len(frame),
        problem=problem,
        target=target,
        features=tuple(one for one in found if one.declared),
        aside=tuple(one for one in found if not one.declared),
        warnings=tuple(warnings),
    )
    if not plan.features:
        raise UserError(
            f"no column is left to predict '{wishes.target}' from: {_whys(found)}; "
            "KEEP= keeps one all the same"
        )
    return plan


def _whys(columns: list[Column]) -> str:
    told = [f"{one.column}: {one.why}" for one in columns[:5]]
    return "; ".join(told) or "the target is the only one"


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path."""
    params = params_text.write(plan, knobs.choose(frame, plan))
    stages: dict[str, Any] = yaml.safe_load(params)
    example = {one.column: one.example for one in plan.features}
    return {
        PACKAGE / "schema.py": schema_code.write(plan, _told()),
        PACKAGE / "sample.py": sample_code.write(plan),
        PARAMS: params,
        **pages.texts(plan, example, stages),
    }


def _told() -> schema_code.Told:
    """Return what people wrote about their columns since the last time."""
    if not RECORD.exists():  # the columns of today are the sample's
        return {}
    asked = schema_code.ASK
    return {f.column: (f.meaning, f.unit) for f in COLUMNS if asked not in f.meaning}
