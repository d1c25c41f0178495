"""What every trial of the template needs: a clean copy of it, a free port, a page of a service that runs."""

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # what is tried runs here: no proxy


def copy_template(target: Path) -> Path:
    """Copy what git tracks or would track, so that no build litter is rendered."""
    listed = subprocess.run(
        ("git", "ls-files", "-coz", "--exclude-standard"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # and not deleted since
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


def free_port() -> int:
    """Return a port that nobody listens on: another service may have 8000."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str, body: bytes | None = None) -> bytes:
    """Ask for a page, or post JSON to it, and return the answer's body; raise OSError where there is none."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with DIRECT.open(request, timeout=10) as answer:
        return answer.read()


def answered(url: str, alive: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    """Ask for a page until it answers with success; False where the service ends or the seconds pass first."""
    give_up = time.monotonic() + seconds
    while alive() and time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            fetch(url)
            return True
        time.sleep(pause)
    return False


def documented_example(address: str) -> dict:
    """Return the body for /predict that the service's own OpenAPI document gives as its example."""
    document = json.loads(fetch(f"{address}/openapi.json"))
    return document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]
