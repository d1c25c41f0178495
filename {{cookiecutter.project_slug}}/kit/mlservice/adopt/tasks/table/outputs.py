"""How a table is adopted where each row is one example."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ..config import PARAMS
from ..schema import COLUMNS
from . import knobs, pages, params_text, sample_code, schema_code
from .examples import kept, plan_for
from .plan import Plan
from .record import RECORD

__all__ = ["plan_for", "texts"]

PACKAGE = Path("src") / __name__.partition(".")[0]


def texts(plan: Plan, frame: pd.DataFrame) -> dict[Path, str]:
    """Return the text of every file that adopting writes, by its path."""
    params = params_text.write(plan, knobs.choose(frame, plan))
    params += kept(PARAMS.read_text(encoding="utf-8"))
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
