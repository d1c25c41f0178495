"""Bytes that are no proper HTTP, sent to the running service over a real socket.

Each client ends its side and reads until the service ends its own, so that no answer is
missed and a connection that hangs is seen. Whatever came, the next request is answered.
"""

import contextlib
import json
import re
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

POST = b"POST /predict HTTP/1.1\r\nHost: x\r\n"
BODY = json.dumps({"instances": [EXAMPLE]}).encode()
CHUNKED = b"Transfer-Encoding: chunked"
PIECES = b"".join(b"1;a=b\r\n%c\r\n" % byte for byte in BODY)
H2C = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMA")
WS = (b"Connection: upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13")
TIMEOUT = 10  # seconds; an answer takes milliseconds


def message(*lines, body=BODY):
    """Write a request, with the length of its body."""
    line, *headers = lines or [b"POST /predict HTTP/1.1"]
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join([line, b"Host: x", length, *headers, b"", body])


GOOD = message()
GET = message(b"GET /healthz HTTP/1.1", body=b"")
CASES = {  # what is sent, and the statuses of the answers, in their order
    "pipelined": (GOOD + message(body=b"{}") + GET + GOOD, [200, 422, 200, 200]),
    "two hundred pipelined": (GOOD * 200, [200] * 200),
    "after the last": (message(b"GET /healthz HTTP/1.0", body=b"") + GOOD, [200]),
    "nothing": (b"", []),
    "half a line": (b"POST /pre", []),
    "half a head": (GOOD[:40], []),
    "half a body": (GOOD[:-9], []),
    "half of the second": (GET + GOOD[:40], [200]),
    "blank lines before": (b"\r\n\r\n" + GOOD, [200]),
    "garbage": (b"\x00\xff\x01garbage\r\n\r\n", [400]),
    "garbage before": (b"GARBAGE\r\n" + GOOD, [400]),
    "garbage after": (GOOD + b"\x00\xff\r\n\r\n", [200]),
    "chunked": (POST + CHUNKED + b"\r\n\r\n" + PIECES + b"0\r\nX: y\r\n\r\n", [200]),
    "no chunk": (POST + CHUNKED + b"\r\n\r\nzz\r\n", [400]),
    "two lengths": (message(b"POST /predict HTTP/1.1", b"Content-Length: 6"), [400]),
    "length and chunks": (message(b"POST /predict HTTP/1.1", CHUNKED), [400]),
    "lengths": (b"POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\nhello", [400]),
    "less than nothing": (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello", [400]),
    "more than all": (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % 10**30, [400]),
    "no length": (b"POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", [400]),
    "absolute target": (message(b"POST http://x/predict HTTP/1.1"), [200]),
    "no target": (message(b"POST http://[/predict HTTP/1.1"), [400]),
    "any target": (message(b"OPTIONS * HTTP/1.1"), [404]),
    "target of a proxy": (message(b"CONNECT x:80 HTTP/1.1"), [400]),
    "path of a proxy": (message(b"CONNECT /predict HTTP/1.1"), [400]),
    "long path": (message(b"GET /" + b"a" * 60_000 + b" HTTP/1.1"), [404]),
    "longer path": (message(b"GET /" + b"a" * 70_000 + b" HTTP/1.1"), [400]),
    "path of no letters": (message(b"GET /%00%ff%zz%2e%2e HTTP/1.1"), [404]),
    "path of bytes": (message(b"GET /\xff\xfe HTTP/1.1"), [400]),
    "NUL in the path": (message(b"GET /\x00 HTTP/1.1"), [400]),
    "NUL in a header": (message(b"GET /healthz HTTP/1.1", b"X: a\x00b"), [400]),
    "line feed in a header": (message(b"GET /healthz HTTP/1.1", b"X: a\n b"), [400]),
    "long header": (message(b"GET /healthz HTTP/1.1", b"X: " + b"a" * 60_000), [200]),
    "many headers": (message(b"GET /healthz HTTP/1.1", *[b"X: a"] * 5_000), [431]),
    "header of bytes": (message(b"POST /predict HTTP/1.1", b"X-\xfc: \xff"), [400]),
    "type of bytes": (message(b"POST /predict HTTP/1.1", b"Content-Type: \xff"), [415]),
    "unknown method": (message(b"BREW /predict HTTP/1.1"), [400]),
    "method of bytes": (message(b"P\xd6ST /predict HTTP/1.1"), [400]),
    "HTTP/0.9": (b"GET /healthz\r\n\r\n", [200]),
    "HTTP/1.0": (b"GET /healthz HTTP/1.0\r\n\r\n", [200]),
    "HTTP/9.9": (message(b"GET /healthz HTTP/9.9"), [400]),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", [400]),
    "TLS": (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"x" * 99, [400]),
    "HTTP/2 offered": (message(b"POST /predict HTTP/1.1", *H2C) * 2 + GOOD, [200]),
    "a web socket": (message(b"POST /predict HTTP/1.1", *WS) + GET, [200]),
    "a thousand offers": (
        message(b"GET /healthz HTTP/1.1", *H2C, body=b"") * 1_000,
        [200] * 1_000,
    ),
    "may I": (message(b"POST /predict HTTP/1.1", b"Expect: 100-continue"), [100, 200]),
    "body of a GET": (message(b"GET /healthz HTTP/1.1") + GOOD, [200, 200]),
}


def send(port, sent):
    """Send bytes, end our side, return what came until the service ended its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        try:
            client.sendall(sent)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had received enough; perhaps it said why
        with contextlib.suppress(OSError):  # of a connection that was reset
            client.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while part := client.recv(65_536):
                got += part
        except ConnectionResetError:
            pass
    return got


def statuses(got):
    """Return the status of each answer."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", got)]


@pytest.fixture(autouse=True)
def log_of_the_test(live):
    """Fail if the service logged an error or a stack trace, or does not go on."""
    before = live.log.stat().st_size
    yield
    assert statuses(send(live.port, GOOD)) == [200]
    for line in live.log.read_bytes()[before:].splitlines():
        entry = json.loads(line)
        assert entry["level"] in {"info", "warning"} and "exception" not in entry


@pytest.mark.parametrize("case", CASES)
def test_each_is_answered_in_order_or_refused(case, live):
    sent, expected = CASES[case]
    assert statuses(send(live.port, sent)) == expected


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"GET /", b"a"),
        (b"", b"\r\n"),
        (POST + b"X: ", b"a"),
        (POST + b"X: y", b"\r\nX: y"),
        (POST + CHUNKED + b"\r\n\r\n1;", b"a"),
        (POST + CHUNKED + b"\r\n\r\n0\r\nX: y", b"\r\nX: y"),
    ],
    ids=["path", "blank lines", "header", "headers", "size of a chunk", "trailer"],
)
def test_a_head_without_end_is_not_read_to_its_end(begun, more, live):
    sent = begun + more * 20_000_000
    assert statuses(send(live.port, sent)) in ([431], [])  # none where it was reset


@given(st.binary(min_size=1, max_size=6), st.data())
def test_a_request_with_strange_bytes_in_it(live, strange, draws):
    request = GET + message(b"POST /predict HTTP/1.1", *H2C) + GOOD
    at = draws.draw(st.integers(0, len(request)))
    upto = draws.draw(st.integers(at, len(request)))
    found = statuses(send(live.port, request[:at] + strange + request[upto:]))
    assert all(status < 500 for status in found)


@settings(max_examples=5)
@given(st.lists(st.integers(1, 200), min_size=1))
def test_the_pieces_in_which_it_comes_do_not_matter(live, lengths):
    request = GOOD + message(b"POST /predict HTTP/1.1", *H2C)
    with socket.create_connection(("127.0.0.1", live.port), TIMEOUT) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while request:
            for length in lengths:
                client.sendall(request[:length])
                request = request[length:]
        client.shutdown(socket.SHUT_WR)
        got = b"".join(iter(lambda: client.recv(65_536), b""))
    assert statuses(got) == [200, 200]


def test_clients_that_go_away_in_the_middle_are_no_fault(live):
    for upto in (10, 40, len(GOOD) - 9, len(GOOD)):
        client = socket.create_connection(("127.0.0.1", live.port))
        client.sendall(GOOD[:upto])
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()  # resets the connection
