"""The port: taken before anything is loaded, given back without a lost connection."""

import ctypes
import socket

from mlservice.errors import UserError

LIBC = ctypes.PyDLL(None)  # unlike `socket`, it keeps the interpreter's lock


def listen(host: str, port: int, prefix: str = "SERVE_") -> socket.socket:
    """Take the port, or raise UserError that says which setting moves it.

    `prefix` is what the names of the two settings, …HOST and …PORT, begin with.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(
            f"cannot listen on {host}:{port} ({reason}); "
            f"set {prefix}HOST or {prefix}PORT"
        ) from error


def accept_pending(listener: socket.socket) -> list[socket.socket]:
    """Close a listener; return all connections that waited there.

    The kernel resets what still waits in the queue of a listener that is closed: of 16
    busy clients 15 were seen to lose a request so. Nothing stands between the last look
    and the end, not even a wait for another thread's computing: somebody would come
    meanwhile.
    """
    taken = []
    listener.setblocking(False)
    port = listener.detach()
    while (connection := LIBC.accept(port, None, None)) >= 0:
        taken.append(connection)
    LIBC.close(port)
    return [socket.socket(fileno=connection) for connection in taken]
