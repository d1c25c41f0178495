"""How a table of texts is adopted."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..config import PARAMS
from . import baseline_query, examples, pages, strength, telling, text_code
from .markdown import restated
from .plan import Column, Plan, Wishes
from .sources import Source
from .text_columns import beside, fitted, text_in, text_of

PACKAGE = Path("src") / __name__.partition(".")[0]


def plan_for(source: Source, frame: pd.DataFrame, wishes: Wishes) -> Plan:
    """Find out which column is the text, and what stands beside it.

    `frame` are sampled rows, as text. Raise UserError where there is no text, or no
    class to predict from it.
    """
    return examples.plan_for(source, frame, wishes, _beside_text)


def _beside_text(
    others: list[Column], frame: pd.DataFrame, keep: examples.Keep
) -> tuple[list[Column], examples.Keep]:
    """See the other columns as what stands beside the text, which is always kept.

    A text may tell its class: that is the task.
    """
    text = text_of(others, frame, keep)
    return [beside(one, text, keep) for one in others], (*keep, text.column)


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path.

    Run in the project's folder: documents are read there, and what people wrote outside
    of the passages that adopt knows stays.
    """
    plan = fitted(plan)
    text, target = text_in(plan), plan.target
    told = telling.find(frame, text, target)
    params = text_code.params(plan, strength.choose(frame, text, target))
    params += examples.kept(PARAMS.read_text(encoding="utf-8"))
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
