"""What the serving image weighs, how fast its container starts and is built again, and how it keeps its memory.

The rendered Dockerfile is built as it is, and run with the rights and the memory that the Kubernetes manifest grants.
--project takes a project in which `make setup pipeline` was run; without it one is rendered and set up in a temporary
folder first. Every image and container made here is removed at the end; the engine keeps its build cache.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from common import Line, copy_of, judged, say, tool, trained_project
from engine import build, need_engine, nothing_left, size, started
from load import burst, write_script
from processes import cores
from trial import documented_example, fetch  # in tools/, where common looks

CONNECTIONS = 32
SERVE, TRAIN = "requirements/serve.txt", "requirements/train.txt"


def with_training(project: Path, target: Path) -> Path:
    """Copy a project so that the same Dockerfile installs what training needs."""
    copy_of(project, target)
    for file in (target / "Dockerfile", target / ".dockerignore"):
        text = file.read_text(encoding="utf-8")
        if SERVE not in text:
            sys.exit(f"{file.name} no longer says {SERVE}: nothing to compare with")
        file.write_text(text.replace(SERVE, TRAIN), encoding="utf-8")
    return target


def weigh(project: Path, folder: Path) -> list[Line]:
    """Build the image, its base alone, and the one that could train as well."""
    say("building the image, and once more with the training requirements: takes minutes where nothing is cached")
    base = re.findall(r"^FROM (\S+)", (project / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[-1]
    (folder / "base").mkdir()
    (folder / "base" / "Dockerfile").write_text(f"FROM {base}\n", encoding="utf-8")
    contexts = {"base": folder / "base", "serve": project, "train": with_training(project, folder / "train")}
    for tag, context in contexts.items():
        build(context, tag)
    mb = {tag: size(tag) for tag in contexts}
    ratio = mb["train"] / mb["serve"]
    return [
        Line("serving image, uncompressed", f"{mb['serve']:.0f} MB", "at most 450 MB", mb["serve"] <= 450),
        Line(f"of which {base}", f"{mb['base']:.0f} MB"),
        Line("the same Dockerfile with train.txt", f"{mb['train']:,.0f} MB"),
        Line("that over the serving image", f"{ratio:.1f} ×", "at least 3 ×", ratio >= 3),
    ]


def median(measure: Callable[[], float], rounds: int) -> float:
    """Return the median of what several rounds measure."""
    return statistics.median(measure() for _ in range(rounds))


def start() -> float:
    """Start a container and remove it; return the seconds until it was ready."""
    with started("serve") as (_, seconds):
        return seconds


def time_start(rounds: int) -> Line:
    """Start containers, one after the other."""
    say(f"starting the container {rounds} times")
    seconds = median(start, rounds)
    return Line("`docker run` to /readyz 200", f"{seconds:.2f} s", "at most 3 s", seconds <= 3)


def resident(address: str) -> float:
    """Return the resident memory in MiB that the service states in /metrics."""
    [number] = re.findall(r"^process_resident_memory_bytes (\S+)", fetch(f"{address}/metrics").decode(), re.MULTILINE)
    return float(number) / 2**20


def ask(address: str, script: Path, many: int) -> int:
    """Send so many requests at least; return how many failed."""
    say(f"sending {many:,} requests")
    sent = failed = 0
    while sent < many:
        found = burst(address, script, CONNECTIONS, seconds=1)
        if not found["requests"]:
            sys.exit(f"the container stopped answering after {sent:,} requests")
        sent, failed = sent + found["requests"], failed + found["errors"] + found["busy"]
    return failed


def watch_memory(folder: Path, first: int, more: int) -> list[Line]:
    """Load one container, twice; see its memory after each."""
    with started("serve") as (address, _):
        script = write_script(folder / "ask.lua", documented_example(address))
        failed = ask(address, script, first)
        before = resident(address)
        failed += ask(address, script, more)
        grown = resident(address) - before
    return [
        Line(f"resident after {first:,} requests", f"{before:.0f} MiB", "at most 200 MiB", before <= 200),
        Line(f"growth over the next {more:,}", f"{grown:+.1f} MiB", "none: at most 5 MiB", grown <= 5),
        Line("requests that failed", str(failed), "0", failed == 0),
    ]


def time_rebuild(project: Path, folder: Path, rounds: int) -> Line:
    """Change a copy's code and build it from the cache, round after round."""
    say(f"changing the code and building {rounds} times")
    copy = copy_of(project, folder / "changed")
    [code] = copy.glob("src/*/serve.py")
    text = code.read_text(encoding="utf-8")

    def change() -> float:
        now = time.time_ns()  # what no cache has seen
        code.write_text(f"{text}\nCHANGED = {now}\n", encoding="utf-8")
        return build(copy, f"changed-{now}")

    seconds = median(change, rounds)
    return Line("build after a change of code", f"{seconds:.1f} s", "at most 5 s", seconds <= 5)


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, help="a rendered project, set up and trained")
    parser.add_argument("--quick", action="store_true", help="3 starts and builds, a fifth of the requests")
    args = parser.parse_args()
    rounds, first, more = (3, 2_000, 10_000) if args.quick else (7, 10_000, 50_000)
    for needed in ("docker", "taskset", "wrk"):  # what is absent is said before anything is set up
        tool(needed)
    need_engine()
    print(f"wrk on core {cores()[1]}, the container on all; load before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name, nothing_left():
        folder = Path(name)
        project = trained_project(args.project, folder)
        lines = [
            *weigh(project, folder),
            time_start(rounds),
            *watch_memory(folder, first, more),
            time_rebuild(project, folder, rounds),
        ]
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped; every image and container of this run is removed")
