"""Limits of requests in flight and of their bytes; requests over them are rejected.

A service without limits answers every client late, and runs out of memory.
"""

from collections.abc import Iterable

from pydantic_core import to_json
from starlette.types import ASGIApp, Receive, Scope, Send

from mlservice.serving.request_metrics import RequestMetrics
from mlservice.serving.settings import Settings

# Probes and operators need an answer most of all when the service is busy.
UNLIMITED = {"/healthz", "/readyz", "/metrics", "/admin/reload"}
BODIES = 32  # of the largest size may be in memory at a time: 32 MB by default


def refusal(
    status: int, detail: str, settings: Settings
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return headers and body of a response that closes the connection."""
    body = to_json({"detail": detail})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if status == 503:
        headers.append((b"retry-after", str(settings.retry_after_seconds).encode()))
    return headers, body


class Limits:
    """ASGI middleware that limits requests in flight and their bytes in memory."""

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: RequestMetrics
    ) -> None:
        """Wrap `app`; `metrics` counts rejected requests."""
        self.app = app
        self.settings = settings
        self.refused = metrics.refused
        self.in_flight = 0
        self.bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or reject it before its body is read."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        most = self.settings.max_body_bytes
        size = _content_length(scope["headers"], most)
        if size > most:
            reason = f"the body may have {most} bytes at most"
            await _refuse(send, 413, reason, self.settings)
        elif (
            self.in_flight >= self.settings.max_in_flight
            or self.bytes + size > BODIES * most
        ):
            self.refused.labels("in_flight").inc()
            await _refuse(send, 503, "too many requests are in flight", self.settings)
        else:
            self.in_flight += 1
            self.bytes += size
            try:
                await self.app(scope, receive, send)
            finally:
                self.in_flight -= 1
                self.bytes -= size


async def _refuse(send: Send, status: int, detail: str, settings: Settings) -> None:
    """Send an error and close the connection; the body is not read."""
    headers, body = refusal(status, detail, settings)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _content_length(headers: Iterable[tuple[bytes, bytes]], unknown: int) -> int:
    """Return the Content-Length; `unknown` for a chunked body."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else unknown
        if name == b"transfer-encoding":
            return unknown
    return 0
