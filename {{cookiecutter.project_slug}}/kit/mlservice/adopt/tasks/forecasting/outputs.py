"""What `make adopt` does otherwise for forecasting than for another task."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..config import PARAMS
from . import markdown, pages, series_schema, series_text
from .plan import Plan
from .series import plan_for

__all__ = ["PROBLEMS", "TASK", "plan_for", "texts"]

TASK = "forecasting"
PROBLEMS: tuple[str, ...] = ("number", "count")  # of Plan.problem
PACKAGE = Path("src") / __name__.partition(".")[0]


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path.

    Run in the project's folder: documents and params.yaml are read there, and what
    people wrote outside of the passages and knobs that adopt knows stays.
    """
    shape = series_schema.shape_of(plan, frame)
    schema = series_schema.schema(plan, shape)
    params = series_text.params(plan, shape, PARAMS.read_text(encoding="utf-8"))
    knobs: dict[str, Any] = yaml.safe_load(params)
    written = {
        PACKAGE / "schema.py": schema,
        PACKAGE / "sample.py": series_text.sample(plan, shape),
        PARAMS: params,
        **series_text.tests(),
    }
    passages = pages.passages(series_text.passages(plan, shape))
    for path in filter(Path.exists, pages.DOCUMENTS.values()):
        text = pages.replaced(path.read_text(encoding="utf-8"), passages)
        written[path] = markdown.restated(text, knobs)
    query = Path("docs/baseline.sql")
    if query.exists():
        old = query.read_text(encoding="utf-8")
        written[query] = series_text.query(plan, old)
    return written
