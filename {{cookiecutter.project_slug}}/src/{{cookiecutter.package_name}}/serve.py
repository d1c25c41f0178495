"""The FastAPI application: predictions over HTTP.

The body is validated straight from its bytes and the answer is written straight to
bytes: that is most of what makes a request cheap.
"""

import argparse
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.routing import Match, Route
from starlette.types import Scope

from . import NAME, __version__, logs
from .api import (
    REFUSALS,
    PredictResponse,
    faults,
    request_body,
    request_of,
    too_many,
)
from .bodies import OTHERS, READERS
from .columns import described
from .config import Settings
from .errors import run
from .lifecycle import DrainingServer, lifespan
from .listener import listen
from .observe import Meters, Observe
from .predict import Predictor
from .prediction import label_of
from .schema import FEATURES, TARGET

log = structlog.get_logger()
router = APIRouter()


def create_app(settings: Settings) -> FastAPI:
    """Build the application; the model is loaded when it starts."""
    app = FastAPIOffline(  # its /docs needs no CDN
        title=NAME,
        description=f"Predicts `{TARGET.column}`: {TARGET.meaning}.",
        version=__version__,
        lifespan=lifespan,
        redirect_slashes=False,  # its redirect would believe the Host header
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
        },  # observe.py does
    )
    app.state.settings = settings
    app.state.meters = Meters()
    app.state.predictor, app.state.reason = None, "the model is being loaded"
    app.state.draining = False
    app.add_middleware(Observe, meters=app.state.meters)
    app.include_router(router)
    app.router.routes.insert(0, Direct("/predict", predict, methods=["POST"]))
    app.state.request = request_of(settings.max_instances)
    body = {"requestBody": request_body(app.state.request, OTHERS)}
    app.openapi()["paths"]["/predict"]["post"].update(body)
    return app


class Direct(Route):
    """A route whose endpoint reads the request itself: two thirds of FastAPI's cost.

    FastAPI's own route of the same path is there for the documentation.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether it is for us, and which route that is, as FastAPI's do."""
        match, found = super().matches(scope)
        return match, {**found, "route": self}


def _predictor(request: Request) -> Predictor:
    state = request.app.state
    if state.predictor is None:
        retry = {"Retry-After": str(state.settings.retry_after_seconds)}
        raise HTTPException(503, f"not ready: {state.reason}", retry)
    predictor: Predictor = state.predictor
    return predictor


async def _body(request: Request) -> bytes:
    """Read the body, refusing it as soon as it is too large."""
    limit, body = request.app.state.settings.max_body_bytes, bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413, f"the body may have {limit} bytes at most")
    return bytes(body)


def _json(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


@router.post("/predict", response_model=PredictResponse, responses=REFUSALS)
async def predict(request: Request) -> Response:
    """Predict for one or more instances."""
    predictor, state = _predictor(request), request.app.state
    header = request.headers.get("content-type", "application/json")
    reader = READERS.get(header.partition(";")[0].strip().lower())
    if reader is None:
        raise HTTPException(415, f"send the body as {' or '.join(READERS)}")
    body = await _body(request)
    try:
        instances = reader(state.request, body, header).instances
    except ValidationError as error:
        if not too_many(error):
            return _json({"detail": faults(error)}, 422)
        most = state.settings.max_instances
        reason = f"send {most} instances at most in one request"
        raise HTTPException(413, reason) from error
    predictions = predictor.predict(instances)
    for prediction in predictions:
        state.meters.prediction_of(label_of(prediction)).inc()
    return _json({"predictions": predictions, "model_version": predictor.version})


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: REFUSALS[503]})
async def readyz(request: Request) -> dict[str, str]:
    """Tell whether a model is loaded, has made a prediction, and will go on."""
    if request.app.state.draining:
        raise HTTPException(503, "the service is stopping")
    return {"status": "ready", "model_version": _predictor(request).version}


@router.get("/model", responses={503: REFUSALS[503]})
async def model(request: Request) -> dict[str, Any]:
    """Describe the served model: version, training time, metrics, schema."""
    return {
        **_predictor(request).model.manifest.model_dump(mode="json"),
        "target": {"column": TARGET.column, "meaning": TARGET.meaning},
        "features": described(FEATURES),
    }


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Expose the Prometheus metrics."""
    text = generate_latest(request.app.state.meters.registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def main() -> int:
    """Serve until SIGTERM or Ctrl-C, then finish the requests that were accepted."""
    argparse.ArgumentParser(
        description="Serve predictions over HTTP; SERVE_… variables set the limits."
    ).parse_args()
    settings = Settings.load()
    logs.configure(settings.log_level)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # observe.py writes one JSON line a request
        server_header=False,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    with listen(settings.host, settings.port) as listener:
        log.info("listening", host=settings.host, port=listener.getsockname()[1])
        DrainingServer(config, app).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    run(main)
