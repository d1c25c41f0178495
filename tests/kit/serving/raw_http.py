"""HTTP as bytes on a socket: what no client library would send."""

import json
import socket

from toys.classification import SERVICE

EXAMPLE = SERVICE.example

BODY = json.dumps({"instances": [EXAMPLE]}).encode()
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
REQUEST = HEAD % len(BODY) + BODY
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
METRICS = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
LARGE = HEALTH.replace(b"healthz", b"openapi.json")  # the answer is
SOON = 0.2  # seconds that a test's limits allow
TIMEOUT = 10


def send(port, *words):
    """Open a connection and send words on it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    for word in words:
        connection.sendall(word)
    return connection


def receive_all(connection):
    """Return all that comes until the other side closes, and close."""
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass  # it did not wait for what we were still sending
    connection.close()
    return received


def ask(port, request=REQUEST):
    """Send one request on a connection of its own; return the answer's first line."""
    with send(port, request) as connection:
        return connection.recv(65_536).partition(b"\r\n")[0]


def refused(port, reason):
    """Return how many were refused for this reason."""
    label = b'_refused_total{reason="%s"}' % reason.encode()
    lines = receive_all(send(port, METRICS)).splitlines()
    return sum(float(line.split()[-1]) for line in lines if label in line)
