"""A stdout that nobody reads: log lines are lost, answers are not, and what comes later is whole lines."""

import fcntl
import http.client
import json
import os
import threading
import time

import pytest

from hostile.clients import HOST, request

REQUESTS = 2_000
SMALL = 4_096  # bytes of the pipe: full after a dozen lines
LONG = "/" + "path" * 1_500  # its line may be longer than the pipe
SECONDS = 20  # until a line comes, on a busy machine


@pytest.fixture
def pipe():
    """Both ends of a small pipe; a test closes the writing one."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALL)
    with os.fdopen(reader, "rb") as lines:
        yield lines, writer


def ask_many(port):
    """Send thousands of requests on one connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    for number in range(REQUESTS):
        connection.request("GET", LONG if number % 100 == 0 else "/healthz")
        connection.getresponse().read()
    connection.close()


def test_a_full_pipe_does_not_stop_answers(pipe, started):
    lines, writer = pipe
    received = []
    reading = threading.Thread(target=lambda: received.extend(lines))
    with started(stdout=writer) as (_, target):
        os.close(writer)
        ask_many(target.port)
        reading.start()
        end = time.monotonic() + SECONDS
        while not any(b"read-again" in line for line in list(received)):
            assert time.monotonic() < end, "no line comes any more"
            assert request(target.port, "GET", "/healthz", headers={"X-Request-ID": "read-again"}).status == 200
            time.sleep(0.1)
    reading.join()
    assert {type(json.loads(line)) for line in received} == {dict}
