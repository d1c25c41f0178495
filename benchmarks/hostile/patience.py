"""What others notice of a hostile client: their answers, the end of the service, its log."""

import os
import signal
import socket
import subprocess
import time

from checkouts import Checkout
from common import Line
from hostile.clients import HOST, Answer, exchange, p90, post, repeated, small_requests, unfinished_posts
from hostile.memory import MB, peak, reset_peak, resident
from hostile.scenarios import BUDGET, HALF_SENT, MALFORMED, MANY, SLOW, answered, malformed, small_pipe, status
from hostile.storm import DEAR, dear_body
from parts import Scale

SETTLED = 1  # seconds until all slow connections are open
OVER_BUDGET = 40  # MB over rest, beside the bodies
LATER = 0.05  # seconds at p90
DRAIN, GRACE, LONGEST = 1, 2, 60  # seconds


def slow_posts(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send small requests beside connections that do not send what they announce."""
    lines = []
    with checkout.served() as (_, target):
        target.warm_up()
        for name, slow in SLOW.items():
            with unfinished_posts(target.port, *slow):
                time.sleep(SETTLED)
                answers = small_requests(target, scale.seconds)
            share = _share(answers)
            shown = f"{share:.1%} answered, p90 {p90(answers) * 1e3:.0f} ms"
            lines.append(Line(f"small requests beside {slow[0]} posts that send {name}", shown, "100 %", share == 1))
        rest = resident(target.pid)
        reset_peak(target.pid)
        with unfinished_posts(target.port, *MANY):
            time.sleep(scale.seconds)
        over = (peak(target.pid) - rest) / MB
    most = BUDGET / MB + OVER_BUDGET
    label = f"memory over rest, {MANY[0]} posts of 1 MB without the last byte"
    return [*lines, Line(label, f"{over:.0f} MB", f"at most {most:.0f} MB", over <= most)]


def _share(answers: list[Answer]) -> float:
    return sum(answer.status == 200 for answer in answers) / len(answers)


def others(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send small requests beside a client that sends a refused body in a loop."""
    with checkout.served() as (_, target):
        target.warm_up()
        lines = [Line("p90 of small requests alone", f"{p90(small_requests(target, scale.seconds)) * 1e3:.1f} ms")]
        for kind in DEAR:
            body = dear_body(kind, target.row)
            with repeated(lambda sent=body: post(target.port, sent)):
                found = p90(small_requests(target, scale.seconds))
            goal = f"at most {LATER * 1e3:.0f} ms"
            lines.append(Line(f"p90 beside a loop of: {kind}", f"{found * 1e3:.1f} ms", goal, found <= LATER))
    return lines


def heads(checkout: Checkout, _: Scale) -> list[Line]:
    """Send malformed requests."""
    with checkout.served() as (_, target):
        found = {name: status(exchange(target.port, sent)) for name, sent in MALFORMED.items()}
        counted = malformed(target.port)
        traces = (checkout.folder / "classification.log").read_text(encoding="utf-8").count("Traceback")
    right, all_of = list(found.values()).count(400), len(MALFORMED)
    return [
        Line("malformed requests answered with 400", f"{right} of {all_of}", "all", right == all_of),
        Line("malformed requests counted", f"{counted:.0f} of {all_of}", "all", counted == all_of),
        Line("traces in the log", str(traces), "0", not traces),
    ]


def end(checkout: Checkout, _: Scale) -> list[Line]:
    """Tell the service to stop while clients have sent a half of their requests."""
    settings = {"SERVE_DRAIN_SECONDS": str(DRAIN), "SERVE_DEADLINE_SECONDS": str(LONGEST)}
    with checkout.served(**settings) as (service, target):
        connections = [socket.create_connection((HOST, target.port)) for _ in HALF_SENT]
        for connection, sent in zip(connections, HALF_SENT, strict=True):
            connection.sendall(sent)
        time.sleep(SETTLED)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        try:
            service.process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            pass  # the seconds say it
        took = time.monotonic() - began
        for connection in connections:
            connection.close()
    most = DRAIN + GRACE
    return [Line("SIGTERM with half-sent posts", f"ends in {took:.1f} s", f"at most {most} s", took <= most)]


def stdout(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send requests while nobody reads what the service prints."""
    pipe, number = checkout.folder / "pipe", scale.bodies
    reader = small_pipe(pipe)
    try:
        with checkout.served(stdout=pipe) as (_, target):
            found = answered(target, number)
    finally:
        os.close(reader)
    return [Line("answers while nobody reads stdout", f"{found:,} of {number:,}", "all", found == number)]
