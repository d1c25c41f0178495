"""The endpoints of the library, grouped by the key that they require.

A body is validated from its bytes and a response is serialized to bytes, without
Python dictionaries between them: this saves most of the time of a request.
"""

import signal
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from mlservice.model.artifact import ArtifactError
from mlservice.model.predictor import Predictor
from mlservice.schema.features import described
from mlservice.serving.auth import Endpoint
from mlservice.serving.bodies import Reader
from mlservice.serving.executor import SizedExecutor
from mlservice.serving.messages import (
    PredictResponse,
    Reloaded,
    describe_faults,
    refusals,
    has_too_many_instances,
)
from mlservice.serving.model_loading import reload_model
from mlservice.serving.worker_metrics import totals
from mlservice.serving.workers import signal_parent

CLOSE = {"Connection": "close"}  # the rest of a body is not read

probes, clients, operators = APIRouter(), APIRouter(), APIRouter()


class FastPredict:
    """ASGI middleware that answers POST /predict before FastAPI's routing.

    Routing and inner middleware cost as much time as a prediction. The route of the
    same path in `clients` is for the OpenAPI document.
    """

    path = "/predict"  # read by request_metrics.py, as of a route

    def __init__(self, app: ASGIApp, endpoint: Endpoint) -> None:
        """Wrap `app`; `endpoint` answers POST /predict."""
        self.app = app
        self.endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope.get("path") != self.path or scope.get("method") != "POST":
            await self.app(scope, receive, send)
            return
        scope["route"] = self
        request = Request(scope, receive)
        try:
            response = await self.endpoint(request)
        except HTTPException as error:
            response = await http_exception_handler(request, error)
        await response(scope, receive, send)


def _predictor(request: Request) -> Predictor[Any, Any]:
    """Return the loaded model; raise 503 if there is none."""
    state = request.app.state
    if state.predictor is None:
        retry = {"Retry-After": str(state.settings.retry_after_seconds)}
        raise HTTPException(503, f"not ready: {state.reason}", retry)
    predictor: Predictor[Any, Any] = state.predictor
    return predictor


async def _body(request: Request) -> bytes:
    """Read the body; raise 413 as soon as it is too large."""
    limit, body = request.app.state.settings.max_body_bytes, bytearray()
    while True:
        message = await request.receive()  # a third of the time of request.stream()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise HTTPException(413, f"the body may have {limit} bytes at most", CLOSE)
        if not message.get("more_body"):
            return bytes(body)


def _json(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


@clients.post(
    "/predict",
    response_model=PredictResponse,  # app.py replaces it by the service's own
    responses=refusals(413, 415, 422, 503),
)
async def predict(request: Request) -> Response:
    """Predict for one or more instances."""
    predictor, state = _predictor(request), request.app.state
    header = request.headers.get("content-type", "application/json")
    reader = state.readers.get(header.partition(";")[0].strip().lower())
    if reader is None:
        raise HTTPException(415, f"send the body as {' or '.join(state.readers)}")
    body = await _body(request)
    executor: SizedExecutor = state.executor
    given = state, predictor, reader, body, header
    return await executor.run(len(body), _answer, *given)


def _answer(
    state: State,
    predictor: Predictor[Any, Any],
    reader: Reader,
    body: bytes,
    header: str,
) -> Response:
    """Parse the instances and predict; runs in a thread for a large body."""
    try:
        instances = reader(state.request_model, body, header).instances
    except ValidationError as error:
        if not has_too_many_instances(error):
            return _json({"detail": describe_faults(error)}, 422)
        most = state.settings.max_instances
        reason = f"send {most} instances at most in one request"
        raise HTTPException(413, reason) from error
    predictions = predictor.predict(instances)
    for prediction in predictions:
        state.metrics.prediction_of(predictor.service.label_of(prediction)).inc()
    return _json({"predictions": predictions, "model_version": predictor.version})


@clients.get("/model", responses=refusals(503))
async def model(request: Request) -> dict[str, Any]:
    """Describe the served model: version, training time, metrics, schema."""
    predictor = _predictor(request)
    target = predictor.service.target
    return {
        **predictor.model.manifest.model_dump(mode="json"),
        "target": {"column": target.column, "meaning": target.meaning},
        "features": described(predictor.service.features),
    }


@probes.get("/healthz")
async def healthz() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "alive"}


@probes.get("/readyz", responses=refusals(503))
async def readyz(request: Request) -> dict[str, str]:
    """Tell whether a model is loaded, has made a prediction, and will go on."""
    if request.app.state.draining:
        raise HTTPException(503, "the service is stopping")
    return {"status": "ready", "model_version": _predictor(request).version}


@operators.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Expose the Prometheus metrics."""
    text = generate_latest(totals(request.app.state.metrics.registry))
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


reloading = APIRouter()  # for operators, with an admin key


@reloading.post("/admin/reload", responses=refusals(401, 403, 409))
async def reload(request: Request) -> Reloaded:
    """Load the model anew, in every worker; refused, the old one stays."""
    try:
        version = await reload_model(request.app)
    except ArtifactError as error:
        raise HTTPException(409, f"the model is the old one still: {error}") from error
    signal_parent(signal.SIGHUP)
    return Reloaded(model_version=version)
