"""Compare the working tree with a released version: what both render is trained, served, asked and adopted.

    python tools/compare_with.py v0.6.0                             five tasks, about ten minutes
    python tools/compare_with.py v0.6.0 --tasks text --keep /tmp/c  one task; a second run finds its environments

Both versions get the same answers, run at the same time on the same machine, and each has one environment with its
own pins. Differences are printed by task and area, and written to build/comparison/report.md. Exit code 1 where there
is a difference that no entry of the --explained file names.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from comparison import adopting, artifacts, serving
from comparison.commands import Commands
from comparison.differences import Difference, Explanation, compare, explain, load_explanations, unused
from comparison.report import document
from comparison.versions import WORK_TREE, Version
from trial import ROOT

TASKS = ("classification", "regression", "forecasting", "text", "image")
EXPLAINED = Path(__file__).parent / "comparison" / "explained.yaml"
REPORT = ROOT / "build" / "comparison"
Areas = dict[str, dict[str, str]]


def merge(found: Areas, more: Areas) -> Areas:
    """Add areas to those found; an area may come from several observers."""
    for area, texts in more.items():
        found.setdefault(area, {}).update(texts)
    return found


def observe(version: Version, task: str, tables: Path) -> Areas:
    """Set up, train, serve and adopt one task's project; return what is observed, by area."""
    version.install_project(task)
    commands, found = Commands(version, task), artifacts.make_help(version, task)
    merge(found, {"commands": commands.before()})
    served, example = serving.without_model(version, task)
    merge(found, served)
    merge(found, {"commands": commands.pipeline()})
    merge(found, artifacts.trained(version, task))
    merge(found, {"commands": commands.after()})
    said, predictions = commands.predict(example)
    merge(found, {"commands": said, "batch predictions": predictions})
    merge(found, serving.with_model(version, task, example))
    merge(found, serving.with_keys(version, task, example))
    return merge(found, adopting.adopt(version, task, tables))


def prepare(version: Version, tasks: Sequence[str]) -> None:
    """Fetch a version, render the tasks and set its environment up."""
    version.fetch()
    for task in tasks:
        version.render(task)
    version.set_up(tasks)


def run(versions: Sequence[Version], tasks: Sequence[str], work: Path) -> list[Difference]:
    """Observe both versions task after task, at the same time; keep what was observed, and return the differences."""
    differences: list[Difference] = []
    with ThreadPoolExecutor(len(versions)) as pool:
        list(pool.map(lambda version: prepare(version, tasks), versions))
        adopting.make_tables(work / "tables", versions[0])
        for task in tasks:
            started = time.monotonic()
            old, new = pool.map(lambda version, task=task: observe(version, task, work / "tables"), versions)
            for side, found in (("old", old), ("new", new)):
                text = json.dumps(found, indent=1, ensure_ascii=False)
                (REPORT / f"{task}-{side}.json").write_text(text, encoding="utf-8")
            differences += compare(task, old, new)
            print(f"  {task}: {sum(map(len, old.values()))} texts, {time.monotonic() - started:.0f} s", flush=True)
    return differences


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="a tag of this repository")
    parser.add_argument("--to", default=WORK_TREE, help="compare with this tag instead of the working tree")
    parser.add_argument("--tasks", default=",".join(TASKS), help="separated by commas; all without this")
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    parser.add_argument("--explained", type=Path, default=EXPLAINED, help="YAML file of the differences that are meant")
    args = parser.parse_args()
    args.tasks = args.tasks.split(",")
    if unknown := set(args.tasks) - set(TASKS):
        parser.error(f"no task: {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    return args


def judge(title: str, tasks: Sequence[str], found: Sequence[Difference], known: Sequence[Explanation]) -> int:
    """Print and keep the report; return the exit code."""
    differences = explain(found, known)
    notes = [f"explains nothing in this run: {reason}" for reason in unused(differences, known)]
    text = document(title, tasks, differences, notes)
    (REPORT / "report.md").write_text(text, encoding="utf-8")
    print(text)
    return int(any(difference.open for difference in differences))


def compare_versions(args: argparse.Namespace) -> int:
    """Run the comparison that the command line asks for; return the exit code."""
    known = load_explanations(args.explained)
    REPORT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = (args.keep or Path(temporary)).resolve()
        versions = (Version(work / "old", args.version), Version(work / "new", args.to))
        return judge(f"{args.version} and {args.to}", args.tasks, run(versions, args.tasks, work), known)


def main() -> int:
    """Compare two versions; return 1 where they differ in what is not explained."""
    args = arguments()
    try:
        return compare_versions(args)
    except (RuntimeError, ValueError, re.error) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    sys.exit(main())
