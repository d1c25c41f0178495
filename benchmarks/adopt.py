"""`make adopt`: a million rows of thirty columns; and from a table that one has to the first prediction.

The default service is rendered and set up in a temporary folder. The large table is drawn here: numbers, categories,
dates, yes/no, identifiers, missing values. With `--table` one of yours is adopted, trained and served.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common
from common import Line, judged, render_command, say, template_repository
from load import served
from trial import documented_example  # in tools/, where common looks

ROWS, COLUMNS = 1_000_000, 30
LONGEST, MOST = 60, 2.0  # s, GB
FIRST = 90  # s from `make adopt` to a served prediction

DRAW = """
import numpy, pandas
rng = numpy.random.default_rng(0)
n, columns = {rows}, {{}}
for at in range({columns} - 1):
    columns[f"c{{at}}"] = {{
        0: lambda: rng.normal(size=n).round(4),
        1: lambda: rng.gamma(2, 40, n).round(2),
        2: lambda: rng.integers(0, 500, n),
        3: lambda: rng.choice(["north", "east", "south", "west", None], n),
        4: lambda: rng.choice([f"city {{i}}" for i in range(3000)], n),
        5: lambda: rng.choice(["yes", "no"], n),
        6: lambda: pandas.to_datetime("2024-01-01") + pandas.to_timedelta(rng.integers(0, 700, n), "D"),
    }}[at % 7]()
odds = columns["c0"] + (columns["c5"] == "yes") - (columns["c1"] > 80)
columns["bought"] = numpy.where(rng.random(n) < 1 / (1 + numpy.exp(-odds)), "yes", "no")
pandas.DataFrame(columns).to_csv("{path}", index=False)
"""


def run(project: Path, *words: str) -> tuple[float, float]:
    """Run a command in the project; return its seconds and the largest memory of a process of it, in GB."""
    env = {name: text for name, text in os.environ.items() if name not in common.PYTHON_SETTINGS}
    began = time.monotonic()
    done = subprocess.run(words, cwd=project, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def to_a_prediction(project: Path, table: Path, target: str) -> Line:
    """Adopt a table, train, serve and ask for a prediction."""
    say(f"{table.name}: adopt, train, serve, predict")
    adopting, _ = run(project, "make", "adopt", f"DATA={table}", f"TARGET={target}", "YES=1")
    training, _ = run(project, "make", "pipeline")
    began = time.monotonic()
    with served(project, project.parent / "serve.log") as service:
        service.predict(documented_example(service.address))
        whole = adopting + training + time.monotonic() - began
    measured = f"{whole:.0f} s ({adopting:.0f} s of them `make adopt`)"
    return Line(f"{table.name}: to a served prediction", measured, f"below {FIRST} s", whole < FIRST)


def large(project: Path, rows: int) -> list[Line]:
    """Adopt the large table."""
    say(f"drawing {rows:,} rows")
    table = project.parent / "large.csv"
    draw = DRAW.format(rows=rows, columns=COLUMNS, path=table)
    run(project, str(project / ".venv" / "bin" / "python"), "-c", draw)
    say("adopting them")
    # A new process: its children's memory is only that of `make adopt`.
    code = f"import json, pathlib, adopt; print(json.dumps(adopt.run(pathlib.Path({str(project)!r}), 'make', 'adopt', "
    code += f"{f'DATA={table}'!r}, 'TARGET=bought', 'YES=1')))"
    here = Path(__file__).resolve().parent
    done = subprocess.run((sys.executable, "-c", code), cwd=here, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    seconds, most = json.loads(done.stdout.splitlines()[-1])
    name = f"{rows:,} rows × {COLUMNS}: `make adopt`"
    return [
        Line(name, f"{seconds:.0f} s", f"below {LONGEST} s", seconds < LONGEST),
        Line(f"{name}, memory", f"{most:.2f} GB", f"below {MOST} GB", most < MOST),
    ]


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, metavar="CSV", help="a table for the way to a prediction: titanic.csv")
    parser.add_argument("--target", default="survived", help="its target (default: survived)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        template = template_repository(Path(name) / "template")
        subprocess.run(render_command("cookiecutter", template, Path(name) / "made"), check=True, capture_output=True)
        project = next((Path(name) / "made").iterdir())
        say("make setup")
        run(project, "make", "setup")
        lines = large(project, ROWS // 10 if args.quick else ROWS)
        if args.table:
            run(project, "git", "checkout", "--quiet", ".")
            lines.append(to_a_prediction(project, args.table.resolve(), args.target))
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
