"""Show the whole way: answers → project → trained model → served prediction → green CI.

Each step says how long it took. The project stays under build/ to be looked at.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30  # seconds for the service to get ready


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and say how long it took."""
    print(f"▸ {title} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  {time.monotonic() - started:.1f} s", flush=True)


def run(*command: str | Path, cwd: Path, log: Path) -> None:
    """Run a command with its output in a log; end the demo with that output if it fails."""
    with log.open("ab") as file:
        done = subprocess.run(command, cwd=cwd, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit(f"{log.read_text(encoding='utf-8', errors='replace')[-4000:]}\nfailed: {' '.join(map(str, command))}")


def free_port() -> int:
    """Return a port that nobody listens on: another service may have 8000."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(url: str, body: bytes | None = None) -> bytes:
    """Send a request and return the answer's body."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


@contextmanager
def served(project: Path, port: int, log: Path) -> Iterator[str]:
    """Run `make serve` until the block ends; yield the address once a model is loaded."""
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "SERVE_PORT": str(port)}
    with log.open("ab") as file:
        server = subprocess.Popen(
            ["make", "--silent", "serve"], cwd=project, env=environment, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                ask(f"{address}/readyz")
                break
            except (urllib.error.URLError, ConnectionError):
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit(f"the service did not get ready; see {log}")
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def predict(address: str) -> tuple[str, str]:
    """Ask for a prediction of the example in the service's own OpenAPI document."""
    document = json.loads(ask(f"{address}/openapi.json"))
    body = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["example"]
    text = json.dumps(body, ensure_ascii=False)
    return text, ask(f"{address}/predict", text.encode()).decode()


def main() -> None:
    """Render, set up, train, serve, check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "build", help="folder to render into")
    args = parser.parse_args()
    port = free_port()
    started = time.monotonic()
    args.output.mkdir(parents=True, exist_ok=True)
    project, log = args.output / "customer-churn", args.output / "demo.log"
    shutil.rmtree(project, ignore_errors=True)
    log.unlink(missing_ok=True)
    with step("rendering with the default answers"):
        run("cookiecutter", ROOT, "--no-input", "--output-dir", args.output, cwd=ROOT, log=log)
    with step("make setup: the pinned packages into .venv"):
        run("make", "setup", cwd=project, log=log)
    with step("make pipeline: prepare, train, evaluate"):
        run("make", "pipeline", cwd=project, log=log)
    with step("make serve: the first prediction"), served(project, port, log) as address:
        predict(address)
    print(f"  first served prediction {time.monotonic() - started:.0f} s after the start")
    with step("make ci: all that the rendered CI runs"):
        run("make", "ci", cwd=project, log=log)
    with step("make serve: a prediction for a customer"), served(project, port, log) as address:
        question, answer = predict(address)
        print(f"  POST {address}/predict {question}\n  → {answer}")
    print(f"done in {time.monotonic() - started:.0f} s; the project lies in {project}, the log in {log}")


if __name__ == "__main__":
    main()
