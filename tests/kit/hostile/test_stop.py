"""A service that is told to stop ends, although clients have not sent all of their requests."""

import signal
import socket
import time

from hostile.clients import HEAD, HOST

DRAIN = 1  # seconds
MORE = 4  # seconds on a busy machine; the goal is 2
DEADLINE = 60  # seconds: it is not what ends the wait


def test_half_sent_posts_do_not_delay_the_end(started):
    settings = {"SERVE_DRAIN_SECONDS": str(DRAIN), "SERVE_DEADLINE_SECONDS": str(DEADLINE)}
    with (
        started(**settings) as (process, target),
        socket.create_connection((HOST, target.port)) as no_body,
        socket.create_connection((HOST, target.port)) as half_a_body,
    ):
        no_body.sendall(HEAD % 900)
        half_a_body.sendall(HEAD % 900 + b'{"instances":[')
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
        assert time.monotonic() - began < DRAIN + MORE
