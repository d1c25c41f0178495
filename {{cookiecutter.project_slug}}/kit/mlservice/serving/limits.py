"""Limits of requests in flight, of the bytes of their bodies, and of large requests.

A request counts when its body is there: a client that announces a body and does not
send it holds nothing that others need. Small requests are computed inline, large ones
in one thread: a thread costs more than a small one, which would wait for large ones.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlservice.serving.request_metrics import CLOSE, RequestMetrics
from mlservice.serving.settings import Settings

# Probes and operators need an answer most of all when the service is busy.
UNLIMITED = {"/healthz", "/readyz", "/metrics", "/admin/reload"}
BODIES = 16  # of the largest size may be in memory, and as many incomplete ones
LARGE = 16_384  # bytes of a body: 60 rows, or a dozen pictures
SWITCH_SECONDS = 0.0005  # until the thread yields the interpreter to small requests
ADVICE = "send fewer rows, or send them later"

T = TypeVar("T")


class Limits:
    """ASGI middleware that reads each body, and limits the requests in flight."""

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: RequestMetrics
    ) -> None:
        """Wrap `app`; `metrics` counts rejected requests."""
        self.app, self.busy = app, metrics.busy
        self.most, self.max_in_flight = settings.max_body_bytes, settings.max_in_flight
        self.in_flight = self.bytes = self.incomplete_bytes = 0
        self.incomplete = Counter[asyncio.Timeout]()  # bytes of each body so far

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, or raise HTTPException."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        body = await self._read(scope["fields"], receive)
        full = self.in_flight >= self.max_in_flight
        if full or self.bytes + len(body) > BODIES * self.most:
            raise self.busy("in_flight", "too many requests are in flight", **CLOSE)
        self.in_flight += 1
        self.bytes += len(body)
        try:
            await self.app(scope, _whole(body, receive), send)
        finally:
            self.in_flight -= 1
            self.bytes -= len(body)

    async def _read(self, fields: Mapping[bytes, bytes], receive: Receive) -> bytes:
        """Return the body; raise 413 as soon as it is too large, 415 if compressed."""
        length = int(fields.get(b"content-length", b"0"))
        if not length and b"transfer-encoding" not in fields:
            return b""
        if fields.get(b"content-encoding", b"identity").lower() != b"identity":
            raise HTTPException(415, "send the body without Content-Encoding", CLOSE)
        body, more = await _next(receive) if length <= self.most else (b"", False)
        if more:
            body = await self._read_on(receive, bytearray(body))
        if max(length, len(body)) > self.most:
            detail = f"the body may have {self.most} bytes at most"
            raise HTTPException(413, detail, CLOSE)
        return body

    async def _read_on(self, receive: Receive, body: bytearray) -> bytes:
        """Read a body that comes in parts, until it is complete or too large."""
        try:
            async with asyncio.timeout(None) as evicted:
                self._hold(evicted, len(body))
                more = True
                while more and len(body) <= self.most:
                    part, more = await _next(receive)
                    body += part
                    self._hold(evicted, len(part))
        except TimeoutError as error:
            detail = "too many bodies are incomplete"
            raise self.busy("bodies", detail, **CLOSE) from error
        finally:
            self.incomplete_bytes -= self.incomplete.pop(evicted)
        return bytes(body)

    def _hold(self, reading: asyncio.Timeout, size: int) -> None:
        """Count bytes of an incomplete body; over the limit, reject the largest one."""
        self.incomplete[reading] += size
        self.incomplete_bytes += size
        if self.incomplete_bytes > BODIES * self.most:
            [(largest, held)] = self.incomplete.most_common(1)
            self.incomplete_bytes -= held
            self.incomplete[largest] = 0
            largest.reschedule(asyncio.get_running_loop().time())


async def _next(receive: Receive) -> tuple[bytes, bool]:
    """Return the next part of a body, and whether more follows."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


def _whole(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body at once, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


class SizedExecutor:
    """One thread for large requests, with a bounded queue."""

    def __init__(self, settings: Settings, metrics: RequestMetrics) -> None:
        """Create the executor; its thread starts with the first large request."""
        self._settings, self._busy = settings, metrics.busy
        self._thread = ThreadPoolExecutor(1, "large")
        self._pending = 0  # large requests that wait or are computed
        sys.setswitchinterval(SWITCH_SECONDS)

    async def run(self, size: int, work: Callable[..., T], *args: object) -> T:
        """Return `work(...)` for a body of `size` bytes; raise 503 if overloaded."""
        if size < LARGE:
            return work(*args)
        if self._pending > self._settings.max_queue:
            raise self._busy("queue", f"too many large requests wait; {ADVICE}")
        self._pending += 1
        try:
            job = asyncio.wrap_future(self._thread.submit(work, *args))
            return await asyncio.wait_for(job, self._settings.deadline_seconds)
        except TimeoutError as error:
            detail = f"it could not be computed in time; {ADVICE}"
            raise self._busy("deadline", detail) from error
        finally:
            self._pending -= 1
