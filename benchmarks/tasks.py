"""Each kind of problem: what `make ci` takes, what the candidate gains over its rivals, how fast one instance is served.

Each task is rendered and set up in a temporary folder, one after the other. The package cache is the machine's: the
second run has a warm one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PYTHON_SETTINGS, Line, judged, render_command, say, template_repository, tool
from load import ask, write_script
from processes import cores, served
from trial import ROOT, documented_example  # in tools/, where common looks

TASKS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["task"]
SECONDS = {"image": 240}  # for `make ci`, at most
OTHERS = 150
CONNECTIONS = 32
SLOWEST = 50  # ms at p99, at most
PYTHONS = {"image": "3.11"}  # the Python for which a folder of wheels may hold PyTorch


def measure(task: str, template: Path, folder: Path, rounds: int) -> list[Line]:
    """Render a task and measure it."""
    answers = [f"task={task}", f"python_version={PYTHONS.get(task, '3.12')}"]
    subprocess.run([*render_command("cookiecutter", template, folder), *answers], check=True, capture_output=True)
    project = next(folder.iterdir())
    say(f"{task}: make ci")
    began = time.monotonic()
    env = {name: text for name, text in os.environ.items() if name not in PYTHON_SETTINGS}
    done = subprocess.run(
        ("make", "ci"), cwd=project, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    seconds, most = time.monotonic() - began, SECONDS.get(task, OTHERS)
    return [
        Line(f"{task}: `make ci`, set-up included", f"{seconds:.0f} s", f"at most {most} s", seconds <= most),
        *gains(task, project),
        serve(task, project, rounds),
    ]


def gains(task: str, project: Path) -> list[Line]:
    """Read what the gate found."""
    found = json.loads((project / "reports" / "metrics.json").read_text(encoding="utf-8"))["gate"]
    return [
        Line(
            f"{task}: gain in {found['metric']} over the {rival} model",
            f"{gain['value']:.3f} [{gain['low']:.3f}, {gain['high']:.3f}]",
            "above 0",
            gain["low"] > 0,
        )
        for rival, gain in found["gains"].items()
    ]


def serve(task: str, project: Path, rounds: int) -> Line:
    """Serve on one core, and ask about the documented example from the other."""
    say(f"{task}: {CONNECTIONS} connections")
    with served(project, project.parent / f"{task}.log") as service:
        script = write_script(project.parent / f"{task}.lua", documented_example(service.address))
        loads = [ask(service, script, CONNECTIONS, seconds=2) for _ in range(rounds + 1)][1:]  # the first warms up
    p99, rate = (statistics.median(getattr(load, figure) for load in loads) for figure in ("p99", "rate"))
    errors = sum(load.errors + load.busy for load in loads)
    measured = f"{p99:.0f} ms at {rate:,.0f} requests/s, {errors} errors"
    return Line(
        f"{task}: p99 at {CONNECTIONS} connections", measured, f"below {SLOWEST} ms", p99 < SLOWEST and not errors
    )


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", choices=TASKS, action="append", help="one of them; may be given several times")
    parser.add_argument("--quick", action="store_true", help="3 rounds of load instead of 7")
    args = parser.parse_args()
    for needed in ("taskset", "wrk"):  # what is absent is said before anything is set up
        tool(needed)
    print(f"Services on core {cores()[0]}, wrk on core {cores()[1]}; load before: {os.getloadavg()[0]:.1f}\n")
    lines = []
    with tempfile.TemporaryDirectory() as name:
        template = template_repository(Path(name) / "template")
        for task in args.task or TASKS:
            (Path(name) / task).mkdir()
            lines += measure(task, template, Path(name) / task, 3 if args.quick else 7)
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
