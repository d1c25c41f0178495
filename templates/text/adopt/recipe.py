"""How a table of texts is adopted."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..config import PARAMS
from ..errors import UserError
from . import baseline_query, kinds, leaks, pages, strength, task, telling, text_code
from . import target as targets
from .markdown import restated
from .origin import template
from .plan import Plan, Wishes
from .sources import Source
from .text_columns import beside, fitted, text_in, text_of

FEWEST = 30  # rows, below which nothing can be judged
PACKAGE = Path("src") / __name__.partition(".")[0]


def plan_for(source: Source, frame: pd.DataFrame, wishes: Wishes) -> Plan:
    """Find out which column is the text, and what stands beside it.

    `frame` are sampled rows, as text. Raise UserError where there is no text, or no
    class to predict from it.
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
    text = text_of(others, frame, wishes.keep)
    others = [beside(one, text, wishes.keep) for one in others]
    keep = (*wishes.keep, text.column)  # a text may tell its class: that is the task
    found, warnings = leaks.find(frame, others, target, keep)
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


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path.

    Run in the project's folder: documents are read there, and what people wrote outside
    of the passages that adopt knows stays.
    """
    plan = fitted(plan)
    text, target = text_in(plan), plan.target
    told = telling.find(frame, text, target)
    params = text_code.params(plan, strength.choose(frame, text, target))
    knobs: dict[str, Any] = yaml.safe_load(params)
    example = {one.column: one.example for one in plan.features}
    written = {
        PACKAGE / "schema.py": text_code.schema(plan),
        PACKAGE / "keywords.py": text_code.keywords(plan, told),
        PACKAGE / "sample.py": text_code.sample(plan),
        PARAMS: params,
        Path("docs/baseline.sql"): baseline_query.write(
            text.column, target.column, told.keywords, told.otherwise
        ),
        **pages.texts(plan, example, knobs),
    }
    passages = pages.passages(text_code.passages(plan, told, example, knobs))
    for path in pages.DOCUMENTS.values():
        if path in written:
            written[path] = restated(pages.replaced(written[path], passages), knobs)
    return written
