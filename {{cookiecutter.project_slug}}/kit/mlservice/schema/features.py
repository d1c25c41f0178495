"""What each column holds: the facts that follow from a declaration in schema.py.

Checking, encoding, the request model and the documentation all read these `Feature`s:
nothing else lists the columns.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast, get_args

from pydantic.fields import FieldInfo

from mlservice.schema.declare import Row
from mlservice.schema.encoder import Encoder

FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True)
class Feature:
    """What one column holds; of two categories of a target the last is positive."""

    name: str  # the attribute of the row
    column: str  # the name in files and requests
    kind: str  # a function of fields.py
    meaning: str
    unit: str
    low: float | None
    high: float | None
    whole: bool  # only whole numbers
    categories: tuple[str, ...]
    nullable: bool
    example: Any
    encoder: Encoder | None = None
    ordered: bool = False  # the categories, from the lowest

    @property
    def empty(self) -> str | None:
        """What an empty field of a file is: missing, or a text where one must be."""
        return "" if self.encoder and not self.nullable else None

    def wording(self) -> str:
        """Say in words which values are allowed."""
        if self.encoder:
            return self.encoder.form
        whole = "whole " if self.whole else ""
        between = " < " if self.ordered else ", "
        return {
            "number": f"a {whole}number in {self.low} … {self.high}",
            "series": f"a list of numbers in {self.low} … {self.high}",
            "flag": "true or false",
            "category": f"one of {between.join(self.categories)}",
            "name": "a name",
            "day": "a day like 2026-01-31",
        }[self.kind]


def features_of(row: type[Row]) -> tuple[Feature, ...]:
    """Read the features from a row's declaration, in its order."""
    return tuple(_feature(name, info) for name, info in row.model_fields.items())


def target_of(record: type[Row]) -> Feature:
    """Return the column that is predicted: the last one of the file."""
    return features_of(record)[-1]


def _feature(name: str, info: FieldInfo) -> Feature:
    extra = info.json_schema_extra
    assert isinstance(extra, dict), f"declare {name} with a function of fields.py"
    types = _types(info.annotation)
    marks = info.metadata + [  # beside None, a coding stands in its own annotation
        mark for each in types for mark in getattr(each, "__metadata__", ())
    ]
    if extra["x-kind"] == "series":  # bounds and type are those of its items
        item, field = get_args(get_args(info.annotation)[0])
        marks, types = field.metadata, _types(item)
    bounds = {
        key: getattr(mark, key)
        for mark in marks
        for key in ("ge", "le")
        if hasattr(mark, key)
    }
    return Feature(
        name=name,
        column=info.alias or name,
        kind=str(extra["x-kind"]),
        meaning=info.description or "",
        unit=str(extra.get("x-unit", "")),
        low=bounds.get("ge"),
        high=bounds.get("le"),
        whole=int in types,
        categories=tuple(cast(list[str], extra.get("x-categories", []))),
        nullable=type(None) in types,
        example=(info.examples or [None])[0],
        encoder=next((mark for mark in marks if isinstance(mark, Encoder)), None),
        ordered=bool(extra.get("x-ordered")),
    )


def _types(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def parse(feature: Feature, text: str | None) -> Any:
    """Read a value from a text file; what does not fit is returned for the check."""
    if not text:
        return feature.empty
    if feature.encoder:
        return text
    if feature.kind == "flag":
        return FLAGS.get(text.lower(), text)
    if feature.kind != "number":
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if feature.whole and value.is_integer() else value  # "3.0" is 3


def fingerprint(*features: Feature, derived: Sequence[str] = ()) -> str:
    """Hash what encoding and target depend on: a model fits exactly one of these.

    The names of derived features count where there are any.
    """
    encoders = [
        (f.encoder.width, f.encoder.form) if f.encoder else () for f in features
    ]
    facts: list[Any] = [
        (f.column, f.kind, f.categories, f.ordered, encoder)
        for f, encoder in zip(features, encoders, strict=True)
    ]
    facts += derived
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def described(features: tuple[Feature, ...]) -> list[dict[str, Any]]:
    """Describe the features as plain data, for `GET /model`."""
    return [
        {name: fact for name, fact in asdict(feature).items() if name != "encoder"}
        for feature in features
    ]
