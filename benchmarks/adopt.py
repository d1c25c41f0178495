"""`make adopt`: sixty public tables adopted, trained, served, asked, and compared with scikit-learn's own boosting.

Their packages are installed under build/. Services are rendered and set up in a temporary folder. Each result is kept
in the folder of `--results`, and a table that has one there is not tried again, unless `--only` names it.

With `--large` a million drawn rows of thirty columns instead: numbers, categories, dates, yes/no, identifiers, missing
values. With `--table` one of yours: how long from `make adopt` to its first prediction.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import Line, judged, project_environment, render_command, say, template_repository
from environments import CACHE
from tables import verdicts
from tables.public import drawn, named
from tables.run import results_of
from tables.services import answered

ROWS, COLUMNS = 1_000_000, 30
LONGEST, MOST = 60, 2.0  # s, GB
QUICK = 2  # public tables
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
    began = time.monotonic()
    done = subprocess.run(
        words, cwd=project, env=project_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    return time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def to_a_prediction(project: Path, table: Path, target: str) -> Line:
    """Adopt a table, train, serve and ask for a prediction."""
    say(f"{table.name}: adopt, train, serve, predict")
    adopting, _ = run(project, "make", "adopt", f"DATA={table}", f"TARGET={target}", "YES=1")
    training, _ = run(project, "make", "pipeline")
    began = time.monotonic()
    if not answered(project):
        sys.exit("the README's request was not answered")
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


def public(args: argparse.Namespace, folder: Path) -> list[Line]:
    """Take public tables all the way; print what happened to each."""
    tables = args.only or drawn(QUICK if args.quick else args.tables, args.seed)
    template = template_repository(folder / "template")
    found = results_of(tables, template, args.results, folder, args.jobs, again=bool(args.only))
    print(f"{verdicts.details(found)}\n")
    return verdicts.lines(found)


def single(args: argparse.Namespace, folder: Path) -> list[Line]:
    """Adopt the large table, or one of the user's."""
    template = template_repository(folder / "template")
    subprocess.run(render_command("cookiecutter", template, folder / "made"), check=True, capture_output=True)
    project = next((folder / "made").iterdir())
    say("make setup")
    run(project, "make", "setup")
    lines = large(project, ROWS // 10 if args.quick else ROWS) if args.large else []
    if args.table:
        run(project, "git", "checkout", "--quiet", ".")
        lines.append(to_a_prediction(project, args.table.resolve(), args.target))
    return lines


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=60, help="how many are drawn from the list (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    parser.add_argument("--only", type=named, metavar="NAME,…", help="these tables, tried again")
    parser.add_argument("--jobs", type=int, default=1, help="tables at the same time (default: 1)")
    parser.add_argument("--results", type=Path, default=CACHE / "adopted", metavar="FOLDER", help="of results.jsonl")
    parser.add_argument("--large", action="store_true", help="a million rows")
    parser.add_argument("--table", type=Path, metavar="CSV", help="a table for the way to a prediction: titanic.csv")
    parser.add_argument("--target", default="survived", help="its target (default: survived)")
    parser.add_argument("--quick", action="store_true", help="two tables; a tenth of the rows")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    args = arguments()
    with tempfile.TemporaryDirectory() as name:
        lines = (single if args.large or args.table else public)(args, Path(name))
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
