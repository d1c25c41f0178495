"""The endpoints of the library.

A body is validated from its bytes and a response is serialized to bytes, without
Python dictionaries between them: this saves most of the time of a request.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response, Security
from fastapi.exception_handlers import http_exception_handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

from mlservice.model.artifact import ArtifactError, Manifest
from mlservice.model.predictor import Predictor
from mlservice.schema.features import described
from mlservice.service import Service
from mlservice.serving import messages
from mlservice.serving.auth import ADMIN_KEY, CLIENT_KEY
from mlservice.serving.bodies import Reader, read_json
from mlservice.serving.explanations import explained, size_of
from mlservice.serving.messages import Reloaded, refusals
from mlservice.serving.model_loading import reload_model
from mlservice.serving.prediction_logging import record
from mlservice.serving.settings import Settings

REFUSAL = 16  # times the work of a prediction


def add_library(app: FastAPI, service: Service[Any, Any], settings: Settings) -> None:
    """Add the endpoints of the library; their keys are shown in the OpenAPI document.

    What `app` gets from then on is for clients.
    """
    state = app.state
    state.request_model = messages.request_of(service, settings.max_instances)
    own = {kind: body.read for kind, body in service.bodies.items()}
    state.readers = {"application/json": read_json, **own}
    app.include_router(probes)
    admin = APIRouter(dependencies=[Security(ADMIN_KEY)], responses=refusals(401, 403))
    admin.post("/admin/reload", responses=refusals(409))(reload)
    app.include_router(admin)
    if settings.api_keys:
        app.router.dependencies = [Security(CLIENT_KEY)]
        app.router.responses = refusals(401)
    response = messages.response_of(service, explain=settings.explain)
    refused = refusals(400, 413, 415, 422, 503)
    app.post("/predict", response_model=response, responses=refused)(predict)
    app.get("/model", responses=refusals(503))(model)
    app.add_middleware(FastPredict)


class FastPredict:
    """ASGI middleware that answers POST /predict before FastAPI's routing.

    Routing and inner middleware cost as much time as a prediction. The route of the
    same path is for the OpenAPI document.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope.get("path") != "/predict" or scope.get("method") != "POST":
            if prefix := "path" in scope and scope.get("root_path"):
                scope = {**scope, "path": prefix + scope["path"]}  # as ASGI has it
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await predict(request)
        except HTTPException as error:  # middleware that `extend` adds sees a response
            response = await http_exception_handler(request, error)
        await response(scope, receive, send)


def _predictor(request: Request) -> Predictor[Any, Any]:
    """Return the loaded model; raise 503 if there is none."""
    state = request.app.state
    predictor: Predictor[Any, Any] | None = state.predictor
    if predictor is None:
        raise HTTPException(503, f"not ready: {state.reason}")
    return predictor


async def predict(request: Request) -> Response:
    """Predict for one or more instances."""
    predictor, state = _predictor(request), request.app.state
    header = (
        request["fields"].get(b"content-type", b"application/json").decode("latin-1")
    )
    reader = state.readers.get(header.partition(";")[0].strip().lower())
    if reader is None:
        raise HTTPException(415, f"send the body as {' or '.join(state.readers)}")
    body = (await request.receive())["body"]  # limits.py has read all of it
    run, status = state.executor.run, 200
    try:
        size = size_of(body, state.settings)
        content = await run(size, _answer, request, predictor, reader, body, header)
    except ValidationError as error:  # a short body may hold a thousand faults
        rows, status = body if reader is read_json else b"", 422
        content = await run(REFUSAL * len(body), _refusal, state, error, rows)
    return Response(content, status, media_type="application/json")


def _refusal(state: State, error: ValidationError, body: bytes) -> bytes:
    """Describe the faults of a request; raise 413 if it has too many instances."""
    rows = messages.rows_of(body)
    if len(rows) > state.settings.max_instances:
        raise messages.too_many(state.settings.max_instances) from error
    faults = messages.describe_faults(state.service.instance, error, rows)
    return to_json({"detail": faults})


def _answer(
    http: Request, model: Predictor[Any, Any], reader: Reader, body: bytes, header: str
) -> bytes:
    """Parse the instances and predict; runs in a thread for a large body."""
    state = http.app.state
    request = reader(state.request_model, body, header)
    predictions, scores = model.predict_with_scores(request.instances)
    shown: Sequence[Any] = predictions
    if request.explain:
        shown = explained(state, model, request.instances, predictions)
    if state.prediction_log:
        answered = request.instances, predictions, scores
        record(state.prediction_log, http, model.version, answered)
    for prediction in predictions:
        state.metrics.prediction_of(model.service.label_of(prediction)).inc()
    return to_json({"predictions": shown, "model_version": model.version})


async def model(request: Request) -> dict[str, Any]:
    """Describe the served model: version, training time, metrics, schema."""
    predictor = _predictor(request)
    return description(predictor.service, predictor.model.manifest)


def description(service: Service[Any, Any], manifest: Manifest) -> dict[str, Any]:
    """Return what `GET /model` answers, for a manifest."""
    target = service.target
    return {
        **manifest.model_dump(mode="json"),
        "target": {"column": target.column, "meaning": target.meaning},
        "features": described(service.features),
    }


probes = APIRouter()  # and what needs no key


@probes.head("/healthz", include_in_schema=False)
@probes.get("/healthz")
async def healthz() -> dict[str, str]:
    """Report that the process is alive."""
    return {"status": "alive"}


@probes.head("/readyz", include_in_schema=False)
@probes.get("/readyz", responses=refusals(503))
async def readyz(request: Request) -> dict[str, str]:
    """Report whether a model is loaded, has made a prediction, and will go on."""
    if request.app.state.draining:
        raise HTTPException(503, "the service is stopping")
    return {"status": "ready", "model_version": _predictor(request).version}


@probes.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Expose the Prometheus metrics."""
    text = generate_latest(request.app.state.metrics.registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def reload(request: Request) -> Reloaded:
    """Load the model anew; if it is refused, the old one stays."""
    try:
        version = await reload_model(request.app)
    except ArtifactError as error:
        raise HTTPException(409, f"the model is the old one still: {error}") from error
    return Reloaded(model_version=version)
