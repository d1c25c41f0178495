"""Models of HTTP requests, responses and errors, derived from the user's schema."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from mlservice.service import Service

MAX_FAULTS = 20  # in one response; a person reads the first few


class PredictRequest(BaseModel):
    """Rows to predict for."""

    model_config = ConfigDict(strict=True, extra="forbid")

    instances: list[Any] = Field(min_length=1)


class PredictResponse(BaseModel):
    """One prediction for each instance, in their order."""

    predictions: list[Any]
    model_version: str


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

    model_version: str


REFUSALS: dict[int, dict[str, Any]] = {
    401: {"model": Refusal, "description": "No key that is known; see X-API-Key"},
    403: {"model": Refusal, "description": "No admin key is set, so none opens it"},
    409: {"model": Refusal, "description": "The new model is refused; the old stays"},
    413: {"model": Refusal, "description": "Too many bytes or too many instances"},
    415: {"model": Refusal, "description": "The body is declared as something else"},
    422: {"model": Refusal, "description": "A field is wrong; names row and column"},
    503: {"model": Refusal, "description": "No model is loaded; see Retry-After"},
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI descriptions of some refusals, by status."""
    return {status: REFUSALS[status] for status in statuses}


def request_of(service: Service[Any, Any], most: int) -> type[PredictRequest]:
    """Return the request model; validation stops after `most` instances."""
    instances: Any = list[service.instance]  # type: ignore[name-defined]
    field = Field(min_length=1, max_length=most)
    return create_model(
        "PredictRequest", __base__=PredictRequest, instances=(instances, field)
    )


def response_of(service: Service[Any, Any]) -> type[PredictResponse]:
    """Return the response model with the prediction type of a service."""
    predictions: Any = list[service.prediction]  # type: ignore[name-defined]
    return create_model(
        "PredictResponse",
        __base__=PredictResponse,
        __doc__=PredictResponse.__doc__,
        predictions=(predictions, ...),
    )


def request_body(
    service: Service[Any, Any], request: type[PredictRequest], others: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe the body of `POST /predict` for the OpenAPI document.

    `others` are media types that are accepted beside JSON, with their schemas.
    """
    schema = request.model_json_schema()
    del schema["$defs"]
    schema["properties"]["instances"]["items"] = service.instance.model_json_schema()
    content = {"schema": schema, "example": {"instances": [service.example]}}
    return {"required": True, "content": {"application/json": content, **others}}


def describe_faults(error: ValidationError) -> list[dict[str, Any]]:
    """Return row, column and message of each validation error, without the input."""
    found = []
    for fault in error.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
        name, row, *path = (*fault["loc"], None, None)
        column = ".".join(str(each) for each in path if each is not None) or None
        place = f"{name}: " if name and row is None else ""
        found.append({"row": row, "column": column, "message": place + fault["msg"]})
    return found


def has_too_many_instances(error: ValidationError) -> bool:
    """Return True if a request has more instances than its limit."""
    found = error.errors(include_url=False, include_input=False)
    return any((f["type"], f["loc"]) == ("too_long", ("instances",)) for f in found)
