"""The FastAPI application: predictions over HTTP; `main` starts it."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from socket import socket

import structlog
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline

from . import NAME, __version__, headers, logs, routes, workers
from mlservice.serving.auth import HEADER, Doors, Endpoint, NeedsKey
from mlservice.serving.messages import refusals, request_body, request_of
from mlservice.serving.bodies import OTHERS
from mlservice.serving.executor import Computing
from mlservice.params import Settings
from mlservice.serving.connections import Connection
from mlservice.errors import run
from mlservice.serving.shutdown import DrainingServer, lifespan
from mlservice.serving.limits import Limits
from mlservice.serving.sockets import listen
from mlservice.serving.request_metrics import Meters, Observe
from .schema import TARGET

log = structlog.get_logger()
CLOSED = "set SERVE_ADMIN_KEYS to allow this over HTTP; SIGHUP needs no key"


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
    state = app.state
    state.settings, state.meters = settings, Meters()
    state.predictor, state.reason = None, "the model is being loaded"
    state.loading, state.draining = asyncio.Lock(), False
    state.computing = Computing(settings, state.meters)
    state.request = request_of(settings.max_instances)
    _route(app, settings)
    _wrap(app, settings)
    body = {"requestBody": request_body(state.request, OTHERS)}
    app.openapi()["paths"]["/predict"]["post"].update(body)
    return app


def _route(app: FastAPI, settings: Settings) -> None:
    """Put each group of endpoints behind the keys that open it."""
    predict: Endpoint = routes.predict
    app.include_router(routes.anybody)
    if settings.api_keys:
        key = NeedsKey(settings.api_keys, "API key")
        predict = key.before(predict)
        app.include_router(
            routes.clients, dependencies=[Depends(key)], responses=refusals(401)
        )
    else:
        app.include_router(routes.clients)
    app.include_router(routes.operators)
    key = NeedsKey(settings.admin_keys, "admin key", CLOSED)
    app.include_router(routes.reloading, dependencies=[Depends(key)])
    app.add_middleware(routes.Shortcut, endpoint=predict)


def _wrap(app: FastAPI, settings: Settings) -> None:
    """Add what stands around all endpoints: from the innermost to the outermost."""
    app.add_middleware(Limits, settings=settings, meters=app.state.meters)
    if settings.admin_port:
        app.add_middleware(Doors, port=settings.admin_port)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", HEADER, "X-Request-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Observe, meters=app.state.meters)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C, then finish the requests that were accepted."""
    argparse.ArgumentParser(
        description="Serve predictions over HTTP; SERVE_… variables set the limits."
    ).parse_args()
    settings = Settings.load()
    logs.configure(settings.log_level)
    with ExitStack() as stack:
        ports = [stack.enter_context(port) for port in listeners(settings)]
        if settings.workers == 1:
            work(settings, ports)
            return 0
        count = settings.workers or workers.cores()
        return workers.run(count, work, settings, ports)


def work(settings: Settings, ports: Sequence[socket]) -> None:
    """Answer on ports until told to end; a worker does it in a process of its own."""
    logs.configure(settings.log_level)
    server(settings).run(sockets=list(ports))


def listeners(settings: Settings) -> Iterator[socket]:
    """Take each port, and log where that is and how many keys open it."""
    port = listen(settings.host, settings.port)
    keys = {"api_keys": len(settings.api_keys), "admin_keys": len(settings.admin_keys)}
    log.info("listening", host=settings.host, port=port.getsockname()[1], **keys)
    yield port
    if settings.admin_port:
        host = settings.admin_host or settings.host
        yield listen(host, settings.admin_port, "SERVE_ADMIN_")
        log.info("listening for operators", host=host, port=settings.admin_port)


def server(settings: Settings) -> DrainingServer:
    """Build what answers on the ports."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,  # observe.py writes one JSON line a request
        server_header=False,
        proxy_headers=False,  # nothing here depends on who asks
        headers=headers.ALWAYS,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    return DrainingServer(config, app)


if __name__ == "__main__":
    run(main)
