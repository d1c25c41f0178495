"""How the service starts and stops: it waits for a model, and it drains before it ends.

A service without a model stays alive, says why on /readyz, and tries again.
"""

import asyncio
import gc
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from . import registry
from .artifact import ArtifactError
from .config import Settings
from .listener import take_the_last
from .predict import Predictor

CLOSE = (b"connection", b"close")
LAST_CALL = 0.2  # seconds for who came last to say what they want

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load the model, or keep trying in the background."""
    waiting = None
    if not await _load(app):
        waiting = asyncio.create_task(_keep_trying(app))
    yield
    if waiting is not None:
        waiting.cancel()
    log.info("stopped")


async def _keep_trying(app: FastAPI) -> None:
    loaded = False
    while not loaded:
        await asyncio.sleep(max(1, app.state.settings.retry_after_seconds))
        loaded = await _load(app)


async def _load(app: FastAPI) -> bool:
    """Put the model in place; tell whether there is one that may be served."""
    state = app.state
    try:
        predictor = await asyncio.to_thread(_find, state.settings)
    except ArtifactError as error:
        if state.reason != str(error):
            log.error("not ready", reason=str(error))
        state.reason = str(error)
        return False
    state.predictor = predictor
    state.meters.model.labels(predictor.version).set(1)
    gc.collect()
    gc.freeze()  # what is loaded is never garbage: collecting it cost 80 ms at p99
    log.info("ready", model_version=predictor.version)
    return True


def _find(settings: Settings) -> Predictor:
    if settings.model_alias:
        return Predictor(registry.fetch(settings.model_alias))
    return Predictor.load(settings.model_dir)


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
        if self._state.draining and time.monotonic() >= self._end:
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, and answer first whoever had reached it."""
        ports = sockets or []
        taken = [connection for port in ports for connection in take_the_last(port)]
        for server in self.servers:
            server.close()
        for port in ports:
            port.close()
        for connection in taken:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._protocol, connection
            )
        await asyncio.sleep(LAST_CALL)
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        """Speak HTTP on a connection, as uvicorn does on those that it accepts."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
