"""Models of HTTP requests, responses and errors, derived from the user's schema."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, NamedTuple

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, FailFast, Field, create_model
from pydantic_core import ValidationError, from_json, to_json

from mlservice.schema.declare import Row
from mlservice.service import Service
from mlservice.serving.explanation_message import Explanation

MAX_FAULTS = 20  # in one response; a person reads the first few
MAX_COUNTED = 50_000  # faults; then the rest of the rows is not validated
MAX_NAME = 100  # characters of a key that is echoed
VERSION = "05d59ada0d14"  # of a model, as an example


class Bounds(NamedTuple):
    """How much a request may hold, ten times and more what its instances need."""

    instances: int
    objects: int  # and as many lists
    strings: int
    keys: int  # of an object
    values: int  # of an object, with those of its lists


class PredictRequest(BaseModel):
    """Rows to predict for."""

    model_config = ConfigDict(strict=True, extra="forbid")

    bounds: ClassVar[Bounds]

    instances: list[Any] = Field(min_length=1)
    explain: bool = Field(False, description="Add an explanation to each prediction")


class PredictResponse(BaseModel):
    """One prediction for each instance, in their order."""

    predictions: list[Any]
    model_version: str = Field(examples=[VERSION])


class Fault(BaseModel):
    """One thing that is wrong with a request; the input itself is never sent back."""

    row: int | None = Field(description="index into instances, from 0")
    column: str | None
    message: str


class Refusal(BaseModel):
    """Why a request was refused."""

    detail: str | list[Fault]


class Reloaded(BaseModel):
    """The model that is served from now on."""

    model_version: str = Field(examples=[VERSION])


REFUSALS = {
    400: "The headers are not valid HTTP/1.1",
    401: "No key that is known; see X-API-Key",
    403: "No admin key is set, so none opens it",
    409: "The new model is refused; the old stays",
    413: "Too many bytes or too many instances",
    415: "The body is declared as something else",
    422: "A field is wrong; names row and column",
    503: "No model is loaded; see Retry-After",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI descriptions of some refusals, by status."""
    return {s: {"model": Refusal, "description": REFUSALS[s]} for s in statuses}


def request_of(service: Service[Any, Any], most: int) -> type[PredictRequest]:
    """Return the request model; validation stops at the first invalid row."""
    rows: Any = list[service.instance]  # type: ignore[name-defined]
    some = Annotated[rows, FailFast(), Field(min_length=1, max_length=most)]
    model = create_model("PredictRequest", __base__=PredictRequest, instances=some)
    example = to_json(service.example)
    objects = example.count(b"{") + example.count(b"[")
    model.bounds = Bounds(
        instances=most,
        objects=4 * objects * most + 100,
        strings=2 * example.count(b'"') * most + 10_000,
        keys=10 * example.count(b":") + 1_000,
        values=10 * example.count(b",") + 10_000,
    )
    return model


def response_of(
    service: Service[Any, Any], *, explain: bool = False
) -> type[PredictResponse]:
    """Return the response model with the prediction type of a service.

    With `explain`, predictions may have an explanation.
    """
    base, one = PredictResponse, service.prediction
    if explain:
        shown = Field(None, description='if the request has `"explain": true`')
        one = create_model(
            one.__name__,
            __base__=one,
            __doc__=one.__doc__,
            explanation=(Explanation | None, shown),
        )
    several = list[one]
    doc = base.__doc__
    return create_model(base.__name__, __base__=base, __doc__=doc, predictions=several)


def request_body(
    service: Service[Any, Any], request: type[PredictRequest], *, explain: bool = False
) -> dict[str, Any]:
    """Describe the body of `POST /predict`, in each media type, for OpenAPI."""
    schema = request.model_json_schema()
    del schema["$defs"]
    if not explain:  # it would be refused
        del schema["properties"]["explain"]
    schema["properties"]["instances"]["items"] = service.instance.model_json_schema()
    content = {"schema": schema, "example": {"instances": [service.example]}}
    others = {kind: body.openapi for kind, body in service.bodies.items()}
    return {"required": True, "content": {"application/json": content, **others}}


def too_many(most: int) -> HTTPException:
    """Return the 413 for more instances than `most`."""
    return HTTPException(413, f"send {most} instances at most in one request")


def describe_faults(
    instance: type[Row], error: ValidationError, rows: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Return row, column and message of the first faults, without the input.

    `error` is of the first invalid row; those of `rows` that follow are validated here.
    The last entry says how many faults there are, if not all are shown.
    """
    found, total = _faults(error), error.error_count()
    first = found[0]["row"]
    for number, row in enumerate(rows):
        if first is None or number <= first or total >= MAX_COUNTED:
            continue
        try:
            instance.model_validate_json(to_json(row))
        except ValidationError as other:
            total += other.error_count()
            found += _faults(other, number)[: MAX_FAULTS - len(found)]
    if total > MAX_FAULTS:
        count = f"{total:,}" if total < MAX_COUNTED else f"{MAX_COUNTED:,} or more"
        found.append(fault(f"{count} faults; the first {MAX_FAULTS} are shown"))
    return found


def rows_of(body: bytes) -> list[Any]:
    """Return the instances of a body in JSON as plain data; none if it has none."""
    try:
        found = from_json(body)["instances"]
    except (ValueError, TypeError, KeyError):
        return []
    return found if isinstance(found, list) else []


def fault(
    message: str, row: int | None = None, column: str | None = None
) -> dict[str, Any]:
    """Return one entry of a refusal's details."""
    return {"row": row, "column": column, "message": message}


def _faults(error: ValidationError, row: int | None = None) -> list[dict[str, Any]]:
    """Return the faults of a request, or of one row of it."""
    found = []
    place: tuple[Any, ...] = () if row is None else ("instances", row)
    for each in error.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
        loc: tuple[Any, ...] = (*place, *each["loc"], None, None)
        name, number, *path = loc
        column = ".".join(str(part) for part in path if part is not None)[:MAX_NAME]
        start = f"{name}: "[: MAX_NAME + 2] if name and number is None else ""
        found.append(fault(start + each["msg"], number, column or None))
    return found
