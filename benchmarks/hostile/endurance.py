"""Memory after hundreds of thousands of requests and hundreds of reloads, and speed beside another checkout."""

import http.client
import json
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from checkouts import Checkout
from common import Line, tool
from hostile.clients import HOST, Target, request
from hostile.memory import MB, resident
from load import Load, burst, write_script
from parts import Scale
from serving.contenders import Contender
from serving.rounds import measure
from two_versions import EQUAL, compared

ADMIN_KEY = "k" * 32
CONNECTIONS = 32
SECONDS = 1  # a burst: the shorter, the more alike is what both meet
WARM = 1 / 6  # of the requests and reloads, until all that is filled once is full
GROWTH = 5  # MB


def growth(checkout: Checkout, scale: Scale) -> list[Line]:
    """Send good requests and reload the model between them; compare the memory with that after the first ones."""
    sent = reloaded = failed = 0
    before = None
    with checkout.served(pinned=False, SERVE_ADMIN_KEYS=ADMIN_KEY) as (_, target):
        send = _with_wrk(target, checkout.folder) if shutil.which("wrk") else _with_python(target)
        while sent < scale.requests:
            good, bad = send()
            sent, failed = sent + good + bad, failed + bad
            while reloaded < scale.reloads * min(1, sent / scale.requests):
                reloaded += 1
                failed += request(target.port, "POST", "/admin/reload", headers={"X-API-Key": ADMIN_KEY}).status != 200
            if before is None and sent >= WARM * scale.requests:
                before = resident(target.pid)
            if not good:
                sys.exit(f"the service stopped answering after {sent:,} requests")
        grown = (resident(target.pid) - (before or 0)) / MB
    label = f"growth over {scale.requests:,} requests and {scale.reloads} reloads"
    return [
        Line(label, f"{grown:+.1f} MB", f"at most {GROWTH} MB", grown <= GROWTH),
        Line("requests and reloads of these that failed", f"{failed:,}", "0", not failed),
    ]


def _with_wrk(target: Target, folder: Path) -> Callable[[], tuple[int, int]]:
    """Return a function that sends requests for some seconds: how many succeeded, and how many failed."""
    script = write_script(folder / "growth.lua", {"instances": [target.row]})

    def send() -> tuple[int, int]:
        found = burst(f"http://{HOST}:{target.port}", script, CONNECTIONS, SECONDS)
        failed = found["errors"] + found["busy"]
        return found["requests"], failed

    return send


def _with_python(target: Target) -> Callable[[], tuple[int, int]]:
    """Return the same where wrk is not installed: one connection, a third of the requests a second."""
    body = json.dumps({"instances": [target.row]}).encode()

    def send() -> tuple[int, int]:
        connection, end, found = (
            http.client.HTTPConnection(HOST, target.port, timeout=10),
            time.monotonic() + SECONDS,
            [],
        )
        while time.monotonic() < end:
            connection.request("POST", "/predict", body)
            answer = connection.getresponse()
            answer.read()
            found.append(answer.status == 200)
        connection.close()
        return sum(found), len(found) - sum(found)

    return send


def speed(before: Checkout, now: Checkout, scale: Scale) -> list[Line]:
    """Send small predictions to both services in turns, on one core each for the service that is asked and wrk."""
    tool("wrk")
    with before.served(pinned=False) as (old, first), now.served(pinned=False) as (new, second):
        there = {
            name: Contender(service, write_script(checkout.folder / "speed.lua", {"instances": [target.row]}), None)
            for name, checkout, service, target in (("before", before, old, first), ("now", now, new, second))
        }
        found = measure(there, [CONNECTIONS], scale.rounds, SECONDS)
    loads = [found[CONNECTIONS, name] for name in ("before", "now")]
    return [*compared(*loads), p99_line(*loads)]


def p99_line(before: list[Load], now: list[Load]) -> Line:
    """Judge the ratio of the medians of p99; as with requests a second, 0.97 is as good."""
    old, new = (statistics.median(load.p99 for load in loads) for loads in (before, now))
    ratio = old / new
    return Line(
        "p99, before over now", f"{ratio:.2f} × ({old:.1f} ms over {new:.1f} ms)", f"at least {EQUAL} ×", ratio >= EQUAL
    )
