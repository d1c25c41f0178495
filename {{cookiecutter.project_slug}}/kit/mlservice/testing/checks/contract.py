"""Checks of the contract: the schema, its limits, and its hash."""

import pickle
from dataclasses import replace
from typing import Any

from pydantic import create_model

from mlservice.schema.declare import Row
from mlservice.schema.features import Feature
from mlservice.service import Service
from mlservice.testing.rows import (
    UNLISTED,
    instances_of,
    is_valid,
    with_missing_values,
    without,
)

BEYOND = 1_000_000_007  # a limit


def check_example_is_valid(service: Service[Any, Any]) -> None:
    """Check that the example of schema.py has every column, and is an instance."""
    assert list(service.example) == [feature.column for feature in service.features]
    assert is_valid(service, service.example)


def check_columns_are_described(service: Service[Any, Any]) -> None:
    """Check that every column has a meaning; limits are in order; categories differ."""
    for feature in (*service.features, *service.columns):
        assert feature.meaning, f"{feature.column} has no meaning"
        categories = feature.categories
        assert len(set(categories)) == len(categories), feature.column
        if feature.low is not None and feature.high is not None:
            assert feature.low < feature.high, feature.column


def check_target_is_not_sent(service: Service[Any, Any]) -> None:
    """Check that no request holds the target; a forecast's history holds its past."""
    sent = {feature.column: feature for feature in service.features}
    found = sent.get(service.target.column)
    assert found is None or found.kind == "series", service.target.column


def check_wrong_type_is_invalid(service: Service[Any, Any]) -> None:
    """Check that a value of another type is refused, even a number sent as text."""
    for feature in service.features:
        for value in (_wrong_type(feature), {"a": 1}, *_booleans(feature)):
            row = service.example | {feature.column: value}
            assert not is_valid(service, row), f"{feature.column} accepts {value!r}"


def check_integers_may_be_written_as_floats(service: Service[Any, Any]) -> None:
    """Check that 3.0 is accepted as the integer 3, and that 3.5 is refused."""
    for feature in service.features:
        if feature.kind == "number" and feature.whole:
            number = float(feature.example)
            row = service.example | {feature.column: number}
            assert is_valid(service, row), f"{feature.column} refuses {number}"
            (instance,) = instances_of(service, [row])
            assert isinstance(getattr(instance, feature.name), int), feature.column
            row = service.example | {feature.column: number + 0.5}
            assert not is_valid(service, row), f"{feature.column} accepts a fraction"


def check_limits_are_enforced(service: Service[Any, Any]) -> None:
    """Check that a number outside its limits is refused."""
    for feature in service.features:
        if feature.kind != "number":
            continue
        number = int if feature.whole else float
        for limit, beyond in ((feature.low, -BEYOND), (feature.high, BEYOND)):
            if limit is not None:
                row = service.example | {feature.column: number(limit + beyond)}
                assert not is_valid(service, row), f"{row} is accepted"


def check_missing_values_are_valid_where_declared(service: Service[Any, Any]) -> None:
    """Check that null is accepted where declared, and refused elsewhere."""
    assert is_valid(service, with_missing_values(service))
    for feature in service.features:
        if not feature.optional:
            row = service.example | {feature.column: None}
            assert not is_valid(service, row), f"{feature.column} accepts null"


def check_columns_may_be_left_out_where_declared(service: Service[Any, Any]) -> None:
    """Check that a column that may be null may be left out, and that no other may."""
    for feature in service.features:
        row = without(service.example, feature.column)
        assert is_valid(service, row) is feature.optional, feature.column


def check_unlisted_category_is_valid(service: Service[Any, Any]) -> None:
    """Check that an unlisted category is accepted: new ones occur after training."""
    for feature in service.features:
        if feature.kind == "category":
            row = service.example | {feature.column: UNLISTED}
            assert is_valid(service, row), feature.column


def check_schema_hash_is_stable(service: Service[Any, Any]) -> None:
    """Check that the same schema and encoding have the same hash, in every process."""
    assert replace(service).schema_hash == service.schema_hash
    assert replace(service, name="another").schema_hash == service.schema_hash


def check_schema_hash_is_sensitive(service: Service[Any, Any]) -> None:
    """Check that other columns and other derived features have another hash."""
    first, *others = service.record.model_fields.items()
    fields: Any = {name: (info.annotation, info) for name, info in others}
    fewer = create_model("Fewer", __base__=Row, **fields)
    changed = replace(service, record=fewer, instance=fewer)
    assert changed.schema_hash != service.schema_hash, f"{first[0]} does not count"
    encoding: Any = _Derived(service.encoding)
    assert replace(service, encoding=encoding).schema_hash != service.schema_hash


def check_service_can_be_pickled(service: Service[Any, Any]) -> None:
    """Check that the service can be pickled for worker processes: it has no lambda."""
    try:
        again = pickle.loads(pickle.dumps(service))
    except (pickle.PicklingError, AttributeError) as error:
        raise AssertionError(f"worker processes cannot get it: {error}") from error
    assert again.schema_hash == service.schema_hash


class _Derived:
    """An encoding with one derived feature more; only its names are asked for."""

    def __init__(self, encoding: Any) -> None:
        self.names = [*encoding.names, "one more"]
        self.derived = (*encoding.derived, "one more")


def _wrong_type(feature: Feature) -> Any:
    """Return a value that looks like one of the feature, and is of another type."""
    return {"number": str(feature.example), "flag": "true", "series": "1"}.get(
        feature.kind, 7.5
    )


def _booleans(feature: Feature) -> tuple[bool, ...]:
    """Return what Python takes for the numbers 1 and 0, for a column of numbers."""
    return (True, False) if feature.kind == "number" else ()
