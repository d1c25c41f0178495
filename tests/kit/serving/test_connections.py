"""A connection that is slow, endless, silent or one too many costs nobody else."""

import json
import time

import pytest
from raw_http import (
    BODY,
    HEAD,
    HEALTH,
    LARGE,
    TIMEOUT,
    SOON,
    REQUEST,
    ask,
    receive_all,
    refused,
    send,
)

from mlservice.serving.connections import LINGER_BYTES


@pytest.mark.parametrize(
    ("first", "status"),
    [(b"", b""), (b"GET /hea", b"HTTP/1.1 408 "), (HEAD[:40], b"HTTP/1.1 408 ")],
    ids=["nothing", "half a line", "half of the headers"],
)
def test_headers_that_do_not_come_are_not_waited_for(listening, first, status):
    with listening(header_seconds=SOON) as port:
        began = time.monotonic()
        received = receive_all(send(port, first))
        assert SOON <= time.monotonic() - began < TIMEOUT / 2
        assert refused(port, "slow_head") == 1
    assert received.startswith(status) and bool(received) == bool(status)


def test_trickling_headers_does_not_help(listening):
    with listening(header_seconds=SOON) as port:
        connection = send(port, HEAD[:30])
        with pytest.raises(OSError):
            for _ in range(TIMEOUT * 20):
                connection.sendall(b"X-Slow: 1\r\n")
                time.sleep(0.05)
        connection.close()


@pytest.mark.parametrize("next_request", [b"\r\n", b"POST /pre"])
def test_a_connection_that_was_used_must_not_be_slow_either(listening, next_request):
    with listening(header_seconds=SOON) as port:
        connection = send(port, REQUEST)
        assert b" 200 " in connection.recv(65_536)
        connection.sendall(next_request)
        receive_all(connection)
        assert refused(port, "slow_head") == 1


def test_a_connection_that_is_not_used_any_more_is_closed(listening):
    with listening(keep_alive_seconds=0) as port:
        assert b" 200 " in receive_all(send(port, REQUEST))


def test_a_connection_that_is_used_now_and_then_is_kept(listening):
    with listening(header_seconds=SOON, deadline_seconds=SOON) as port:
        with send(port) as connection:
            for _ in range(3):
                connection.sendall(REQUEST)
                assert b" 200 " in connection.recv(65_536)
                time.sleep(2 * SOON)


@pytest.mark.parametrize("sent", [b"", BODY[:9]], ids=["nothing", "some"])
def test_a_body_that_does_not_come_is_not_waited_for(listening, sent):
    with listening(deadline_seconds=SOON) as port:
        received = receive_all(send(port, HEAD % len(BODY), sent))
        assert refused(port, "slow_body") == 1
        assert ask(port) == b"HTTP/1.1 200 OK"
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ") and b"connection: close" in head
    assert json.loads(body) == {"detail": "the body did not come in time"}


def test_headers_without_an_end_do_not_fill_the_memory(listening):
    with listening() as port:
        connection, sent = send(port, HEALTH[:-2], b"X-More: "), 0
        with pytest.raises(OSError):
            while sent < 100_000_000:
                connection.sendall(b"x" * 10_000)
                sent += 10_000
        connection.close()
        assert sent < LINGER_BYTES + 20_000_000  # it is discarded, and the kernel's buffers hold some
        assert refused(port, "head") == 1


def test_a_client_that_does_not_read_is_left(listening):
    with listening(deadline_seconds=SOON) as port:
        connection = send(port, LARGE * 2_000)
        for _ in range(TIMEOUT * 10):
            time.sleep(0.1)
            if refused(port, "slow_reader"):
                break
        else:
            pytest.fail("it is still waited for")
        time.sleep(2 * SOON)
        assert refused(port, "slow_reader") == 1  # it is gone, so not counted again
        connection.close()


def test_whoever_is_silent_makes_room(listening):
    with listening(max_connections=8) as port:
        silent = [send(port, b"GET /") for _ in range(30)]
        assert ask(port, HEALTH) == ask(port) == b"HTTP/1.1 200 OK"
        assert refused(port, "silent") >= 23
        for connection in silent:
            connection.close()


def test_whoever_is_busy_is_not_sent_away(listening):
    with listening(max_connections=4, deadline_seconds=1) as port:
        busy = [send(port, HEAD % len(BODY), BODY[:9]) for _ in range(4)]
        time.sleep(SOON)
        received = receive_all(send(port))
        for connection in busy:
            connection.sendall(BODY[9:])
            assert b" 200 " in connection.recv(65_536)
            connection.close()
        assert refused(port, "connections") == 1
    assert received.startswith(b"HTTP/1.1 503 ") and b"retry-after: 5\r\n" in received
