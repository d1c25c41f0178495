"""How the service starts and stops: it waits for a model, and it drains before it ends.

A service without a model stays alive, says why on /readyz, and tries again.
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
PENDING_SECONDS = 0.2  # seconds for who came last to say what they want
INCOMPLETE_SECONDS = 3.0  # seconds more for clients on a busy machine

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the model, or keep trying in the background."""
    tasks = [asyncio.create_task(model_loading.reload_on_sighup(app))]
    if not await model_loading.try_to_load(app):
        tasks.append(asyncio.create_task(model_loading.retry_until_loaded(app)))
    yield
    for task in tasks:
        task.cancel()
    log.info("stopped")


class DrainingServer(uvicorn.Server):
    """Answers on for a while after SIGTERM: so long do clients send on.

    Meanwhile /readyz says 503 and each answer closes its connection, so a load balancer
    looks elsewhere and no request is caught between two.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        """Serve `app` as `config` says."""
        super().__init__(config)
        self._state = app.state
        self._end = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal, or Ctrl-C, ends at once."""
        if sig == signal.SIGTERM and not self._state.draining:
            self._end = time.monotonic() + self._state.settings.drain_seconds
            self._state.draining = True
            self.config.encoded_headers.append(CLOSE)  # from the next second on
            self.server_state.default_headers.append(CLOSE)  # and until then
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether it is time to end."""
        now = time.monotonic()
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection):
                connection.check(now)
        if self._state.draining and now >= self._end:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, and answer first whoever had reached it."""
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
        """Wait for who is connected and has not said yet, or not wholly, what for."""
        while time.monotonic() < end and any(
            isinstance(each, Connection) and each.since
            for each in self.server_state.connections
        ):
            await asyncio.sleep(0.02)

    def _protocol(self) -> asyncio.Protocol:
        """Speak HTTP on a connection, as uvicorn does on those that it accepts."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
