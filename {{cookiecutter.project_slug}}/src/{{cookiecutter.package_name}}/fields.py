"""The kinds of value that schema.py can declare.

`schema.py` declares `Record` (a row of the file) and `Instance` (what a request holds)
with the functions below; `columns.py` reads the facts from these declarations.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MAX_TEXT = (
    200  # characters of a category's name; a longer one is a mistake or an attack
)


def _day(given: Any) -> Any:
    """Read `2026-01-31`; a number is no day, though pydantic would count seconds."""
    try:
        found = date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:  # its own sentence would send the input back
        raise ValueError("write a day like 2026-01-31") from None
    if isinstance(found, date) and not 1900 <= found.year < 2200:
        raise ValueError("write a day of the years 1900 to 2199")
    return found


Day = Annotated[date, BeforeValidator(_day)]


class Row(BaseModel):
    """One row of values. Strict: `"12.5"` is no number, and `false` is no integer."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False
    )


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
    facts = {"x-kind": "number", "x-unit": unit}
    return _field(meaning, example, column, facts, ge=low, le=high)


def flag(meaning: str, *, example: bool, column: str = "") -> Any:
    """Declare a yes/no answer."""
    return _field(meaning, example, column, {"x-kind": "flag"})


def category(meaning: str, *categories: str, example: str, column: str = "") -> Any:
    """Declare a category; one that nobody listed may be sent and encodes as zeros."""
    facts = {"x-kind": "category", "x-categories": list(categories)}
    return _field(meaning, example, column, facts, max_length=MAX_TEXT)


def name(meaning: str, *, example: str, column: str = "") -> Any:
    """Declare a name: told back to people, never a feature of the model."""
    limits = {"min_length": 1, "max_length": MAX_TEXT}
    return _field(meaning, example, column, {"x-kind": "name"}, **limits)


def day(meaning: str, *, example: str, column: str = "") -> Any:
    """Declare a calendar day, written as in ISO 8601; annotate it with `Day`."""
    return _field(meaning, example, column, {"x-kind": "day"})


def series(
    meaning: str,
    shortest: int,
    longest: int,
    *,
    unit: str,
    example: Any,
    column: str = "",
) -> Any:
    """Declare a list of one number a day; the items' annotation bears their bounds."""
    limits = {"min_length": shortest, "max_length": longest}
    facts = {"x-kind": "series", "x-unit": unit}
    return _field(meaning, example, column, facts, **limits)


def coded(meaning: str, *, example: str, column: str = "") -> Any:
    """Declare a value whose annotation holds a Coding; it is never missing."""
    return _field(meaning, example, column, {"x-kind": "coded"})


def _field(
    meaning: str, example: Any, column: str, facts: dict[str, Any], **limits: Any
) -> Any:
    return Field(
        alias=column or None,
        description=meaning,
        examples=[example],
        json_schema_extra=facts,
        **limits,
    )
