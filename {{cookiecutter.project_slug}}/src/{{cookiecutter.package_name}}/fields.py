"""The kinds of feature that a row can declare, and the facts that follow from them.

`schema.py` declares the row with the functions below. Checking, encoding, the request
model and the documentation all read `Feature`s: nothing else lists the columns.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
MAX_TEXT = (
    200  # characters of a category's name; a longer one is a mistake or an attack
)


Kind = Literal["number", "flag", "category"]


class Row(BaseModel):
    """One row of features. Strict: `"12.5"` is no number, and `false` is no integer."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False
    )


@dataclass(frozen=True)
class Feature:
    """What one column holds."""

    name: str  # the attribute of the row
    column: str  # the name in files and requests
    kind: Kind
    meaning: str
    unit: str
    low: float | None
    high: float | None
    whole: bool  # only whole numbers
    categories: tuple[str, ...]
    nullable: bool
    example: Any


@dataclass(frozen=True)
class Target:
    """The column that is predicted; of two classes the last is the positive one."""

    column: str
    classes: tuple[str, ...]
    meaning: str


def number(
    meaning: str,
    low: float,
    high: float,
    *,
    unit: str,
    example: float,
    column: str = "",
) -> Any:
    """Declare a number within [low, high]."""
    return Field(
        alias=column or None,
        ge=low,
        le=high,
        description=meaning,
        examples=[example],
        json_schema_extra={"x-kind": "number", "x-unit": unit},
    )


def flag(meaning: str, *, example: bool, column: str = "") -> Any:
    """Declare a yes/no answer."""
    return Field(
        alias=column or None,
        description=meaning,
        examples=[example],
        json_schema_extra={"x-kind": "flag"},
    )


def category(meaning: str, *categories: str, example: str, column: str = "") -> Any:
    """Declare a category; one that nobody listed may be sent and encodes as zeros."""
    return Field(
        alias=column or None,
        max_length=MAX_TEXT,
        description=meaning,
        examples=[example],
        json_schema_extra={"x-kind": "category", "x-categories": list(categories)},
    )


def features_of(row: type[Row]) -> tuple[Feature, ...]:
    """Read the features from a row's declaration, in its order."""
    return tuple(_feature(name, info) for name, info in row.model_fields.items())


def _feature(name: str, info: FieldInfo) -> Feature:
    extra = info.json_schema_extra
    assert isinstance(extra, dict), f"declare {name} with number, flag or category"
    types = getattr(info.annotation, "__args__", (info.annotation,))
    bounds = {
        key: getattr(mark, key)
        for mark in info.metadata
        for key in ("ge", "le")
        if hasattr(mark, key)
    }
    return Feature(
        name=name,
        column=info.alias or name,
        kind=cast(Kind, extra["x-kind"]),
        meaning=info.description or "",
        unit=str(extra.get("x-unit", "")),
        low=bounds.get("ge"),
        high=bounds.get("le"),
        whole=int in types,
        categories=tuple(cast(list[str], extra.get("x-categories", []))),
        nullable=type(None) in types,
        example=(info.examples or [None])[0],
    )


def parse(feature: Feature, text: str | None) -> Any:
    """Read a value from a text file; what does not fit is returned for the check."""
    if not text:
        return None
    if feature.kind == "flag":
        return FLAGS.get(text.lower(), text)
    if feature.kind == "category":
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if feature.whole and value.is_integer() else value  # "3.0" is 3


def fingerprint(features: tuple[Feature, ...], target: Target) -> str:
    """Hash all that the encoding depends on: a model fits exactly one of these."""
    facts = [(f.column, f.kind, f.categories) for f in features]
    text = json.dumps([facts, target.column, target.classes], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def described(features: tuple[Feature, ...]) -> list[dict[str, Any]]:
    """Describe the features as plain data, for `GET /model`."""
    return [asdict(feature) for feature in features]
