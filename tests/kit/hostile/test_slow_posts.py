"""Connections that announce a body and do not send all of it do not keep others from their predictions."""

import time

import pytest

from hostile.bodies import MOST
from hostile.clients import small_requests, unfinished_posts
from hostile.memory import MB, peak, reset_peak, resident

SETTLED = 0.5  # seconds after which all slow connections are open
DEADLINE = 2  # seconds until they are closed, and open again
SECONDS = 3
SLOWEST = 3  # seconds for a small prediction on a busy machine
BUDGET = 32 * MOST  # bytes of bodies in memory at a time: 32 × SERVE_MAX_BODY_BYTES
SLOW = {
    "one byte of a megabyte": (33, MOST, 1),
    "nothing of 900 bytes": (300, 900, 0),
    "all of a megabyte but one byte": (40, MOST, MOST - 1),
}


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
    with unfinished_posts(target.port, 160, MOST, MOST - 1):
        time.sleep(DEADLINE)
        assert target.predict().status == 200
    assert peak(target.pid) - rest < 2 * BUDGET + 20 * MB
