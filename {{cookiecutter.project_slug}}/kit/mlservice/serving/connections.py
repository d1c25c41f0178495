"""How a connection behaves, or is closed: uvicorn waits for ever, and for any size.

No request has a timer of its own: the server looks at all connections ten times a
second (`check`).
"""

import time
from asyncio import AbstractEventLoop, Transport
from typing import Any, cast

from fastapi import FastAPI
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from mlservice.serving.http_protocol import ENDLESS, Protocol
from mlservice.serving.limits import refusal

AT_ONCE = 0.05  # of the connections are closed when there are too many: sorting costs


class Connection(Protocol):
    """A connection that must say what it wants in time and in few words."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        """Serve a connection; the limits are the application's settings."""
        super().__init__(config, server_state, app_state, _loop)
        state = cast(FastAPI, config.app).state
        self._settings, self._refused = state.settings, state.metrics.refused
        self.since = 0.0  # when the request began that is not whole yet; 0: none did
        self._flushed = 0.0  # when there was last nothing left to send

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take a connection; if there are too many, close those silent longest."""
        self.since = self._flushed = time.monotonic()
        crowded = len(self.connections) >= self._settings.max_connections
        if crowded and not self._make_room():
            super().connection_made(transport)
            self._refuse(503, "connections", "too many connections are busy")
        else:
            super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Read on, and note since when a request is awaited."""
        if not self.since:
            self.since = time.monotonic()
        super().data_received(data)

    def endless(self) -> None:
        """Answer a head that has no end."""
        self._refuse(431, "head", ENDLESS)

    def on_message_begin(self) -> None:
        """Note when a request begins: the rest of it must come in time."""
        self.since = time.monotonic()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that the client owes nothing any more."""
        self.since = 0.0
        super().on_message_complete()

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
                self._refuse(408, "slow_body", "the body did not come in time")
        elif self.since < now - self._settings.header_seconds:
            self._refuse(408, "slow_head", "the headers did not come in time")

    @property
    def _in_body(self) -> bool:
        return self.cycle is not None and self.cycle.more_body

    @property
    def _busy(self) -> bool:
        """Tell whether it waits for us rather than we for it."""
        computing = self.cycle is not None and not (
            self.cycle.response_complete or self.cycle.more_body
        )
        return computing or bool(self.pipeline)

    @property
    def silent(self) -> bool:
        """Tell whether it has asked for nothing that is still to be answered."""
        return not (self._busy or self._in_body or self.transport.is_closing())

    def _make_room(self) -> bool:
        """Close who is silent, those first who are slow to say what they want."""
        mine = [c for c in self.connections if isinstance(c, Connection) and c.silent]
        mine.sort(key=lambda each: each.since or float("inf"))
        for each in mine[: max(1, int(AT_ONCE * len(mine)))]:
            self._refused.labels("silent").inc()
            self.connections.discard(each)
            each.transport.close()
        return bool(mine)

    def _refuse(self, status: int, reason: str, detail: str) -> None:
        """Close; say why to a client that has said something and has no answer yet."""
        self._refused.labels(reason).inc()
        asked = self.unfinished or self._in_body or status == 503
        answered = self.cycle is not None and self.cycle.response_started
        if asked and not self._busy and not (self._in_body and answered):
            headers, body = refusal(status, detail, self._settings)
            always = self.server_state.default_headers
            lines = [b"%s: %s\r\n" % header for header in (*always, *headers)]
            self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        self.transport.close()
