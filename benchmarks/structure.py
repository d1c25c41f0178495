"""The structure in figures: how much a user owns, and what this version costs beside an older one.

Both versions are rendered in one run. --times sets both up and times `make ci`, in turns, and `make test-kit` of this
repository: half an hour. --serving asks both services in turns: five minutes more. Without them it takes a minute.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from common import Line, commit, judged, render_command, say, template_repository
from tasks import TASKS
from two_versions import Pair, run, serving_lines, time_lines
from trial import ROOT  # in tools/, where common looks

from python_files import files, is_stub, parses, python_files

SINCE = "v0.6.0"
FILES, LINES = 20, {"forecasting": 1300}  # of the user's package, at most
OTHERS = 1000  # lines of any other task's
TEST_FILES, TEST_LINES = 24, 1600
UNPARSABLE, STUBS = 75, 45
TREE = "{{cookiecutter.project_slug}}"


def released(version: str, target: Path) -> Path:
    """Extract a version's files as a git repository of one commit."""
    target.mkdir()
    archive = target.with_suffix(".tar")
    run("git", "archive", "--output", str(archive), version, cwd=ROOT)
    run("tar", "-xf", str(archive), "-C", str(target), cwd=ROOT)
    return commit(target)


def render(template: Path, folder: Path, task: str) -> Path:
    """Render a task; return the project's folder."""
    folder.mkdir(parents=True)
    run(*render_command("cookiecutter", template, folder), f"task={task}", cwd=folder)
    return next(folder.iterdir())


def size(folder: Path) -> tuple[int, int]:
    """Return the number of Python files in a folder, and of their lines."""
    found = list(folder.rglob("*.py"))
    return len(found), sum(path.read_text(encoding="utf-8").count("\n") for path in found)


def owned(task: str, projects: Pair) -> list[Line]:
    """Count what a user owns of one task."""
    lines = []
    most = LINES.get(task, OTHERS)
    for what, folder, many, length in (("package", "src", FILES, most), ("tests", "tests", TEST_FILES, TEST_LINES)):
        before, now = (size(project / folder) for project in projects)
        lines.append(
            Line(
                f"{task}: the user's {what}",
                f"{now[0]} files, {now[1]:,} lines; {before[0]} and {before[1]:,} in {SINCE}",
                f"at most {many} files, {length:,} lines",
                now[0] <= many and now[1] <= length,
            )
        )
    return lines


def unrendered(templates: Pair) -> list[Line]:
    """Count the files that are no Python before they are rendered, and the stubs among those of the tree."""
    bad = [sum(not parses(path) for path in python_files(root=root)) for root in templates]
    stubs = [sum(map(is_stub, files(TREE, root=root))) for root in templates]
    library = [path for path in python_files(TREE, "tests", root=templates.now) if "kit" in path.parts]
    inside = sum(not parses(path) for path in library)
    return [
        Line(
            "files that do not parse", f"{bad[1]}; {bad[0]} in {SINCE}", f"at most {UNPARSABLE}", bad[1] <= UNPARSABLE
        ),
        Line(
            "of these, in the library and its tests", f"{inside} of {len(library)}", "0", library != [] and inside == 0
        ),
        Line("stubs in the tree", f"{stubs[1]}; {stubs[0]} in {SINCE}", f"at most {STUBS}", stubs[1] <= STUBS),
    ]


def main() -> int:
    """Count, measure what is asked for, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", action="store_true", help="set both up, and time `make ci` and `make test-kit`")
    parser.add_argument("--serving", action="store_true", help="ask both services: requests/s and processor time")
    parser.add_argument("--quick", action="store_true", help="one round of `make ci`, 3 of load instead of 7")
    args = parser.parse_args()
    print(f"Load before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        templates = Pair(released(SINCE, folder / "before"), template_repository(folder / "now"))
        lines, projects = unrendered(templates), {}
        for task in TASKS:
            say(f"rendering {task}")
            made = (render(template, folder / "made" / template.name / task, task) for template in templates)
            projects[task] = Pair(*made)
            lines += owned(task, projects[task])
        if args.times or args.serving:
            for project in projects[TASKS[0]]:
                say(f"{project}: make setup pipeline")
                run("make", "setup", "pipeline", cwd=project)
        if args.serving:  # first: its package cache and its processor are as cold as the other's
            lines += serving_lines(projects[TASKS[0]], folder, 3 if args.quick else 7)
        if args.times:
            lines += time_lines(projects[TASKS[0]], 1 if args.quick else 3)
    return 0 if judged(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
