"""What goes over HTTP: request, response and refusal, all derived from schema.py."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .prediction import Prediction
from .schema import EXAMPLE, Instance

MAX_FAULTS = 20  # told of one request; the first few are what a person mends


class PredictRequest(BaseModel):
    """Rows to predict for."""

    model_config = ConfigDict(strict=True, extra="forbid")

    instances: list[Instance] = Field(min_length=1)


class PredictResponse(BaseModel):
    """One prediction for each instance, in their order."""

    predictions: list[Prediction]
    model_version: str


class Fault(BaseModel):
    """One thing that is wrong with a request; the input itself is never sent back."""

    row: int | None = Field(description="index into instances, from 0")
    column: str | None
    message: str


class Refusal(BaseModel):
    """Why a request was refused."""

    detail: str | list[Fault]


REFUSALS: dict[int | str, dict[str, Any]] = {
    413: {"model": Refusal, "description": "Too many bytes or too many instances"},
    415: {"model": Refusal, "description": "The body is not declared as JSON"},
    422: {"model": Refusal, "description": "A field is wrong; names row and column"},
    503: {"model": Refusal, "description": "No model is loaded; see Retry-After"},
}


def request_body(max_instances: int) -> dict[str, Any]:
    """Describe the body of `POST /predict` for the OpenAPI document."""
    schema = PredictRequest.model_json_schema()
    del schema["$defs"]
    schema["properties"]["instances"]["items"] = Instance.model_json_schema()
    schema["properties"]["instances"]["maxItems"] = max_instances
    content = {"schema": schema, "example": {"instances": [EXAMPLE]}}
    return {"required": True, "content": {"application/json": content}}


def faults(error: ValidationError) -> list[dict[str, Any]]:
    """Name row and column of each fault, without echoing the input."""
    found = []
    for fault in error.errors(include_url=False, include_input=False)[:MAX_FAULTS]:
        _, row, column, *_ = (*fault["loc"], None, None, None)
        place = "" if column else "".join(f"{name}: " for name in fault["loc"][:1])
        found.append({"row": row, "column": column, "message": place + fault["msg"]})
    return found
