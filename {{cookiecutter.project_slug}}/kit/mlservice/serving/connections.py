"""HTTP/1.1 connections: deadlines, a maximum head, and a close that loses no answer.

Three faults of uvicorn's own class: it waits forever for a request; it closes while the
client still sends, and that reset loses the answer; and it drops the body of a request
that offers another protocol (`curl --http2`, Java's HttpClient).
"""

import time
from asyncio import Transport
from typing import Any, cast

from fastapi import FastAPI
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from starlette.responses import JSONResponse
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mlservice.serving.connection_parts import LingeringTransport, OfferedBody
from mlservice.serving.request_metrics import MAX_HEADERS

MAX_HEAD = 65_536  # bytes without a complete head, chunk or trailer
TOO_LARGE = f"there may be {MAX_HEADERS} headers of {MAX_HEAD} bytes at most"
LINGER_SECONDS, LINGER_BYTES = 2.0, 16_000_000  # to discard, at most, before a close
LINGER_AT_STOP = 0.3  # seconds while the service stops
FRAMING = (b"content-length", b"transfer-encoding")
LATE = float("-inf")  # start of an incomplete request that is not waited for
EVICTED = 0.05  # of the idle connections are closed at a time: sorting them costs


class Connection(HttpToolsProtocol):
    """HTTP connection with deadlines, which the server checks ten times a second."""

    def __init__(self, config: Config, **server: Any) -> None:
        """Serve a connection; the limits are the application's settings."""
        super().__init__(config, **server)
        state = self._state = cast(FastAPI, config.app).state
        self._settings, self._refused = state.settings, state.metrics.refused
        self.since = time.monotonic()  # start of the incomplete request; 0: none
        self.discards = False  # all input: the answer is sent, this side is closed
        self._flushed = self.since  # last time when nothing was left to send
        self._unfinished = 0  # bytes since the last complete head or part of a body
        self._ended = False  # the client has closed its side
        self._body_follows = False  # of a request with an Upgrade offer

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Accept a connection; if there are too many, close the idle ones first."""
        crowded = len(self.connections) >= self._settings.max_connections
        room = not crowded or self._make_room()
        super().connection_made(cast(Transport, LingeringTransport(transport, self)))
        if not room:
            self.refuse(503, "connections", "too many connections are busy")

    def data_received(self, data: bytes) -> None:
        """Parse input, or discard it after the answer."""
        self._unfinished += len(data)
        if self.discards and self._unfinished > LINGER_BYTES:
            self.transport.abort()
        if self.discards or self.since == LATE:
            return
        self.since = self.since or time.monotonic()
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except HttpParserError:
            self.refuse(400, "malformed", "the request is not valid HTTP/1.1")
        if self._unfinished and not self.transport.is_closing():
            if self._unfinished > MAX_HEAD or len(self.headers or ()) > MAX_HEADERS:
                self.refuse(431, "head", TOO_LARGE)

    def _parse(self, data: bytes) -> None:
        """Parse input; an Upgrade offer is ignored, and its body parsed by itself."""
        while data:
            try:
                self.parser.feed_data(data)
                return
            except HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
            if self._body_follows:
                self._body_follows = False
                self.cycle.keep_alive = False  # what follows the body is discarded
                self.parser = HttpRequestParser(OfferedBody(self))
                framing = [each for each in self.headers if each[0] in FRAMING]
                lines = [b"POST / HTTP/1.1", *(b"%s: %s" % each for each in framing)]
                self.parser.feed_data(b"\r\n".join([*lines, b"", b""]))

    def on_message_begin(self) -> None:
        """Start a request: the rest of it must come in time."""
        self.since = time.monotonic()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Start the application."""
        self._unfinished = 0
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise HttpParserError("this is not a proxy")
            self._body_follows = any(
                name in FRAMING and size != b"0" for name, size in self.headers
            )
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a part of a body on."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request, unless its body was skipped for an Upgrade offer."""
        if not self._body_follows:
            self.since, self._unfinished = 0.0, 0
            super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection of a client that waits for an answer, until it has it."""
        self._ended = True
        return not self.discards and self._finish()

    def _finish(self) -> bool:
        """Read no more and close after the answers that are due; False if none is."""
        if self.reads:
            return False
        self.since, self.cycle.keep_alive = LATE, False
        return True

    @property
    def reads(self) -> str:
        """Return "head" or "body", or "" while this client is owed a response."""
        cycle, unread = self.cycle, bool(self.cycle and self.cycle.more_body)
        if self.pipeline or (cycle and not (unread or cycle.response_complete)):
            return ""
        return "body" if unread and self.since else "head"

    def check(self, now: float) -> None:
        """Close the connection if what it has to send, or to read, is late."""
        late = now - self._settings.deadline_seconds
        if not self.transport.get_write_buffer_size():
            self._flushed = now
        elif self._flushed < late:
            self._refused.labels("slow_reader").inc()
            self.transport.abort()
        if self.since and not self.transport.is_closing() and (reads := self.reads):
            if reads == "head":
                late = now - self._settings.header_seconds
            if self.since < late:
                self.refuse(408, f"slow_{reads}", f"the {reads} did not come in time")

    def _make_room(self) -> bool:
        """Close idle connections, those first whose request is incomplete longest."""
        known = cast(set[Connection], self.connections)
        idle = [c for c in known if c.reads == "head" and not c.transport.is_closing()]
        idle.sort(key=lambda each: each.since or -LATE)
        for each in idle[: max(1, int(EVICTED * len(idle)))]:
            self._refused.labels("silent").inc()
            self.connections.discard(each)
            (each.transport.abort if each.since else each.transport.close)()
        return bool(idle)

    def refuse(self, status: int, reason: str, detail: str) -> None:
        """Count a refusal, answer it if nothing was answered yet, and close."""
        self._refused.labels(reason).inc()
        if self._finish():
            return
        silent = not self._unfinished and status == 408  # it has sent nothing
        if not (self.cycle.response_started if self.reads == "body" else silent):
            retry = str(self._settings.retry_after_seconds)
            more = {"connection": "close", "retry-after": retry}
            answer = JSONResponse({"detail": detail}, status, more)
            headers = self.server_state.default_headers + answer.raw_headers
            lines = [b"%s: %s\r\n" % each for each in headers] + [b"\r\n"]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, answer.body]))
        self.transport.close()

    def linger(self) -> bool:
        """Close the sending side only, if a request is incomplete; return True then."""
        if self.since and not (self._ended or self.discards):
            self.discards, self._unfinished = True, 0
            self.flow.resume_reading()
            self.transport.write_eof()
            seconds = LINGER_AT_STOP if self._state.draining else LINGER_SECONDS
            self.loop.call_later(seconds, self.transport.abort)
        return self.discards
