"""How long a new user waits: from rendering to the first served prediction, and for the whole of `make ci`.

Each is measured in a project of its own, rendered anew, with the machine's package cache as it is: run it twice, and
the second run has a warm one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import copy_template, render_command, table
from load import free_port, running

PREDICTION = 90  # seconds from rendering to the first served prediction, at most
CI = 120  # seconds for `make ci` as the first command typed, at most


class Clock:
    """Steps and their seconds."""

    def __init__(self) -> None:
        """Begin."""
        self.rows: list[tuple[str, float]] = []
        self.lap = time.perf_counter()

    def step(self, name: str) -> None:
        """Note the time since the step before."""
        now = time.perf_counter()
        self.rows.append((name, now - self.lap))
        self.lap = now
        print(f"{name}: {self.rows[-1][1]:.1f} s", file=sys.stderr, flush=True)

    def total(self) -> float:
        """Return the seconds of all steps."""
        return sum(seconds for _, seconds in self.rows)


def run(words: list[str], folder: Path) -> None:
    """Run a command; show what it said where it fails."""
    done = subprocess.run(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stdout[-5000:]}")


def rendered(template: Path, output: Path, clock: Clock) -> Path:
    """Render the default service."""
    run(render_command("cookiecutter", template, output), template)
    clock.step("cookiecutter")
    return next(output.iterdir())


def first_prediction(template: Path, folder: Path) -> Clock:
    """Render, set up, train, serve, ask."""
    clock = Clock()
    project = rendered(template, folder / "served", clock)
    for word in ("setup", "pipeline"):
        run(["make", word], project)
        clock.step(f"make {word}")
    port = free_port()
    with running(folder / "log", port, ["make", "serve"], cwd=project, env={**os.environ, "SERVE_PORT": port}) as ours:
        documented = ours.get("/openapi.json")["paths"]["/predict"]["post"]["requestBody"]["content"]
        answer = ours.get("/predict", documented["application/json"]["example"])
        clock.step("make serve, first prediction")
    print(answer["predictions"][0])
    return clock


def whole_ci(template: Path, folder: Path) -> Clock:
    """Render, then type `make ci` first, so that it sets the project up too."""
    clock = Clock()
    project = rendered(template, folder / "checked", clock)
    run(["make", "ci"], project)
    clock.step("make ci, set-up included")
    return clock


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the first prediction, not `make ci`")
    quick = parser.parse_args().quick
    load, met = os.getloadavg()[0], True
    with tempfile.TemporaryDirectory() as name:
        template = copy_template(Path(name) / "template")
        clocks = [("first prediction", first_prediction(template, Path(name)), PREDICTION)]
        if not quick:
            clocks.append(("make ci", whole_ci(template, Path(name)), CI))
    for title, clock, target in clocks:
        met &= clock.total() <= target
        lines = [*clock.rows, ("**together**", clock.total())]
        print(f"\n{table((title, 'seconds'), ((step, f'{seconds:.1f}') for step, seconds in lines))}")
        print(f"\nTarget: {target} s at most: {'met' if clock.total() <= target else 'MISSED'}.")
    print(f"{os.cpu_count()} cores; the machine's load before: {load:.1f}.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
