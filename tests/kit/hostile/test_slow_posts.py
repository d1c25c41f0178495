"""Connections that announce a body and do not send all of it keep nobody waiting, not even the end."""

import signal
import socket
import time

import pytest

from hostile.clients import HOST, small_requests, unfinished_posts
from hostile.memory import MB, peak, reset_peak, resident
from hostile.scenarios import BUDGET, HALF_SENT, MANY, SLOW

SETTLED = 0.5  # seconds after which all slow connections are open
READ = 256 * 1024  # bytes that asyncio takes from a connection at a time
DEADLINE = 2  # seconds until they are closed, and open again
SECONDS = 3
SLOWEST = 3  # seconds for a small prediction on a busy machine
DRAIN = 1  # seconds
LATEST = DRAIN + 4  # seconds to end on a busy machine; the goal is 2 more than it drains
LONG_DEADLINE = 60  # seconds: it is not what ends the wait


@pytest.fixture(scope="module")
def target(started):
    """A service with a short deadline for bodies."""
    with started(SERVE_DEADLINE_SECONDS=str(DEADLINE)) as (_, service):
        service.warm_up()
        yield service


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_slow_posts_keep_nobody_waiting(slow, target):
    with unfinished_posts(target.port, *slow):
        time.sleep(SETTLED)
        answers = small_requests(target, SECONDS)
    assert {answer.status for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < SLOWEST


@pytest.mark.usefixtures("measurable")
def test_unfinished_bodies_have_a_budget(target):
    rest = resident(target.pid)
    reset_peak(target.pid)
    with unfinished_posts(target.port, *MANY):
        time.sleep(DEADLINE)
        assert target.predict().status == 200
    assert peak(target.pid) - rest < 2 * BUDGET + MANY[0] * READ + 20 * MB


def test_half_sent_posts_do_not_delay_the_end(started):
    settings = {"SERVE_DRAIN_SECONDS": str(DRAIN), "SERVE_DEADLINE_SECONDS": str(LONG_DEADLINE)}
    with (
        started(**settings) as (process, target),
        socket.create_connection((HOST, target.port)) as first,
        socket.create_connection((HOST, target.port)) as second,
    ):
        for connection, sent in zip((first, second), HALF_SENT, strict=True):
            connection.sendall(sent)
        time.sleep(SETTLED)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG_DEADLINE) == 0
        took = time.monotonic() - began
    assert took < LATEST
