"""The OpenAPI document: what FastAPI does not know of the library's operations."""

from datetime import UTC, datetime
from typing import Any

from mlservice.model.artifact import Manifest
from mlservice.service import Service
from mlservice.serving.endpoints import description
from mlservice.serving.messages import VERSION

TAGS = [
    {"name": "predictions", "description": "For clients"},
    {"name": "health", "description": "For probes of a platform"},
    {"name": "operation", "description": "For operators"},
]
OPERATIONS = {  # method, tag, summary
    "/predict": ("post", "predictions", "Predict for one or more rows"),
    "/model": ("get", "predictions", "Describe the model that is served"),
    "/healthz": ("get", "health", "Report that the process is alive"),
    "/readyz": ("get", "health", "Report whether predictions are served"),
    "/metrics": ("get", "operation", "Return the Prometheus metrics"),
    "/admin/reload": ("post", "operation", "Load the model anew"),
}
METRICS = 'http_requests_total{method="POST",route="/predict",status="200"} 12.0\n'
FAULT = {"row": 0, "column": "region", "message": "Input should be a valid string"}
DETAILS: dict[str, Any] = {  # examples of refusals, by status
    "400": "send one Host header",
    "401": "send a key in the header X-API-Key",
    "403": "set SERVE_ADMIN_KEYS to allow this over HTTP",
    "409": "the model is the old one still: its hash is another",
    "413": "send 1000 instances at most in one request",
    "415": "send the body as application/json",
    "422": [FAULT],
    "503": "not ready: the model is being loaded",
}


def complete_document(
    document: dict[str, Any],
    service: Service[Any, Any],
    body: dict[str, Any],
) -> None:
    """Add the body of a prediction's request, tags, summaries, examples and the unit.

    The unit is the target's; a prediction's example is made of those of its fields.
    """
    paths = document["paths"]
    document["tags"] = TAGS
    document["info"]["x-unit"] = service.target.unit
    paths["/predict"]["post"]["requestBody"] = body
    for path, (method, tag, summary) in OPERATIONS.items():
        operation = paths[path][method]
        operation.update(tags=[tag], summary=summary)
        for status, response in operation["responses"].items():
            if status in DETAILS:
                _add(response, {"detail": DETAILS[status]})
    for path, example in _answers(service).items():
        _add(paths[path]["get"]["responses"]["200"], example)
    metrics = paths["/metrics"]["get"]["responses"]["200"]
    _add(metrics, METRICS, "text/plain")


def _answers(service: Service[Any, Any]) -> dict[str, Any]:
    """Return an answer of each path, of an invented model."""
    manifest = Manifest(
        name="candidate",
        model_version=VERSION,
        sha256=f"{VERSION}…",
        schema_hash=service.schema_hash,
        created=datetime(2026, 1, 31, tzinfo=UTC),
        decision=service.decision(),
    )
    return {
        "/model": description(service, manifest),
        "/healthz": {"status": "alive"},
        "/readyz": {"status": "ready", "model_version": VERSION},
    }


def _add(
    response: dict[str, Any], example: Any, kind: str = "application/json"
) -> None:
    """Add an example to a response."""
    response.setdefault("content", {}).setdefault(kind, {})["example"] = example
