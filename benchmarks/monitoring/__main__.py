"""Monitoring: how often it raises an alarm without drift, how soon with it, what it costs.

`--only` takes some of: alarms (half an hour), shifts, expected, log, size. The last three use a project of the default
service, which is rendered, set up and trained, or given by `--project`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from common import Line, judged, names_of, project_environment, say, trained_project  # noqa: E402
from load import ask, write_script  # noqa: E402
from processes import served  # noqa: E402
from trial import ROOT, documented_example  # noqa: E402

LIBRARY = ROOT / "{{cookiecutter.project_slug}}" / "kit"
HERE = Path(__file__).parent
YEARS, FALSE = 200, 0.40  # simulated, and their share with an alarm, at most
REPETITIONS = 100
SHIFTS = (
    ({"reference": 50_000, "rows": 1_000, "shift": 0.1}, 6),
    ({"reference": 50_000, "rows": 200, "shift": 0.2}, 8),
)
OFF = 0.025  # of the expected log loss from the real one
WITH_LOG = 0.93  # of the requests a second without it
ROUNDS, CONNECTIONS, SECONDS = 7, 32, 2
ROWS, LONGEST, MOST = 10_000_000, 60, 1.0  # lines of a log, seconds, GB


def simulated(case: dict[str, float], repetitions: int) -> list[int | None]:
    """Return the first alarm of each repetition, by the library's environment."""
    subprocess.run(("make", "--silent", "build/kit-env/.ready"), cwd=ROOT, check=True, stdout=sys.stderr)
    words = (ROOT / "build/kit-env/bin/python", "-m", "monitoring.simulation", json.dumps(case), str(repetitions))
    env = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{LIBRARY}", "OMP_NUM_THREADS": "1"}
    return json.loads(subprocess.run(words, env=env, check=True, stdout=subprocess.PIPE).stdout)


def alarms(years: int) -> list[Line]:
    """Simulate years without drift."""
    lines = []
    for reference in (3_000, 50_000):
        for rows in (200, 1_000, 3_000):
            say(f"{years} years without drift: {rows:,} rows a window, {reference:,} in the reference")
            found = simulated({"reference": reference, "rows": rows}, years)
            share = sum(alarm is not None for alarm in found) / years
            title = f"years with an alarm, no drift: {rows:,} rows a window against {reference:,}"
            lines.append(Line(title, f"{share:.2f}", f"at most {FALSE:.2f}", share <= FALSE))
    return lines


def shifts(repetitions: int) -> list[Line]:
    """Simulate a shift of one column of twelve."""
    lines = []
    for case, most in SHIFTS:
        say(f"a shift of {case['shift']} standard deviations")
        found = simulated({**case, "windows": 100, "calibrated": 200}, repetitions)
        waited = sorted(float("inf") if alarm is None else alarm for alarm in found)
        middle, nine = statistics.median(waited), waited[int(0.9 * len(waited))]
        title = f"windows to an alarm, one column shifted by {case['shift']} sd, {case['rows']:,} rows"
        lines.append(Line(title, f"{middle:.0f} (90 %: {nine:.0f})", f"at most {most}", middle <= most))
    return lines


def in_project(project: Path, script: str, *words: str) -> str:
    """Run a script of this folder with the project's Python; return what it prints."""
    command = (project / ".venv/bin/python", HERE / script, *words)
    done = subprocess.run(command, cwd=project, env=project_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    return done.stdout


def expected(project: Path) -> list[Line]:
    """Compare the log loss that probabilities promise with the real one, under shifts of the sample's rows."""
    say("expected log loss under covariate shift")
    lines = []
    for name, promised, real in json.loads(in_project(project, "expected_loss.py")):
        off = abs(promised - real)
        shown = f"{promised:.3f}, real {real:.3f}"
        lines.append(Line(f"expected log loss, {name}", shown, f"within {OFF}", off <= OFF))
    return lines


def with_log(project: Path, folder: Path) -> list[Line]:
    """Ask the service in turns, with the log of all rows and without."""
    os.environ.pop("SERVE_PREDICTION_LOG", None)
    with served(project, folder / "off.log") as off:
        os.environ["SERVE_PREDICTION_LOG"] = str(folder / "log")
        with served(project, folder / "on.log") as on:
            del os.environ["SERVE_PREDICTION_LOG"]
            services = (off, on)
            script = write_script(folder / "one.lua", documented_example(off.address))
            rates: list[list[float]] = [[], []]
            for number in range(ROUNDS + 1):
                say(f"{CONNECTIONS} connections: round {number} of {ROUNDS}")
                for found, service in zip(rates, services, strict=True):
                    with service.alone(services):
                        found.append(ask(service, script, CONNECTIONS, SECONDS).rate)
    without, logged = (statistics.median(found[1:]) for found in rates)  # the first round warms up
    lines = sum(path.read_bytes().count(b"\n") - 1 for path in (folder / "log").glob("*.jsonl"))
    ratio = logged / without
    shown = f"{ratio:.2f} × ({logged:,.0f} over {without:,.0f}); {lines:,} lines"
    return [Line("requests/s of one row with the log on", shown, f"at least {WITH_LOG} ×", ratio >= WITH_LOG)]


def size(project: Path, folder: Path, rows: int) -> list[Line]:
    """Judge a log of very many rows."""
    say(f"writing a log of {rows:,} rows")
    log = folder / "large"
    in_project(project, "large_log.py", str(log), str(rows))
    say("drift of that log")
    [package] = (path.parent.name for path in (project / "src").glob("*/serve.py"))
    python = project / ".venv/bin/python"
    command = (python, "-m", "mlservice.monitoring", "drift", "--package", package, "--incomplete", log)
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=project, env=project_environment(), stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    seconds, gigabytes = time.monotonic() - began, usage.ru_maxrss / 2**20
    shutil.rmtree(log)
    if os.waitstatus_to_exitcode(status) > 1:
        sys.exit("the log was not judged")
    return [
        Line(f"drift over {rows:,} rows", f"{seconds:.0f} s", f"at most {LONGEST} s", seconds <= LONGEST),
        Line("its memory", f"{gigabytes:.2f} GB", f"at most {MOST} GB", gigabytes <= MOST),
    ]


def main() -> int:
    """Print the table; return 1 where a target is missed."""
    parts: dict[str, Callable[[Path, Path], list[Line]]] = {
        "alarms": lambda *_: alarms(args.years),
        "shifts": lambda *_: shifts(REPETITIONS if args.years == YEARS else args.years),
        "expected": lambda project, _: expected(project),
        "log": with_log,
        "size": lambda project, folder: size(project, folder, args.rows),
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=names_of("part", parts), default=[*parts], help="parts, by commas")
    parser.add_argument("--project", type=Path, help="a trained project of the default service")
    parser.add_argument("--years", type=int, default=YEARS, help="simulated years without drift")
    parser.add_argument("--rows", type=int, default=ROWS, help="lines of the large log")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        needed = {"expected", "log", "size"} & {*args.only}
        project = trained_project(args.project, folder) if needed else folder
        lines = [line for name in args.only for line in parts[name](project, folder)]
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
