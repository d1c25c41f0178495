"""A stdout that nobody reads: log lines are lost, answers are not, and what comes later is whole lines."""

import json
import os
import threading
import time

import pytest

from hostile.clients import request
from hostile.scenarios import answered, small_pipe

REQUESTS = 2_000
SECONDS = 20  # until a line comes, on a busy machine


@pytest.fixture
def pipe(tmp_path):
    """What comes through a small pipe, and the file to write into it; a test closes that."""
    reader = small_pipe(tmp_path / "pipe")
    with os.fdopen(reader, "rb") as lines:
        yield lines, (tmp_path / "pipe").open("wb", buffering=0)


def test_a_full_pipe_does_not_stop_answers(pipe, started):
    lines, writer = pipe
    received = []
    reading = threading.Thread(target=lambda: received.extend(lines))
    with started(stdout=writer) as (_, target):
        writer.close()
        assert answered(target, REQUESTS) == REQUESTS
        reading.start()
        end = time.monotonic() + SECONDS
        while not any(b"read-again" in line for line in list(received)):
            assert time.monotonic() < end, "no line comes any more"
            assert request(target.port, "GET", "/healthz", headers={"X-Request-ID": "read-again"}).status == 200
            time.sleep(0.1)
    reading.join()
    assert {type(json.loads(line)) for line in received} == {dict}
