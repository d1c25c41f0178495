"""Integers of a row, which may be written as 3.0: JSON has one type of numbers."""

from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

EXACT = 2**53  # from here on a float cannot tell two neighbouring integers apart
DECLARED = "declared"  # key of the integer's own schema, which the JSON schema shows


class WholeNumbers:
    """Annotation of a field: 3.0 is the integer 3; "3", true and 3.5 are refused.

    It holds for an integer, also one that may be None, and for the integers of a list.
    No Python function runs during validation.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the field's schema with floats accepted for its integers."""
        found: CoreSchema = _replaced(handler(source), "int", _accepting_floats)
        return found

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON schema of the integers, as they are declared."""
        return handler(_replaced(schema, "chain", _as_declared))


def _replaced(schema: Any, kind: str, change: Callable[[Any], Any]) -> Any:
    """Change the schema of a kind, also inside those of None, lists and functions."""
    if schema["type"] == kind:
        return change(schema)
    for inner in ("schema", "items_schema"):
        if inner in schema:
            return {**schema, inner: _replaced(schema[inner], kind, change)}
    return schema


def _accepting_floats(integer: dict[str, Any]) -> CoreSchema:
    """Return the schema of a number without a fraction, as an integer.

    Limits that a float holds exactly are checked on the float: integers take longer.
    """
    limits = {key: integer[key] for key in ("ge", "le") if key in integer}
    if len(limits) < 2 or max(map(abs, limits.values())) >= EXACT:
        limits = {}
    number: CoreSchema = core_schema.float_schema(strict=True, **limits)
    if not limits:
        exact = core_schema.int_schema(strict=True)
        number = core_schema.union_schema(
            [exact, number], custom_error_type="float_type"
        )
    others = {key: fact for key, fact in integer.items() if key not in limits}
    last: Any = {**others, "strict": False}
    return core_schema.chain_schema([number, last], metadata={DECLARED: integer})


def _as_declared(chain: dict[str, Any]) -> Any:
    return chain.get("metadata", {}).get(DECLARED, chain)
