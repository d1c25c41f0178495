"""Send a million requests, and see whether the service keeps its memory."""

import contextlib
import sys

from common import Line
from load import burst
from serving.contenders import Bench, enter

CONNECTIONS = 32
WARM_UP = 50_000  # requests, until all that is filled once is full
GROWTH = 5  # MB of 10^6 bytes, at most
SECONDS = 5  # a burst
MB = 2**20 / 1e6  # in a MiB


def soak(bench: Bench, requests: int) -> list[Line]:
    """Send so many requests to our service, and compare its memory after the first ones with that at the end."""
    with contextlib.ExitStack() as stack:
        ours = enter(stack, bench, "ours", bench.example())
        sent = failed = 0
        before = None
        while sent < requests or before is None:
            found = burst(ours.service.address, ours.script, CONNECTIONS, SECONDS)
            if not found["requests"]:
                sys.exit(f"the service stopped answering after {sent:,} requests")
            sent, failed = sent + found["requests"], failed + found["errors"] + found["busy"]
            now = ours.service.resident() * MB
            if before is None and sent >= min(WARM_UP, requests):
                before = now
            print(f"\r{sent:,} of {requests:,} requests, {now:.1f} MB ", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        grown = now - before
    return [
        Line(f"requests of {sent:,} that failed", f"{failed:,}", "none", not failed),
        Line(f"memory after {WARM_UP:,} requests", f"{before:.1f} MB"),
        Line("growth from there to the end", f"{grown:+.1f} MB", f"at most {GROWTH} MB", grown <= GROWTH),
    ]
