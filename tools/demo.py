"""Show the whole way: answers → project → trained model → served prediction → green CI.

Each step says how long it took. The project stays under build/ to be looked at.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trial import ROOT, answered, documented_example, fetch, free_port

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
        if not answered(f"{address}/readyz", lambda: server.poll() is None, PATIENCE):
            sys.exit(f"the service did not get ready; see {log}")
        yield address
    finally:
        server.terminate()
        server.wait()


def predict(address: str) -> tuple[str, str]:
    """Ask for a prediction of the example in the service's own OpenAPI document."""
    text = json.dumps(documented_example(address), ensure_ascii=False)
    return text, fetch(f"{address}/predict", text.encode()).decode()


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
