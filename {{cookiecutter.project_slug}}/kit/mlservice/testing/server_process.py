"""A service in a process of its own, started as the image starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlservice.errors import UserError

TIMEOUT = 30  # seconds until a start or a stop counts as failed


@contextmanager
def running(package: str, model: Path, log: Path, **settings: str) -> Iterator[int]:
    """Run `python -m PACKAGE` until the block ends; yield the port, once it is ready.

    `settings` are environment variables. Raise UserError if the service does not become
    ready, or does not stop on SIGTERM with exit code 0.
    """
    env = {name: os.environ[name] for name in os.environ if "SERVE_" not in name}
    env |= {"SERVE_MODEL_DIR": str(model), "SERVE_PORT": "0"} | settings
    command = [sys.executable, "-m", package]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, env=env, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield _port_of(process, log)
            _stop(process)
        finally:
            process.kill()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Send SIGTERM and wait; raise UserError if the process does not end well."""
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise UserError(f"the service runs {TIMEOUT} s after SIGTERM") from error
    if code:
        raise UserError(f"the service ended with exit code {code} after SIGTERM")


def _port_of(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port once the log has the event `ready`; raise UserError if not."""
    reason, end = "it logs nothing", time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        events = {}
        for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
            reason = line
            if line.endswith("}\n"):
                entry = json.loads(line)
                events[entry["event"]] = entry
        if "ready" in events:
            return int(events["listening"]["port"])
        if "not ready" in events:
            reason = events["not ready"]["reason"]
        if process.poll() is not None or "not ready" in events:
            break
        time.sleep(0.05)
    raise UserError(f"the service is not ready: {reason}")
