"""HTTP/1.1 connections: deadlines, a maximum head, and a close that loses no answer.

Three faults of uvicorn's own class: it waits forever for a request; it closes while the
client still sends, which resets the connection before the answer is read; and it drops
the body of a request that offers another protocol (`curl --http2`, Java's HttpClient).
"""

import time
from asyncio import AbstractEventLoop, Transport
from typing import Any, cast

from fastapi import FastAPI
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from pydantic_core import to_json
from uvicorn.server import ServerState

from mlservice.serving.request_metrics import MAX_HEADERS

MAX_HEAD = 65_536  # bytes without a complete head, chunk or trailer
LINGER_SECONDS, LINGER_BYTES = 2.0, 16_000_000  # to discard, at most, before a close
TOO_LARGE = f"there may be {MAX_HEADERS} headers of {MAX_HEAD} bytes at most"
LINGER_AT_STOP = 0.3  # seconds
EVICTED = 0.05  # of the idle connections are closed at a time: sorting them costs
FRAMING = (b"content-length", b"transfer-encoding")


class Parser(HttpRequestParser):
    """httptools parser that passes the rest of a request with an Upgrade offer on."""

    def __init__(self, connection: "Connection", callbacks: object) -> None:
        """Create a parser for one connection."""
        super().__init__(callbacks)
        self.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
        self._connection = connection

    def feed_data(self, data: Any) -> None:
        """Parse bytes; raise HttpParserError if they are not HTTP."""
        parser: HttpRequestParser = self
        while parser is self:
            try:
                return super().feed_data(data)
            except HttpParserUpgrade as offer:
                data = memoryview(data)[offer.args[0] :]
            parser = self._connection.parser_after_upgrade()
        return parser.feed_data(data)


class LingeringTransport:
    """asyncio transport whose `close` leaves the client time to read the answer."""

    def __init__(self, transport: Transport, connection: "Connection") -> None:
        """Wrap the transport of a connection."""
        self._transport, self._connection = transport, connection
        self.write, self.get_extra_info = transport.write, transport.get_extra_info

    def __getattr__(self, name: str) -> Any:
        """Return any other attribute of the transport."""
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Return True if no more may be written."""
        return self._connection.discards or self._transport.is_closing()

    def close(self) -> None:
        """Close; if the client still sends, close only this side at first."""
        if not self._connection.linger():
            self._transport.close()


class Connection(HttpToolsProtocol):
    """HTTP connection with deadlines and a maximum header size.

    It has no timers: the server calls `check` ten times a second.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        """Serve a connection; the limits are the application's settings."""
        super().__init__(config, server_state, app_state, _loop)
        self.parser = Parser(self, self)
        self._state = cast(FastAPI, config.app).state
        self._settings, self._refused = (
            self._state.settings,
            self._state.metrics.refused,
        )
        self.since = 0.0  # start of the incomplete request; 0 if there is none
        self.discards = False  # all input: the answer is sent, this side is closed
        self._flushed = 0.0  # last time when nothing was left to send
        self._unfinished = 0  # bytes since the last complete head or part of a body
        self._ended = False  # the client has closed its side
        self._closes = False  # after the answers that are due
        self._body_follows = False  # of a request with an Upgrade offer

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Accept a connection; if there are too many, close the idle ones first."""
        self.since = self._flushed = time.monotonic()
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
        if self.discards or self._closes:
            return
        if not self.since:
            self.since = time.monotonic()
        super().data_received(data)
        if self._unfinished and not self.transport.is_closing():
            if self._unfinished > MAX_HEAD or len(self.headers or ()) > MAX_HEADERS:
                self.refuse(431, "head", TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP/1.1."""
        self.refuse(400, "malformed", "the request is not valid HTTP/1.1")

    def parser_after_upgrade(self) -> HttpRequestParser:
        """Return the parser of the rest: a new one for a body, with its framing only."""
        if self._body_follows:
            self._body_follows = False
            self.cycle.keep_alive = False  # what comes after the body is discarded
            self.parser = Parser(self, OfferedBody(self))
            lines = [
                b"%s: %s\r\n" % pair for pair in self.headers if pair[0] in FRAMING
            ]
            self.parser.feed_data(b"".join([b"POST / HTTP/1.1\r\n", *lines, b"\r\n"]))
        return self.parser

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
                name in FRAMING and value != b"0" for name, value in self.headers
            )
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a part of a body on."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request, unless httptools skipped its body for an Upgrade offer."""
        if not self._body_follows:
            self.since, self._unfinished = 0.0, 0
            super().on_message_complete()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection of a client that waits for an answer."""
        self._ended = True
        return not self.discards and self._busy

    def on_response_complete(self) -> None:
        """Go on with the next request, or close if none can come."""
        last = not self.pipeline
        super().on_response_complete()
        if last and self._ended:
            self.transport.close()

    def check(self, now: float) -> None:
        """Close the connection if what it has to send, or to read, is late."""
        late = now - self._settings.deadline_seconds
        if not self.transport.get_write_buffer_size():
            self._flushed = now
        elif self._flushed < late:
            self._refused.labels("slow_reader").inc()
            self.transport.abort()
        if not self.since or self._busy or self.transport.is_closing():
            return
        if self._in_body:
            if self.since < late:
                self.refuse(408, "slow_body", "the body did not come in time")
        elif self.since < now - self._settings.header_seconds:
            self.refuse(408, "slow_head", "the headers did not come in time")

    @property
    def _in_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    @property
    def _busy(self) -> bool:
        """Return True while the server still owes this client a response."""
        computing = self.cycle is not None and not (
            self.cycle.response_complete or self.cycle.more_body
        )
        return computing or bool(self.pipeline)

    @property
    def idle(self) -> bool:
        """Return True if no request is being read or answered."""
        return not (self._busy or self._in_body or self.transport.is_closing())

    def _make_room(self) -> bool:
        """Close idle connections, those first whose request is incomplete longest."""
        idle = [c for c in self.connections if isinstance(c, Connection) and c.idle]
        idle.sort(key=lambda each: each.since or float("inf"))
        for each in idle[: max(1, int(EVICTED * len(idle)))]:
            self._refused.labels("silent").inc()
            self.connections.discard(each)
            (each.transport.abort if each.since else each.transport.close)()
        return bool(idle)

    def refuse(self, status: int, reason: str, detail: str) -> None:
        """Count a refusal, answer it if nothing was answered yet, and close."""
        self._refused.labels(reason).inc()
        if self._busy:
            self._closes, self.cycle.keep_alive = True, False
            return
        asked = self._unfinished or self._in_body or status != 408
        answered = self.cycle is not None and self.cycle.response_started
        if asked and not (self._in_body and answered):
            body = to_json({"detail": detail})
            headers = [
                *self.server_state.default_headers,
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
                (b"connection", b"close"),
                (b"retry-after", b"%d" % self._settings.retry_after_seconds),
            ]
            lines = [b"%s: %s\r\n" % header for header in headers]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        self.transport.close()

    def linger(self) -> bool:
        """Close the sending side only, if a request is incomplete; return True then."""
        if not self.since or self._ended:
            return False
        if not self.discards:
            self.discards, self._unfinished = True, 0
            self.flow.resume_reading()
            self.transport.write_eof()
            seconds = LINGER_AT_STOP if self._state.draining else LINGER_SECONDS
            self.loop.call_later(seconds, self.transport.abort)
        return True


class OfferedBody:
    """Parser callbacks for the body of a request with an Upgrade offer."""

    def __init__(self, connection: Connection) -> None:
        """Pass the body to its connection."""
        self._connection: Connection | None = connection

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on."""
        if self._connection:
            self._connection.on_body(body)

    def on_message_complete(self) -> None:
        """End the request; what follows is discarded."""
        if self._connection:
            self._connection.on_message_complete()
        self._connection = None
