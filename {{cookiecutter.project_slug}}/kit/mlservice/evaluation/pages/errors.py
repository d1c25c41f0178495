"""The test rows that a model misses most, as a table of the report."""

import base64
from typing import Any

import numpy as np

from mlservice.evaluation.errors import errors
from mlservice.evaluation.pages.run import Run

SHOWN = 12  # rows
COLUMNS = 8  # of the features, at most
FORMATS = {"error": "+.4g", "probability": ".3f"}
LONGEST = 160  # characters of a value
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LARGEST = 20_000  # characters of a picture in base64


def worst_rows(run: Run[Any, Any]) -> list[dict[str, Any]]:
    """Return the rows with the largest errors: number or class, and features."""
    found = errors(
        run.training.service.target, run.test, run.scores, run.decision
    ).head(SHOWN)
    return [
        {str(name): _error(str(name), value) for name, value in row.items()}
        | _features(run, int(at))
        for at, row in zip(found.index, found.to_dict("records"), strict=True)
    ]


def _error(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:{FORMATS.get(name, '.4g')}}"


def _features(run: Run[Any, Any], at: int) -> dict[str, Any]:
    """Return the values of a row's features, the most important ones first."""
    important = [each["column"] for each in _importance(run)]
    known = [name for name in run.test.rows.columns if not name.startswith("__")]
    features = {feature.column for feature in run.training.service.features}
    order = [name for name in important if name in known]
    order += [name for name in known if name in features and name not in order]
    row = run.test.rows.iloc[at]
    return {name: _value(row[name]) for name in order[:COLUMNS]}


def _importance(run: Run[Any, Any]) -> list[dict[str, Any]]:
    tables = run.facts["details"].items()
    found: list[dict[str, Any]] = next(
        (rows for title, rows in tables if title.startswith("Importance")), []
    )
    return found


def _value(value: Any) -> Any:
    """Return a value as text, or the address of its picture."""
    if isinstance(value, str) and (picture := picture_of(value)):
        return {"picture": picture}
    return shown(value)


def picture_of(text: str) -> str:
    """Return the data URL of a picture in base64; empty for any other text."""
    if not 40 < len(text) <= LARGEST:
        return ""
    try:
        start = base64.b64decode(text, validate=True)[:4]
    except ValueError:
        return ""
    kinds = (kind for magic, kind in PICTURES.items() if start.startswith(magic))
    return next((f"data:{kind};base64,{text}" for kind in kinds), "")


def shown(value: Any) -> str:
    """Return a value of a row as short text."""
    if isinstance(value, float | np.floating):
        return "missing" if np.isnan(value) else f"{value:.4g}"
    text = "missing" if value is None else str(value)
    text = "missing" if text in ("<NA>", "NaT", "nan") else text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
