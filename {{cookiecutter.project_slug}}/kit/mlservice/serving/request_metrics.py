"""Request id, log line, Prometheus metrics and security headers of every request."""

import os
import re
import time
from collections.abc import Collection
from functools import cache, partial
from urllib.parse import quote

import structlog
from fastapi import HTTPException
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = re.compile(rb"[\w.-]{1,64}", re.ASCII)  # safe in logs and headers
METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}  # as labels
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)  # seconds
MAX_PATH = 200  # characters in a log line, where others are percent-encoded
MAX_HEADERS = 100  # each takes memory beyond its bytes
MAX_DIGITS = 18  # of a Content-Length
DISCONNECTED = 499  # as nginx logs a disconnected client
INTERNAL = {"detail": "internal error; the log has it under this X-Request-ID"}
CLOSE = {"Connection": "close"}  # for a response before the body was read

POLICY = b"content-security-policy"
NOTHING = b"default-src 'none'; frame-ancestors 'none'"
DATA_HEADERS = [(POLICY, NOTHING), (b"cache-control", b"no-store")]
DOCS = (  # /docs runs scripts, inline and from a file
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' "
    b"'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    b"worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    b"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = [(POLICY, PAGE), (b"cache-control", b"no-cache")]

log = structlog.get_logger()


class RequestMetrics:
    """Prometheus metrics of one application."""

    def __init__(self) -> None:
        """Create each metric, in a registry of its own."""
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time, open files
        counter = partial(Counter, registry=registry)
        histogram = partial(Histogram, buckets=BUCKETS, registry=registry)
        by = ["method", "route", "status"]
        requests = counter("http_requests_total", "Requests answered", by)
        meaning = "Time from the first byte in to the last byte out"
        duration = histogram("http_request_duration_seconds", meaning, ["route"])
        predictions = counter("predictions_total", "Predictions by result", ["label"])
        meaning = "Requests and connections refused for a limit"
        self.refused = counter("requests_refused_total", meaning, ["reason"])
        meaning = "Predictions by what became of their line in the prediction log"
        self.logged = counter("prediction_log_rows_total", meaning, ["outcome"])
        meaning = "1 for the model served"
        self.model = Gauge("model_info", meaning, ["version"], registry=registry)
        # Looking up labels costs more than counting: each lookup is cached.
        self.request_of = cache(requests.labels)
        self.duration_of = cache(duration.labels)
        self.prediction_of = cache(predictions.labels)

    def busy(self, reason: str, detail: str, **headers: str) -> HTTPException:
        """Count a rejected request and return its 503."""
        self.refused.labels(reason).inc()
        return HTTPException(503, detail, headers)


class RequestMiddleware:
    """Outermost ASGI middleware: logs, counts, and answers unhandled exceptions.

    It adds to the scope `fields`, the headers by name, and `request_id`. It takes
    `root_path` from the path, so that a proxy may strip that prefix or not. Each 503
    gets Retry-After.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: RequestMetrics,
        retry_after: int = 5,
        page: Collection[str] = (),
    ) -> None:
        """Wrap `app`; `metrics` counts its requests. `page`: paths of the page."""
        self.security = {"/docs": [(POLICY, DOCS)]} | dict.fromkeys(page, PAGE_HEADERS)
        self.app, self.metrics = app, metrics
        self.retry = (b"retry-after", b"%d" % retry_after)

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
        given = fields.get(b"x-request-id", b"")
        name = given.decode() if REQUEST_ID.fullmatch(given) else os.urandom(16).hex()
        scope["request_id"] = name
        security = self.security.get(scope["path"], DATA_HEADERS)
        added = [*security, (b"x-request-id", name.encode())]
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == 503:
                    added.append(self.retry)
                message["headers"] = [*message["headers"], *added]
            await send(message)

        try:
            if malformed := _malformed(scope, fields):
                self.metrics.refused.labels("malformed").inc()
            await (malformed or self.app)(scope, receive, watch)
        except ClientDisconnect:
            status = status or DISCONNECTED
        except Exception:  # pylint: disable=broad-exception-caught  # last handler
            log.exception("request failed", request_id=name)
            if not status:
                await JSONResponse(INTERNAL, 500)(scope, receive, watch)
        self._record(scope, name, status, time.perf_counter() - started)

    def _record(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        """Count and log a finished request."""
        path, route = scope["path"], _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.request_of(method, route, status).inc()
        self.metrics.duration_of(route).observe(seconds)
        log.info(
            "request",
            request_id=name,
            client=scope["client"][0] if scope["client"] else None,
            method=method,
            route=route,
            path=route if route == path else quote(path[:MAX_PATH], "/"),
            status=status,
            ms=round(seconds * 1000, 3),
        )


def _malformed(scope: Scope, fields: dict[bytes, bytes]) -> JSONResponse | None:
    """Return a 400 or 431 for headers that proxies and servers may read differently."""
    headers, status = scope["headers"], 400
    hosts = len(fields) != len(headers) and [h for h, _ in headers].count(b"host") > 1
    if hosts or (b"host" not in fields and scope["http_version"] == "1.1"):
        detail = "send one Host header"
    elif len(fields.get(b"content-length", b"")) > MAX_DIGITS:
        detail = f"Content-Length may have {MAX_DIGITS} digits at most"
    elif len(headers) > MAX_HEADERS:
        status, detail = 431, f"there may be {MAX_HEADERS} headers at most"
    else:
        return None
    return JSONResponse({"detail": detail}, status, CLOSE)


def _route(scope: Scope) -> str:
    """Return the path of the route as a label; few values, so metrics stay small."""
    path: str = scope["path"]
    if path == "/predict":
        return path
    found = [r for r in scope["app"].state.routes if r.path_regex.match(path)]
    same = [route for route in found if scope["method"] in (route.methods or ())]
    return next((route.path for route in same + found), "unmatched")
