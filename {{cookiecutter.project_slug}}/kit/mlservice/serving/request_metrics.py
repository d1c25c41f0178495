"""Request id, log line and Prometheus metrics of every request."""

import os
import re
import time
from functools import cache
from urllib.parse import quote

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
)
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlservice.serving.security_headers import headers_of

REQUEST_ID = re.compile(rb"[\w.-]{1,64}", re.ASCII)  # safe in logs and headers
METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}  # as labels
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # seconds
MAX_PATH = 200  # characters in a log line, where others are percent-encoded
MAX_HEADERS = 100  # each takes memory beyond its bytes
MAX_DIGITS = 18  # of a Content-Length
DISCONNECTED = 499  # as nginx logs a disconnected client
INTERNAL = {"detail": "internal error; the log has it under this X-Request-ID"}

log = structlog.get_logger()


class RequestMetrics:
    """Prometheus metrics of one application."""

    def __init__(self) -> None:
        """Create each metric, in a registry of its own."""
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time, open files
        self.requests = Counter(
            "http_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=registry,
        )
        self.duration = Histogram(
            "http_request_duration_seconds",
            "Time from the first byte in to the last byte out",
            ["route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.predictions = Counter(
            "predictions_total", "Predictions by result", ["label"], registry=registry
        )
        self.refused = Counter(
            "requests_refused_total",
            "Requests and connections refused for a limit",
            ["reason"],
            registry=registry,
        )
        self.model = Gauge(
            "model_info", "1 for the model served", ["version"], registry=registry
        )
        # Looking up labels costs more than counting: each lookup is cached.
        self.request_of = cache(self.requests.labels)
        self.duration_of = cache(self.duration.labels)
        self.prediction_of = cache(self.predictions.labels)


class RequestMiddleware:
    """Outermost ASGI middleware: logs, counts, and answers unhandled exceptions.

    It adds `fields` to the scope, the headers by name, and takes `root_path` from the
    path, so that a proxy may strip that prefix or not.
    """

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
        fields = scope["fields"] = dict(scope["headers"])
        prefix = scope.get("root_path")
        while prefix and f"{scope['path']}/".startswith(f"{prefix}/"):
            scope["path"] = scope["path"][len(prefix) :] or "/"
        request_id = _request_id(fields.get(b"x-request-id", b""))
        added = [*headers_of(scope["path"]), (b"x-request-id", request_id.encode())]
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        try:
            malformed = _malformed(scope)
            if malformed:
                self.metrics.refused.labels("malformed").inc()
            await (malformed or self.app)(scope, receive, watch)
        except ClientDisconnect:
            status = status or DISCONNECTED
        except Exception:  # pylint: disable=broad-exception-caught  # last handler
            log.exception("request failed", request_id=request_id)
            if not status:
                await JSONResponse(INTERNAL, 500)(scope, receive, watch)
        self._record(scope, request_id, status, time.perf_counter() - started)

    def _record(
        self, scope: Scope, request_id: str, status: int, seconds: float
    ) -> None:
        """Count and log a finished request."""
        path, route = scope["path"], _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.request_of(method, route, status).inc()
        self.metrics.duration_of(route).observe(seconds)
        log.info(
            "request",
            request_id=request_id,
            client=scope["client"][0] if scope["client"] else None,
            method=method,
            route=route,
            path=route if route == path else quote(path[:MAX_PATH], "/"),
            status=status,
            ms=round(seconds * 1000, 3),
        )


def _malformed(scope: Scope) -> JSONResponse | None:
    """Return a 400 or 431 for headers that proxies and servers could read differently."""
    fields, headers, status = scope["fields"], scope["headers"], 400
    hosts = len(fields) != len(headers) and [h for h, _ in headers].count(b"host") > 1
    if hosts or (b"host" not in fields and scope["http_version"] == "1.1"):
        detail = "send one Host header"
    elif len(fields.get(b"content-length", b"")) > MAX_DIGITS:
        detail = f"Content-Length may have {MAX_DIGITS} digits at most"
    elif len(headers) > MAX_HEADERS:
        status, detail = 431, f"there may be {MAX_HEADERS} headers at most"
    else:
        return None
    return JSONResponse({"detail": detail}, status, {"Connection": "close"})


def _route(scope: Scope) -> str:
    """Return the path of the route as a label; few values, so metrics stay small."""
    path: str = scope["path"]
    if path == "/predict" or "app" not in scope:
        return path if path == "/predict" else "unmatched"
    found = [r for r in scope["app"].state.routes if r.path_regex.match(path)]
    same = [route for route in found if scope["method"] in (route.methods or ())]
    return next((route.path for route in same + found), "unmatched")


def _request_id(given: bytes) -> str:
    """Return the client's X-Request-ID if it is safe, otherwise a random one."""
    return str(given, "ascii") if REQUEST_ID.fullmatch(given) else os.urandom(16).hex()
