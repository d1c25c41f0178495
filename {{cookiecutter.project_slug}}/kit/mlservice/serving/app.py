"""The FastAPI application and the server that runs it."""

import argparse
import asyncio
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from socket import socket
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import iter_route_contexts
from fastapi_offline import FastAPIOffline

from mlservice.service import Service
from mlservice.serving import json_logs
from mlservice.serving.auth import HEADER, AccessControl
from mlservice.serving.connections import Connection
from mlservice.serving.endpoints import add_library
from mlservice.serving.extension import Extend, add_endpoints, no_endpoints
from mlservice.serving.limits import Limits, SizedExecutor
from mlservice.serving.messages import request_body
from mlservice.serving.model_loading import return_freed_memory
from mlservice.serving.openapi_document import complete_document
from mlservice.serving.page import add_page
from mlservice.serving.prediction_logging import prediction_log
from mlservice.serving.request_metrics import RequestMetrics, RequestMiddleware
from mlservice.serving.settings import Settings
from mlservice.serving.shutdown import DrainingServer, lifespan, listen

SECURITY = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

log = structlog.get_logger()


def create_app(
    service: Service[Any, Any], settings: Settings, extend: Extend = no_endpoints
) -> FastAPI:
    """Build the application; the model is loaded when it starts.

    `extend` adds endpoints: keys, limits, logs and headers apply to them. Raise
    UserError if it adds what would never be called.
    """
    app = FastAPIOffline(  # its /docs needs no CDN
        redoc_url=None,
        title=service.name,
        description=f"Predicts `{service.target.column}`: {service.target.meaning}.",
        version=service.version,
        root_path=settings.root_path,
        lifespan=lifespan,
        redirect_slashes=False,  # its redirect would believe the Host header
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    state = app.state
    state.service, state.settings, state.metrics = service, settings, RequestMetrics()
    state.predictor, state.reason = None, "the model is being loaded"
    state.load_lock, state.draining = asyncio.Lock(), False
    state.executor = SizedExecutor(settings, state.metrics)
    state.prediction_log = prediction_log(service, settings, state.metrics)
    add_library(app, service, settings)
    add_endpoints(app, extend)
    page = add_page(app) if settings.page else frozenset[str]()
    body = request_body(service, state.request_model, explain=settings.explain)
    complete_document(app.openapi(), service, body)
    state.routes = [*iter_route_contexts(app.routes)]
    _add_middleware(app, settings, page)
    return app


def _add_middleware(app: FastAPI, settings: Settings, page: Collection[str]) -> None:
    """Add middleware for all endpoints, from the innermost to the outermost."""
    metrics, retry = app.state.metrics, settings.retry_after_seconds
    app.add_middleware(Limits, settings=settings, metrics=metrics)
    app.add_middleware(AccessControl, settings=settings, page=page)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", HEADER, "X-Request-ID", "X-Unit-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
    app.add_middleware(RequestMiddleware, metrics=metrics, retry_after=retry, page=page)


def serve(service: Service[Any, Any], extend: Extend = no_endpoints) -> int:
    """Serve until SIGTERM or Ctrl-C, then finish the accepted requests."""
    about = "Serve predictions over HTTP; SERVE_… variables set the limits."
    argparse.ArgumentParser(description=about).parse_args()
    return_freed_memory()
    settings = Settings.load()
    json_logs.configure(settings.log_level)
    with ExitStack() as stack:
        ports = [stack.enter_context(port) for port in listeners(settings)]
        server(service, settings, extend).run(sockets=ports)
    return 0


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
        proxy_headers=bool(settings.forwarded_allow_ips),
        forwarded_allow_ips=settings.forwarded_allow_ips,
        headers=[*SECURITY.items()],  # its own responses get them, too
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    return DrainingServer(config, app)
