"""Two versions of one service, measured in turns: `make ci`, requests a second, processor time of a request."""

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from common import Line, project_environment, say
from load import Load, ask, write_script
from processes import served
from trial import ROOT, documented_example  # in tools/, where common looks

CI, WARM_CI = 0.45, 0.35  # of the older version's time, at most
CACHES = (".mypy_cache", "docs/_build", "docs/api")
KIT = 120  # seconds of `make test-kit`, at most
CONNECTIONS, SECONDS = 32, 2
EQUAL = 0.97  # of the older version's requests a second, at least


class Pair(NamedTuple):
    """The same of the older version and of this one."""

    before: Path
    now: Path


def run(*command: str, cwd: Path) -> float:
    """Run a command; return its seconds, or end with what it printed where it fails."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=cwd, env=project_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} in {cwd} failed:\n{done.stdout[-4000:]}")
    return time.monotonic() - began


def time_ci(project: Path, *, warm: bool) -> float:
    """Time `make ci` in a project that is set up and trained; without caches of mypy and docs where it is not warm."""
    for name in CACHES:
        if not warm:
            shutil.rmtree(project / name, ignore_errors=True)
    return run("make", "ci", cwd=project)


def time_lines(projects: Pair, rounds: int) -> list[Line]:
    """Time `make ci` of both, in turns, and the library's tests."""
    lines = []
    for title, warm, most in (("set up", False, CI), ("set up, caches of mypy and docs warm", True, WARM_CI)):
        taken: list[list[float]] = [[], []]
        for number in range(rounds):
            say(f"make ci, {title}: round {number + 1} of {rounds}")
            for seconds, project in zip(taken, projects, strict=True):
                seconds.append(time_ci(project, warm=warm))
        before, now = map(statistics.median, taken)
        shown = f"{now / before:.2f} × ({now:.0f} s over {before:.0f} s)"
        lines.append(Line(f"`make ci`, {title}", shown, f"at most {most} ×", now <= most * before))
    say("make test-kit")
    run("make", "build/kit-env/.ready", cwd=ROOT)
    kit = run("make", "test-kit", cwd=ROOT)
    return [*lines, Line("`make test-kit`", f"{kit:.0f} s", f"at most {KIT} s", kit <= KIT)]


def serving_lines(projects: Pair, folder: Path, rounds: int) -> list[Line]:
    """Ask both services in turns on one core, from another."""
    with (
        served(projects.before, folder / "before.log") as before,
        served(projects.now, folder / "now.log") as now,
    ):
        services = (before, now)
        scripts = [
            write_script(folder / f"{number}.lua", documented_example(each.address))
            for number, each in enumerate(services)
        ]
        loads: list[list[Load]] = [[], []]
        for number in range(rounds + 1):
            say(f"{CONNECTIONS} connections: round {number} of {rounds}")
            for found, service, script in zip(loads, services, scripts, strict=True):
                with service.alone(services):
                    found.append(ask(service, script, CONNECTIONS, SECONDS))
    return compared(*(found[1:] for found in loads))  # the first warms up


def compared(before: list[Load], now: list[Load]) -> list[Line]:
    """Return the ratios of the medians."""
    rates = [statistics.median(load.rate for load in loads) for loads in (before, now)]
    cpu = [statistics.median(load.cpu for load in loads) for loads in (before, now)]
    errors = sum(load.errors + load.busy for load in (*before, *now))
    rate, saved = rates[1] / rates[0], cpu[0] / cpu[1]
    return [
        Line(
            "requests/s", f"{rate:.2f} × ({rates[1]:,.0f} over {rates[0]:,.0f})", f"at least {EQUAL} ×", rate >= EQUAL
        ),
        Line(
            "requests for a second of processor time",
            f"{saved:.2f} × ({cpu[1]:.0f} µs a request over {cpu[0]:.0f} µs)",
            f"at least {EQUAL} ×",
            saved >= EQUAL,
        ),
        Line("requests that failed", str(errors), "0", errors == 0),
    ]
