"""Startup and shutdown: load the model, drain connections before the process ends.

A service without a model stays alive, reports the reason on /readyz, and retries.
"""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from mlservice.serving import model_loading
from mlservice.serving.connections import Connection
from mlservice.serving.sockets import accept_pending

CLOSE = (b"connection", b"close")
PENDING_SECONDS = 0.2  # for the last connections to send a request
INCOMPLETE_SECONDS = 3.0  # more, for incomplete requests of slow clients

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the model, or retry in the background; reload it at SIGHUP."""
    tasks = [asyncio.create_task(model_loading.reload_on_sighup(app))]
    if not await model_loading.try_to_load(app):
        tasks.append(asyncio.create_task(model_loading.retry_until_loaded(app)))
    yield
    for task in tasks:
        task.cancel()
    log.info("stopped")


class DrainingServer(uvicorn.Server):
    """uvicorn server that goes on answering for SERVE_DRAIN_SECONDS after SIGTERM.

    Meanwhile /readyz returns 503 and each response closes its connection, so that load
    balancers choose another instance before this one stops.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        """Serve `app` with a configuration of uvicorn."""
        super().__init__(config)
        self._state = app.state
        self._end = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start draining; a second signal, or Ctrl-C, stops at once."""
        if sig == signal.SIGTERM and not self._state.draining:
            self._end = time.monotonic() + self._state.settings.drain_seconds
            self._state.draining = True
            self.config.encoded_headers.append(CLOSE)  # from the next second on
            self.server_state.default_headers.append(CLOSE)  # and until then
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Check deadlines, ten times a second; return True when it is time to stop."""
        now = time.monotonic()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection):
                connection.check(now)
        if self._state.draining and now >= self._end:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, answer the connections that wait there, and stop."""
        ports = [port.dup() for port in sockets or []]  # they outlive their servers
        for server in self.servers:
            server.close()
        for port in sockets or []:
            port.close()
        taken = [connection for port in ports for connection in accept_pending(port)]
        for connection in taken:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._protocol, connection
            )
        await asyncio.sleep(PENDING_SECONDS)
        await self._finish_incomplete_requests(time.monotonic() + INCOMPLETE_SECONDS)
        await super().shutdown(sockets)

    async def _finish_incomplete_requests(self, end: float) -> None:
        """Wait until no open connection has an incomplete request, or until `end`."""
        while time.monotonic() < end and any(
            isinstance(each, Connection) and each.since
            for each in self.server_state.connections
        ):
            await asyncio.sleep(0.02)

    def _protocol(self) -> asyncio.Protocol:
        """Return the protocol for a connection, as uvicorn does when it accepts one."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
