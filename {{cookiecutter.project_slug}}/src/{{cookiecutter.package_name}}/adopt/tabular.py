"""What adopting means where a row is one example: classification and regression."""

from pathlib import Path

import pandas as pd

from ..config import PARAMS
from ..errors import UserError
from . import kinds, knobs, leaks, names, pages, params_text, sample_code, schema_code
from . import target as targets
from .plan import Column, Plan, Wishes
from .sources import Source

FEWEST = 100  # rows, below which a split leaves too few to judge by
PACKAGE = Path("src") / __package__.partition(".")[0]


def plan_for(source: Source, frame: pd.DataFrame, wishes: Wishes) -> Plan:
    """Find out what the table holds; `frame` are sampled rows, as text.

    Raise UserError where the target is not there, or nothing can be predicted from it.
    """
    wanted(frame, wishes.target, "TARGET")
    columns = kinds.columns_of(frame, wishes)
    given = next(one for one in columns if one.column == wishes.target)
    problem, target = targets.fit(given, frame)
    others = [one for one in columns if one.column != wishes.target]
    found, warnings = leaks.find(frame, others, target)
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
        raise UserError(f"no column is left to predict {wishes.target} from: {_whys(found)}")
    return plan


def wanted(frame: pd.DataFrame, column: str, word: str) -> None:
    """Raise UserError with the nearest names where the table has no such column."""
    if column not in frame.columns:
        nearest = names.nearest(column, list(frame.columns))
        raise UserError(f"{word}={column}: the data have no such column{nearest}")


def _whys(columns: list[Column]) -> str:
    return "; ".join(f"{one.column}: {one.why}" for one in columns[:5])


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path."""
    chosen = knobs.choose(frame, plan)
    return {
        PACKAGE / "schema.py": schema_code.write(plan),
        PACKAGE / "sample.py": sample_code.write(plan),
        PARAMS: params_text.write(plan, chosen),
        **pages.texts(plan),
    }
