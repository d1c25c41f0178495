"""Rules that break a request model; each becomes an attribute of a subclass."""

from pydantic import ValidationError, field_validator, model_validator
from toys import SERVICES

from mlservice.testing.rows import UNLISTED

GOOD = SERVICES["classification"]
NUMBERS = ("months", "charge", "calls")


@field_validator(*NUMBERS, mode="wrap")
def unlimited(value, handler):
    return value if isinstance(value, int) else handler(value)


@field_validator("months", mode="before")
def only_integers(value):
    if isinstance(value, float):
        raise ValueError("write an integer")
    return value


@field_validator("charge")
def never_missing(value):
    if value is None:
        raise ValueError("a value is needed")
    return value


@field_validator("contract")
def only_listed(value):
    if value == UNLISTED:
        raise ValueError("nobody listed that")
    return value


@field_validator("months", mode="wrap")
def echoing(value, handler):
    try:
        return handler(value)
    except ValidationError as error:
        raise ValueError(f"{value} is wrong") from error


@field_validator("months", mode="wrap")
def forgiving(value, handler):
    return 0 if isinstance(value, dict) else handler(value)


@model_validator(mode="before")
@classmethod
def completed(_cls, given):
    return GOOD.example | given


@model_validator(mode="before")
@classmethod
def demanding(_cls, given):
    if "charge" not in given:
        raise ValueError("charge is needed")
    return given


@model_validator(mode="wrap")
@classmethod
def vague(_cls, given, handler):
    try:
        return handler(given)
    except ValidationError as error:
        raise ValueError("something is wrong") from error
