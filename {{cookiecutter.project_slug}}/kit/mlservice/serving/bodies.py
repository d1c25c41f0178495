"""Which kinds of body `POST /predict` takes, and how each becomes a request."""

from collections.abc import Callable, Mapping
from typing import Any

from mlservice.serving.messages import PredictRequest

Reader = Callable[[type[PredictRequest], bytes, str], PredictRequest]


def from_json(
    request: type[PredictRequest], body: bytes, _header: str
) -> PredictRequest:
    """Read `{"instances": [...]}`; raise pydantic's ValidationError."""
    return request.model_validate_json(body)


READERS: Mapping[str, Reader] = {"application/json": from_json}  # by content type
OTHERS: dict[str, Any] = {}  # than JSON, as OpenAPI describes them
