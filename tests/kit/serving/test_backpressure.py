"""Too much at a time is refused at once; the small do not wait for the large."""

import json
import threading
import time

import pytest
from mlservice.model.predictor import Predictor
from mlservice.serving import limits
from raw_http import BODY, HEAD, HEALTH, METRICS, REQUEST, SOON, ask, receive_all, refused, send
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

ROWS = 2 + limits.LARGE // len(json.dumps(EXAMPLE))
MANY = json.dumps({"instances": [EXAMPLE] * ROWS}).encode()
CHUNKED = HEAD.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")


@pytest.fixture
def gate(monkeypatch):
    """Hold up every prediction for many rows until it is set."""
    opened, compute = threading.Event(), Predictor.predict_with_scores

    def held(self, rows):
        assert len(rows) < 2 or opened.wait(5)
        return compute(self, rows)

    monkeypatch.setattr(Predictor, "predict_with_scores", held)
    yield opened
    opened.set()


def test_so_many_are_in_flight_and_no_more(listening, gate):
    with listening(max_in_flight=2) as port:
        waiting = [send(port, HEAD % len(MANY), MANY) for _ in range(2)]
        time.sleep(SOON)
        received = receive_all(send(port, REQUEST))
        assert ask(port, HEALTH) == b"HTTP/1.1 200 OK"
        assert refused(port, "in_flight") == 1
        counted = b'{method="POST",route="/predict",status="503"} 1.0'
        assert counted in receive_all(send(port, METRICS))
        gate.set()
        for connection in waiting:
            assert b" 200 " in connection.recv(65_536)
            connection.close()
        assert ask(port) == b"HTTP/1.1 200 OK"
    assert received.startswith(b"HTTP/1.1 503 ") and b"retry-after: 5\r\n" in received
    assert b"x-request-id: " in received
    assert b'{"detail":"too many requests are in flight"}' in received


@pytest.mark.parametrize("head", [HEAD % 1_000_000, CHUNKED + b"F0000\r\n"], ids=["length", "chunked"])
def test_bodies_that_are_announced_hold_nothing(head, listening):
    with listening(max_in_flight=2) as port:
        waiting = [send(port, head + b" ") for _ in range(100)]
        time.sleep(SOON)
        assert ask(port) == b"HTTP/1.1 200 OK"
        for connection in waiting:
            connection.close()


def test_the_largest_of_too_many_incomplete_bodies_is_refused(listening):
    with listening() as port:
        large = send(port, HEAD % 1_000_000, b" " * 999_000)
        others = [send(port, HEAD % 1_000_000, b" " * 950_000) for _ in range(limits.BODIES)]
        assert receive_all(large).startswith(b"HTTP/1.1 503 ")
        assert refused(port, "bodies") == 1
        assert ask(port) == b"HTTP/1.1 200 OK"
        others[0].sendall(b" " * 50_000)
        assert b" 422 " in others[0].recv(65_536)
        for connection in others:
            connection.close()


def test_bytes_in_flight_are_bounded(answering):
    leave = threading.Event()

    def slow(app):
        app.post("/slow")(lambda: leave.wait(10))

    request = (HEAD % 1_000).replace(b"/predict", b"/slow") + b" " * 1_000
    with answering(extend=slow, max_body_bytes=1_000) as [port]:
        waiting = [send(port, request) for _ in range(limits.BODIES)]
        time.sleep(SOON)
        assert ask(port, request).startswith(b"HTTP/1.1 503 ")
        assert refused(port, "in_flight") == 1
        leave.set()
        for connection in waiting:
            assert b" 200 " in connection.recv(65_536)
            connection.close()


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_a_length_that_is_too_large_is_refused_before_the_body(expect, listening):
    with listening(max_body_bytes=1_000) as port:
        received = receive_all(send(port, HEAD[:-2] % 1_001 + expect + b"\r\n"))
    assert received.startswith(b"HTTP/1.1 413 ") and b"connection: close" in received


def test_a_client_that_asks_first_is_told_to_go_on(listening):
    with listening() as port:
        head = HEAD[:-2] % len(BODY) + b"Expect: 100-continue\r\n\r\n"
        connection = send(port, head)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        connection.close()


def test_chunks_that_are_too_many_are_not_swallowed(listening):
    with listening(max_body_bytes=100_000) as port:
        connection, sent = send(port, CHUNKED), 0
        chunk = b"2710\r\n%b\r\n" % (b" " * 10_000)
        with pytest.raises(OSError):
            while sent < 100_000_000:
                connection.sendall(chunk)
                sent += len(chunk)
        connection.close()
    assert sent < 20_000_000  # what the kernel's buffers hold, and no more


def test_the_small_do_not_wait_for_the_large(listening, gate):
    with listening() as port:
        large = send(port, HEAD % len(MANY), MANY)
        time.sleep(SOON)
        assert ask(port) == ask(port, HEALTH) == b"HTTP/1.1 200 OK"
        gate.set()
        assert b" 200 " in large.recv(65_536)
        large.close()


def test_so_many_large_ones_wait_and_no_more(listening, gate):
    with listening(max_queue=1) as port:
        large = [send(port, HEAD % len(MANY), MANY) for _ in range(2)]
        time.sleep(SOON)
        assert ask(port, HEAD % len(MANY) + MANY).startswith(b"HTTP/1.1 503 ")
        assert refused(port, "queue") == 1
        gate.set()
        for connection in large:
            assert b" 200 " in connection.recv(65_536)
            connection.close()


def test_what_would_come_too_late_is_not_waited_for(listening, gate):
    with listening(deadline_seconds=SOON) as port:
        received = ask(port, HEAD % len(MANY) + MANY)
        assert refused(port, "deadline") == 1
        gate.set()
    assert received.startswith(b"HTTP/1.1 503 ")


def test_a_large_request_that_is_wrong_is_told_as_a_small_one(client):
    rows = [EXAMPLE] * ROWS + [{}]
    answer = client.post("/predict", json={"instances": rows})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["row"] == ROWS
