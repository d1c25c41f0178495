"""Valid instances of any service, as plain data: what checks ask predictions for."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from mlservice.schema.features import Feature
from mlservice.service import Service

Row = dict[str, Any]
UNLISTED = "never listed"  # a category that no schema has
TEXTS = (UNLISTED, "2024-02-29T12:30", "two words", "")  # for values with an encoder
UNKNOWN = "no such column"


def valid_rows(service: Service[Any, Any]) -> list[Row]:
    """Return the example, and every change of one column that the schema allows."""
    changed = [
        service.example | {feature.column: value}
        for feature in service.features
        for value in _values(feature)
    ]
    return [service.example, *(row for row in changed if is_valid(service, row))]


def is_valid(service: Service[Any, Any], row: Any) -> bool:
    """Return whether the request model accepts a row."""
    try:
        service.instance.model_validate_json(to_json(row))
    except ValidationError:
        return False
    return True


def instances_of(service: Service[Any, Any], rows: Sequence[Row]) -> list[Any]:
    """Return the rows as the request model reads them from JSON."""
    return [service.instance.model_validate_json(to_json(row)) for row in rows]


def with_missing_values(service: Service[Any, Any]) -> Row:
    """Return the example without each value that may be missing."""
    return service.example | {
        feature.column: None for feature in service.features if feature.optional
    }


def without(row: Row, *columns: str) -> Row:
    """Return a row without some columns."""
    return {name: value for name, value in row.items() if name not in columns}


def _values(feature: Feature) -> list[Any]:
    kinds = (int, float) if feature.whole else (float,)  # 3.0 is an integer, too
    ends = [each for each in (feature.low, feature.high) if each is not None]
    limits = [kind(each) for kind in kinds for each in ends]
    values: dict[str, Sequence[Any]] = {
        "number": limits,
        "flag": (True, False),
        "category": (*feature.categories, UNLISTED),
        "name": (UNLISTED,),
        "day": ("2024-02-29",),
        "coded": TEXTS,
    }
    return [*values.get(feature.kind, ()), *([None] if feature.nullable else [])]
