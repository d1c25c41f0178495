"""The service in a process of its own, as fuzz tests and the load test need it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.errors import UserError

PATIENCE = 30  # seconds until a start or a stop counts as failed


@contextmanager
def running(model: Path, log: Path, **settings: str) -> Iterator[int]:
    """Serve a model and log into a file; give the port. Settings are SERVE_<NAME>."""
    env = {name: os.environ[name] for name in os.environ if "SERVE_" not in name}
    env |= {"SERVE_MODEL_DIR": str(model), "SERVE_PORT": "0"} | settings
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", serve.__name__],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield _port_of(process, log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0, "it did not stop as it should"
        finally:
            process.kill()


def _port_of(process: subprocess.Popen[bytes], log: Path) -> int:
    """Return the port, once the service is ready; raise UserError if it never is."""
    reason = "it says nothing"
    for _ in range(PATIENCE * 20):
        found = {}
        for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
            reason = line
            if line.endswith("}\n"):
                entry = json.loads(line)
                found[entry["event"]] = entry
        if "ready" in found:
            return int(found["listening"]["port"])
        if process.poll() is not None or "not ready" in found:
            break
        time.sleep(0.05)
    raise UserError(f"the service is not ready: {reason}")
