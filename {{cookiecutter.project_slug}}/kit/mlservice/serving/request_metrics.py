"""Request id, log line and Prometheus metrics of every request."""

import os
import re
import time
from functools import cache

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlservice.serving.security_headers import headers_of

REQUEST_ID = re.compile(rb"[\w.-]{1,64}", re.ASCII)  # safe in logs and headers
METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}  # as labels
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # seconds

log = structlog.get_logger()


class RequestMetrics:
    """Prometheus metrics of one application."""

    def __init__(self) -> None:
        """Create each metric, in a registry of its own."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self.requests = Counter(
            "http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.duration = Histogram(
            "http_request_duration_seconds",
            "Time from the first byte in to the last byte out",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.predictions = Counter(
            "predictions_total",
            "Predictions by result",
            ["label"],
            registry=self.registry,
        )
        self.refused = Counter(
            "requests_refused_total",
            "Requests and connections refused for a limit",
            ["reason"],
            registry=self.registry,
        )
        self.model = Gauge(
            "model_info",
            "1 for the model served",
            ["version"],
            multiprocess_mode="livemax",
            registry=self.registry,
        )
        # Looking up labels costs more than counting: each lookup is cached.
        self.request_of = cache(self.requests.labels)
        self.duration_of = cache(self.duration.labels)
        self.prediction_of = cache(self.predictions.labels)


class RequestMiddleware:
    """Outermost ASGI middleware: logs, counts, and answers unhandled exceptions."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        """Wrap `app`; `metrics` counts its requests."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; an exception becomes a 500 without details."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        added = [*headers_of(scope["path"]), (b"x-request-id", request_id.encode())]
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            status = 499  # as nginx logs a disconnected client
        except Exception:  # pylint: disable=broad-exception-caught  # last handler
            log.exception("request failed", request_id=request_id)
            if not status:
                await _internal_error(watch)
        self._record(scope, request_id, status, time.perf_counter() - started)

    def _record(
        self, scope: Scope, request_id: str, status: int, seconds: float
    ) -> None:
        """Count and log a finished request."""
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.request_of(method, route, status).inc()
        self.metrics.duration_of(route).observe(seconds)
        log.info(
            "request",
            request_id=request_id,
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 3),
        )


def _route(scope: Scope) -> str:
    """Return the path of the route as a label; few values, so metrics stay small.

    A request that was rejected before routing has no route in its scope.
    """
    if "route" in scope:
        return str(scope["route"].path)
    known = scope["app"].openapi()["paths"] if "app" in scope else ()
    return scope["path"] if scope["path"] in known else "unmatched"


def _request_id(scope: Scope) -> str:
    """Return the client's X-Request-ID if it is safe, otherwise a random one."""
    for name, given in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(given):
            return str(given, "ascii")
    return os.urandom(16).hex()


async def _internal_error(send: Send) -> None:
    """Send a 500 without details."""
    body = to_json({"detail": "internal error; the log has it under this X-Request-ID"})
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
