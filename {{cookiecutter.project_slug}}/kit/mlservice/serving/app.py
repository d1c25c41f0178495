"""The FastAPI application and the server that runs it."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from socket import socket
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline

from mlservice.service import Service
from mlservice.serving import endpoints, json_logs, security_headers, workers
from mlservice.serving.auth import HEADER, Endpoint, NeedsKey, PortFilter
from mlservice.serving.bodies import READERS
from mlservice.serving.connections import Connection
from mlservice.serving.executor import SizedExecutor
from mlservice.serving.extension import Extend, add_endpoints, no_endpoints
from mlservice.serving.limits import Limits
from mlservice.serving.messages import (
    refusals,
    request_body,
    request_of,
    response_of,
)
from mlservice.serving.request_metrics import RequestMetrics, RequestMiddleware
from mlservice.serving.settings import Settings
from mlservice.serving.shutdown import DrainingServer, lifespan
from mlservice.serving.sockets import listen

log = structlog.get_logger()
NO_ADMIN_KEYS = "set SERVE_ADMIN_KEYS to allow this over HTTP; SIGHUP needs no key"


def create_app(
    service: Service[Any, Any], settings: Settings, extend: Extend = no_endpoints
) -> FastAPI:
    """Build the application; the model is loaded when it starts.

    `extend` adds endpoints: keys, limits, logs and headers apply to them. Raise
    UserError if it adds a route that keys cannot protect.
    """
    app = FastAPIOffline(  # its /docs needs no CDN
        title=service.name,
        description=f"Predicts `{service.target.column}`: {service.target.meaning}.",
        version=service.version,
        lifespan=lifespan,
        redirect_slashes=False,  # its redirect would believe the Host header
        telemetry={  # request_metrics.py does that
            "tracing": False,
            "metrics": False,
            "logs": False,
        },
    )
    state = app.state
    state.settings, state.metrics = settings, RequestMetrics()
    state.predictor, state.reason = None, "the model is being loaded"
    state.load_lock, state.draining = asyncio.Lock(), False
    state.executor = SizedExecutor(settings, state.metrics)
    state.service = service
    state.request_model = request_of(service, settings.max_instances)
    own = {kind: body.read for kind, body in service.bodies.items()}
    state.readers = {**READERS, **own}
    others = {kind: body.openapi for kind, body in service.bodies.items()}
    _add_endpoints(app, settings, extend)
    _add_middleware(app, settings)
    body = {"requestBody": request_body(service, state.request_model, others)}
    app.openapi()["paths"]["/predict"]["post"].update(body)
    return app


def _add_endpoints(app: FastAPI, settings: Settings, extend: Extend) -> None:
    """Add each group of endpoints, with the key that it requires."""
    predict: Endpoint = endpoints.predict
    clients = _with_response(endpoints.clients, response_of(app.state.service))
    app.include_router(endpoints.probes)
    key = NeedsKey(settings.api_keys, "API key") if settings.api_keys else None
    if key:
        predict = key.before(predict)
        app.include_router(
            clients, dependencies=[Depends(key)], responses=refusals(401)
        )
    else:
        app.include_router(clients)
    app.include_router(endpoints.operators)
    admin = NeedsKey(settings.admin_keys, "admin key", NO_ADMIN_KEYS)
    app.include_router(endpoints.reloading, dependencies=[Depends(admin)])
    app.add_middleware(endpoints.FastPredict, endpoint=predict)
    add_endpoints(app, extend, key, settings.max_body_bytes)


def _with_response(router: APIRouter, response: type[Any]) -> APIRouter:
    """Return the same endpoints, with the service's response model in OpenAPI."""
    known = APIRouter()
    for route in router.routes:
        assert isinstance(route, APIRoute)
        known.add_api_route(
            route.path,
            route.endpoint,
            methods=[*(route.methods or ())],
            response_model=(
                response if route.path == "/predict" else route.response_model
            ),
            responses=route.responses,
        )
    return known


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add middleware for all endpoints, from the innermost to the outermost."""
    app.add_middleware(Limits, settings=settings, metrics=app.state.metrics)
    if settings.admin_port:
        app.add_middleware(PortFilter, port=settings.admin_port)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", HEADER, "X-Request-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    app.add_middleware(RequestMiddleware, metrics=app.state.metrics)


def serve(service: Service[Any, Any], extend: Extend = no_endpoints) -> int:
    """Serve until SIGTERM or Ctrl-C, then finish the accepted requests."""
    argparse.ArgumentParser(
        description="Serve predictions over HTTP; SERVE_… variables set the limits."
    ).parse_args()
    settings = Settings.load()
    json_logs.configure(settings.log_level)
    with ExitStack() as stack:
        ports = [stack.enter_context(port) for port in listeners(settings)]
        if settings.workers == 1:
            run_server(service, extend, settings, ports)
            return 0
        count = settings.workers or workers.cores()
        return workers.run(count, partial(run_server, service, extend), settings, ports)


def run_server(
    service: Service[Any, Any],
    extend: Extend,
    settings: Settings,
    ports: Sequence[socket],
) -> None:
    """Run one server on open ports until it is stopped; used by each worker."""
    json_logs.configure(settings.log_level)
    server(service, settings, extend).run(sockets=list(ports))


def listeners(settings: Settings) -> Iterator[socket]:
    """Bind each port, and log its address and the number of keys."""
    port = listen(settings.host, settings.port)
    keys = {"api_keys": len(settings.api_keys), "admin_keys": len(settings.admin_keys)}
    log.info("listening", host=settings.host, port=port.getsockname()[1], **keys)
    yield port
    if settings.admin_port:
        host = settings.admin_host or settings.host
        yield listen(host, settings.admin_port, "SERVE_ADMIN_")
        log.info("listening for operators", host=host, port=settings.admin_port)


def server(
    service: Service[Any, Any], settings: Settings, extend: Extend = no_endpoints
) -> DrainingServer:
    """Build the server of an application; `run` gets its open sockets."""
    app = create_app(service, settings, extend)
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,  # request_metrics.py writes one JSON line a request
        server_header=False,
        proxy_headers=False,  # nothing here depends on the address of a client
        headers=security_headers.ALWAYS,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    return DrainingServer(config, app)
