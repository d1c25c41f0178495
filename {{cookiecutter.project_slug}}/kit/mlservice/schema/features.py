"""Features: the facts about each column, read from the declarations in schema.py.

Checks, encoding, the request model and the documentation all use these `Feature`s: the
columns are listed nowhere else.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, cast, get_args

from pydantic.fields import FieldInfo

from mlservice.schema.declare import Row
from mlservice.schema.encoder import Encoder

BOUNDS = {"ge", "le"}
FLAGS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


@dataclass(frozen=True)
class Feature:
    """Facts about one column; of two categories of a target the last is positive."""

    name: str  # the attribute of the row
    column: str  # the name in files and requests
    kind: str  # the function of declare.py
    meaning: str
    unit: str
    low: float | None
    high: float | None
    whole: bool  # only integers
    categories: tuple[str, ...]
    nullable: bool
    example: Any
    encoder: Encoder | None = None
    ordered: bool = False  # the categories, from the lowest

    @property
    def optional(self) -> bool:
        """Return whether the column may be left out: it is null then."""
        return self.nullable and self.kind != "series"

    @property
    def empty(self) -> str | None:
        """Return the value of an empty field of a file: "" if a text is required."""
        return "" if self.encoder and not self.nullable else None

    def wording(self) -> str:
        """Describe the values that are allowed."""
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
    assert isinstance(
        extra, dict
    ), f"declare {name} with a function of mlservice.schema.declare"
    types, marks = _types_and_marks(info, str(extra["x-kind"]))
    bounds = {
        key: getattr(mark, key) for mark in marks for key in BOUNDS & {*dir(mark)}
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


def _types_and_marks(info: FieldInfo, kind: str) -> tuple[tuple[Any, ...], list[Any]]:
    """Return the types of a value, or of a series' items, and their annotations."""
    if kind == "series":
        item, field = get_args(get_args(info.annotation)[0])
        return _types(item), field.metadata
    types = _types(info.annotation)  # with None, an encoder is nested in them
    nested = (getattr(each, "__metadata__", ()) for each in types)
    return types, [*info.metadata, *chain.from_iterable(nested)]


def _types(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) or (annotation,)


def parse(feature: Feature, text: str | None) -> Any:
    """Parse a value of a text file; return it unchanged if it does not fit."""
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
    """Return the hash of what encoding and target depend on: a model fits one only.

    The names of derived features are included if there are any.
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
