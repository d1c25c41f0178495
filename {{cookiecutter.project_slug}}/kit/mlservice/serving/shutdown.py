"""Startup and shutdown: load the model, drain connections before the process ends.

A service without a model stays alive, reports the reason on /readyz, and retries.
"""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import FrameType
from typing import cast

import structlog
import uvicorn
from fastapi import FastAPI

from mlservice.errors import UserError
from mlservice.serving import model_loading
from mlservice.serving.connections import Connection

CLOSE = (b"connection", b"close")
PENDING_SECONDS = 0.2  # for the last connections to send a request
INCOMPLETE_SECONDS = 1.0  # more, for incomplete requests of slow clients

log = structlog.get_logger()


def listen(host: str, port: int, prefix: str = "SERVE_") -> socket.socket:
    """Bind a port; raise UserError that names the setting if it cannot be bound.

    `::` listens for IPv4, too. `prefix` begins the names of the settings.
    """
    both = host == "::" and socket.has_dualstack_ipv6()
    family, at = socket.AF_INET6 if ":" in host else socket.AF_INET, (host, port)
    try:
        return socket.create_server(
            at, family=family, backlog=2048, dualstack_ipv6=both
        )
    except OSError as error:
        what = f"cannot listen on {host}:{port} ({error.strerror or error})"
        raise UserError(f"{what}; set {prefix}HOST or {prefix}PORT") from error


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the model, or retry in the background; reload it at SIGHUP.

    At the end the prediction log is written and closed.
    """
    reloading = asyncio.create_task(model_loading.reload_on_sighup(app))
    await model_loading.try_to_load(app)
    loading = asyncio.create_task(model_loading.retry_until_loaded(app))
    yield
    reloading.cancel()
    loading.cancel()
    if app.state.prediction_log:
        await asyncio.to_thread(app.state.prediction_log.close)
    log.info("stopped")


class DrainingServer(uvicorn.Server):
    """uvicorn server that goes on answering for SERVE_DRAIN_SECONDS after SIGTERM.

    Meanwhile /readyz returns 503 and each response closes its connection, so that load
    balancers choose another instance before this one stops.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        """Serve `app` with a configuration of uvicorn."""
        super().__init__(config)
        self._state, self._end = app.state, 0.0
        self._connections = cast(set[Connection], self.server_state.connections)

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
        for connection in list(self._connections):
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
        loop, state = asyncio.get_running_loop(), {"app_state": self.lifespan.state}
        new = partial(Connection, self.config, server_state=self.server_state, **state)
        for connection in [c for port in ports for c in accept_pending(port)]:
            await loop.connect_accepted_socket(new, connection)
        await asyncio.sleep(PENDING_SECONDS)
        end = time.monotonic() + INCOMPLETE_SECONDS
        while time.monotonic() < end and any(c.since for c in self._connections):
            await asyncio.sleep(0.02)
        for late in list(self._connections):
            if late.since:
                late.refuse(408, "stopping", "the service stops")
        await super().shutdown(sockets)


def accept_pending(port: socket.socket) -> list[socket.socket]:
    """Close a listening socket; return all connections that waited there.

    The kernel resets connections in the queue of a socket that is closed: of 16 busy
    clients, 15 were seen to lose a request so.
    """
    accepted = []
    port.setblocking(False)
    with port, suppress(BlockingIOError):
        while True:
            accepted.append(port.accept()[0])
    return accepted
