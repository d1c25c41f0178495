"""Requests a second of the rendered service, over those of the textbook service in textbook/.

Both run in the rendered project's environment, are trained on the same rows with the same knobs, and are served by one
uvicorn process on one core while wrk asks from another. --project takes a project in which `make setup pipeline` was
run; without it one is rendered and set up in a temporary folder first.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from common import table, tool, trained_project
from load import Load, Service, ask, cores, pinned, running, served, write_script
from trial import documented_example, free_port  # in tools/, where common looks

TARGET = 10  # times the textbook's requests a second, at least
SLOWEST = 50  # ms at p99, at most
JUDGED = 32  # connections, for both
COLUMNS = ("connections", "service", "requests/s", "ratio", "p50 ms", "p99 ms", "CPU µs/request", "MiB", "errors")
TEXTBOOK = Path(__file__).resolve().parent / "textbook"


@contextlib.contextmanager
def serving(project: Path, folder: Path) -> Iterator[tuple[Service, Service]]:
    """Run both services on the first core: ours as `make serve` does, the textbook's as its tutorial says."""
    core, python, model = cores()[0], str(project / ".venv" / "bin" / "python"), str(folder / "model.joblib")
    subprocess.run((python, TEXTBOOK / "train.py", project, model), check=True)
    other = free_port()
    textbook = pinned(core, python, "-m", "uvicorn", "app:app", "--port", str(other))
    with (
        served(project, folder / "ours.log") as first,
        running(folder / "textbook.log", other, textbook, cwd=TEXTBOOK, env={**os.environ, "MODEL": model}) as second,
    ):
        yield first, second


def scripts(ours: Service, textbook: Service, folder: Path) -> dict[str, tuple[Service, Path]]:
    """Show that both answer about the example that ours documents; write what wrk shall send to each."""
    example = documented_example(ours.address)
    asked = {"ours": (ours, example), "textbook": (textbook, example["instances"][0])}
    for name, (service, content) in asked.items():
        print(f"{name}: {service.predict(content)}")
    return {
        name: (service, write_script(folder / f"{name}.lua", content)) for name, (service, content) in asked.items()
    }


def measure(services: dict, connections: list[int], rounds: int, seconds: int) -> dict[tuple[int, str], list[Load]]:
    """Ask the services in turn, round after round, so that a slow moment of the machine meets both."""
    found: dict[tuple[int, str], list[Load]] = {}
    for many in connections:
        for number in range(rounds + 1):
            for name, (service, script) in services.items():
                load = ask(service, script, many, seconds)
                if number:  # the first round only warms up
                    found.setdefault((many, name), []).append(load)
            print(f"\r{many} connections, round {number} of {rounds} ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def middle(loads: list[Load], figure: str) -> float:
    """Return the median of a figure over the rounds."""
    return statistics.median(getattr(load, figure) for load in loads)


def ratio(found: dict[tuple[int, str], list[Load]], many: int, figure: str = "rate") -> float:
    """Return ours over the textbook's, the median over the rounds."""
    pairs = zip(found[many, "ours"], found[many, "textbook"])
    return statistics.median(getattr(ours, figure) / getattr(peer, figure) for ours, peer in pairs)


def report(found: dict[tuple[int, str], list[Load]], memory: dict[str, float]) -> bool:
    """Print the table and the verdict; tell whether the targets are met."""
    lines = []
    for (many, name), loads in found.items():
        rate, p50, p99, cpu = (middle(loads, figure) for figure in ("rate", "p50", "p99", "cpu"))
        gain = ratio(found, many) if name == "ours" else 1
        figures = (f"{rate:,.0f}", f"{gain:.1f} ×", f"{p50:.1f}", f"{p99:.1f}", f"{cpu:,.0f}", f"{memory[name]:.0f}")
        lines.append((many, name, *figures, sum(load.errors for load in loads)))
    print("\n" + table(COLUMNS, lines))
    gain, slow = ratio(found, JUDGED), middle(found[JUDGED, "ours"], "p99")
    spared = 1 / ratio(found, JUDGED, "cpu")
    met = gain >= TARGET and slow < SLOWEST and not any(line[-1] for line in lines)
    print(f"\nAt {JUDGED} connections: {gain:.1f} × the textbook's requests a second (target: at least {TARGET} ×),")
    print(f"{spared:.1f} × as many in the same processor time (what a busy machine cannot falsify),")
    print(f"p99 {slow:.1f} ms (target: below {SLOWEST} ms); no errors allowed: {'met' if met else 'MISSED'}.")
    return met


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, help="a rendered project, set up and trained")
    parser.add_argument("--quick", action="store_true", help="1 and 32 connections, 3 rounds of 1 s")
    args = parser.parse_args()
    connections, rounds, seconds = ([1, JUDGED], 3, 1) if args.quick else ([1, 8, JUDGED, 256], 3, 3)
    for needed in ("taskset", "wrk"):  # what is absent is said before anything is set up
        tool(needed)
    print(f"Services on core {cores()[0]}, wrk on core {cores()[1]}; load before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = trained_project(args.project, folder)
        with serving(project, folder) as (ours, textbook):
            services = scripts(ours, textbook, folder)
            found = measure(services, connections, rounds, seconds)
            memory = {name: service.resident() for name, (service, _) in services.items()}
    return 0 if report(found, memory) else 1


if __name__ == "__main__":
    sys.exit(main())
