"""`make tune` on public tables: adopted, trained, tuned, trained again; both candidates on the same test rows.

The tables are the first of the benchmark of adopting, those that are compared with plain boosting there.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from common import Line, judged, say, table, template_repository
from tables.journey import COMPARED
from tables.public import HERE, Table, drawn, named, to_csv
from tables.services import Failed, Services, reason, run

TABLES, TRIALS = 10, 50


class Tuned(NamedTuple):
    """What tuning did for one table."""

    name: str
    changed: bool  # params.yaml
    gain: tuple[float, float, float]  # on the test rows: value and the ends of its interval

    def texts(self) -> tuple[str, ...]:
        """Return what the table shows."""
        value, low, high = self.gain
        return self.name, "changed" if self.changed else "nothing gained", f"{value:+.4f} [{low:+.4f}, {high:+.4f}]"


def tuned(public: Table, path: Path, services: Services, trials: int) -> Tuned:
    """Adopt a table, train, tune, train again; compare both candidates. Raise Failed where a step fails."""
    project = services.fresh(public.task)
    shutil.rmtree(project / "tuning", ignore_errors=True)
    variables = {"DATA": str(path), "TARGET": public.target, **public.variables, "YES": "1"}
    run(project, "make", "adopt", *(f"{name}={text}" for name, text in variables.items()))
    run(project, "make", "pipeline")
    before = project.parent / f"before-{public.name}"
    shutil.copytree(project / "models/candidate", before)
    held = (project / "params.yaml").read_bytes()
    run(project, "make", "tune", f"TRIALS={trials}")
    changed = (project / "params.yaml").read_bytes() != held
    if changed:
        run(project, "make", "pipeline")
    [package] = (folder.name for folder in (project / "src").iterdir() if (folder / "training.py").is_file())
    words = ("-W", "ignore", str(HERE / "gain.py"), package, str(before), "models/candidate")
    found = json.loads(run(project, ".venv/bin/python", *words))
    return Tuned(public.name, changed, (found["value"], found["low"], found["high"]))


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=TABLES, help=f"how many (default: {TABLES})")
    parser.add_argument("--only", type=named, metavar="NAME,…", help="these tables")
    parser.add_argument("--trials", type=int, default=TRIALS, help=f"of each search (default: {TRIALS})")
    args = parser.parse_args()
    compared = [one for one in drawn(10 * args.tables, 0) if one.task in COMPARED]
    tables = args.only or compared[: args.tables]
    found, failed = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        services = Services(template_repository(folder / "template"), folder / "services")
        paths = to_csv(tables, folder)
        for each in tables:
            try:
                found.append(tuned(each, paths[each.name], services, args.trials))
                say(" · ".join(found[-1].texts()))
            except Failed as error:
                failed.append(each.name)
                say(f"{each.name}: {reason(str(error))}")
    print(
        table(("table", "params.yaml", "gain on the test rows, gate's metric"), [one.texts() for one in found]) + "\n"
    )
    return 0 if judged(lines(found, failed)) else 1


def lines(found: list[Tuned], failed: list[str]) -> list[Line]:
    """Return the figures: how many gained, significantly or not, and how many became worse."""
    better, surely = (sum(one.changed and one.gain[end] > 0 for one in found) for end in (0, 1))
    worse = [one.name for one in found if one.changed and one.gain[2] < 0]
    return [
        Line("tables that failed", ", ".join(failed) or "0", "0", not failed),
        Line("significantly worse on the test rows", ", ".join(worse) or "0", "0", not worse),
        Line("better on the test rows, of these significantly", f"{better} of {len(found)}, {surely}"),
    ]


if __name__ == "__main__":
    sys.exit(main())
