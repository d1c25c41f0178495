"""Build images and run containers for a measurement; nothing of them is left behind."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from common import tool
from trial import answered, free_port  # in tools/, where common looks

OURS = f"container-benchmark-{os.getpid()}"  # the images' name and the containers' label
HARDENED = "--read-only --tmpfs=/tmp --cap-drop=ALL --security-opt=no-new-privileges --memory=256m".split()
PATIENCE = 30  # seconds for a container to get ready


def docker(*words: str) -> str:
    """Run a command of the engine and return what it prints; end with what it says where it fails."""
    done = subprocess.run((tool("docker"), *words), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"docker {' '.join(words)} failed:\n{done.stderr[-2000:]}")
    return done.stdout.strip()


def need_engine() -> None:
    """End with one sentence where no engine answers."""
    if subprocess.run((tool("docker"), "info"), capture_output=True, check=False).returncode:
        sys.exit("this benchmark needs a container engine, and none answers: install Docker, or start it")


@contextlib.contextmanager
def nothing_left() -> Iterator[None]:
    """Remove every container and image of ours when the block ends, however it ends."""
    try:
        yield
    finally:
        if containers := docker("ps", "--all", "--quiet", f"--filter=label={OURS}").split():
            docker("rm", "--force", "--volumes", *containers)
        if images := docker("image", "ls", "--format={{.Repository}}:{{.Tag}}", OURS).split():
            docker("image", "rm", *images)


def build(context: Path, tag: str) -> float:
    """Build an image; return the seconds it took."""
    began = time.monotonic()
    docker("build", "--quiet", f"--tag={OURS}:{tag}", str(context))
    return time.monotonic() - began


def size(tag: str) -> float:
    """Return what an image weighs in MB: the sum of its layers, uncompressed however the engine stores them."""
    layers = docker("history", "--human=false", "--format={{.Size}}", f"{OURS}:{tag}").split()
    return sum(map(int, layers)) / 1e6


@contextlib.contextmanager
def started(tag: str) -> Iterator[tuple[str, float]]:
    """Run a container until the block ends; yield its address, and the seconds from `docker run` until /readyz."""
    port, began = free_port(), time.monotonic()
    address, publish = f"http://127.0.0.1:{port}", f"--publish=127.0.0.1:{port}:8000"
    name = docker("run", "--detach", f"--label={OURS}", publish, *HARDENED, f"{OURS}:{tag}")
    try:
        if not answered(f"{address}/readyz", lambda: True, PATIENCE, pause=0.01):
            sys.exit(f"the container was not ready within {PATIENCE} s:\n{docker('logs', '--tail=20', name)}")
        yield address, time.monotonic() - began
    finally:
        docker("rm", "--force", "--volumes", name)
