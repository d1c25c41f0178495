"""Parts of an HTTP connection: a transport that lingers, and callbacks of a parser."""

from asyncio import Transport
from typing import Any, Protocol


class Lingering(Protocol):
    """Connection that decides whether to close its sending side only."""

    discards: bool  # all input: the answer is sent, this side is closed

    def linger(self) -> bool:
        """Close the sending side only, if a request is incomplete; return True then."""


class Callbacks(Protocol):
    """Callbacks of httptools for a body."""

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""

    def on_message_complete(self) -> None:
        """Take the end of the body."""


class LingeringTransport:
    """asyncio transport whose `close` leaves the client time to read the answer."""

    def __init__(self, transport: Transport, connection: Lingering) -> None:
        """Wrap the transport of a connection."""
        self._transport, self._connection = transport, connection
        self.write = transport.write  # in each request, faster than __getattr__

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


class OfferedBody:
    """Parser callbacks for the body of a request with an Upgrade offer."""

    def __init__(self, connection: Callbacks) -> None:
        """Pass the body to its connection; discard what follows it."""
        self._connection: Callbacks | None = connection

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on."""
        if self._connection:
            self._connection.on_body(body)

    def on_message_complete(self) -> None:
        """End the request."""
        if self._connection:
            self._connection.on_message_complete()
        self._connection = None
