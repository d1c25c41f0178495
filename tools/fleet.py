"""Which of many projects are up to date, and which have drifted from their template's conventions?

`tools/fleet.py FOLDER…` prints a table of local clones; `tools/fleet.py update FOLDER…` says `make update` in each.
A clone that cannot be judged is a row that says why. docs/how-to/keep-a-fleet-up-to-date.md goes on from here.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from clones import Trouble, read
from survey import names, survey

UNKNOWN = "–"
BRANCH = re.compile(r"^(?:branch:|the branch) (\S+)", re.MULTILINE)  # what `make update` says of the one it left


def lint(folder: Path) -> str:
    """Say `make lint` in a clone: green or red."""
    done = subprocess.run(("make", "lint"), cwd=folder, capture_output=True, check=False)
    return "red" if done.returncode else "green"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """Return a Markdown table; what is not known is a dash."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join((cell or UNKNOWN).replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def show(words: list[str]) -> int:
    """Print the table of the fleet."""
    parser = argparse.ArgumentParser(
        prog="fleet.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a local clone of a rendered project")
    parser.add_argument("--json", action="store_true", help="print JSON, with the name of each file that drifted")
    parser.add_argument("--verbose", action="store_true", help="list the files: M changed, D deleted")
    parser.add_argument("--template", default="", help="its path or address, where it is not what the clones name")
    parser.add_argument("--jobs", type=int, default=1, help="processes that render at once (1)")
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--states", type=Path, help='a JSON file, {"repository": "green"}: the state of each one\'s CI')
    state.add_argument("--check", action="store_true", help="find the state by `make lint` in each clone")
    args = parser.parse_args(words)
    states = {}
    if args.states:
        try:
            states = dict(json.loads(args.states.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            parser.error(f'{args.states} is no JSON of the form {{"repository": "green"}}: {error}')
    rows = survey(args.folders, args.template, max(1, args.jobs))
    for row, folder in zip(rows, args.folders, strict=True):
        row.ci = lint(folder) if args.check and row.drift is not None else str(states.get(row.repository, ""))
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
        return 0
    print(table(["repository", "template", "newest", "drift", "CI"], (row.cells() for row in rows)))
    if args.verbose:
        print("".join(f"\n{row.repository}: {', '.join(row.drift)}" for row in rows if row.drift))
    return 0


def update_one(folder: Path, words: list[str]) -> tuple[str, str]:
    """Say `make update` in a clone; return what came of it, and its branch or its last word."""
    try:
        read(folder)
    except Trouble as error:
        return "failed", str(error)
    done = subprocess.run(("make", "update", *words), cwd=folder, capture_output=True, text=True, check=False)
    if branch := BRANCH.search(done.stdout):
        return "to settle" if done.returncode else "updated", f"branch {branch[1]}"
    said = [line for line in (done.stderr if done.returncode else done.stdout).splitlines() if line.strip()]
    spoken = [line for line in said if not line.startswith("make")]  # without make's own complaint
    return "failed" if done.returncode else "as it was", (spoken or said or ["no word"])[-1].strip()


def update(words: list[str]) -> int:
    """Update every clone, whatever becomes of the others; exit 1 where one failed, or left something to a person."""
    parser = argparse.ArgumentParser(prog="fleet.py update", description="Say `make update` in each clone.")
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="a local clone of a rendered project")
    parser.add_argument("--version", help="the template's version to go to; else the newest")
    parser.add_argument("--no-check", action="store_true", help="do not run `make ci` on what comes out")
    args = parser.parse_args(words)
    options = [f"VERSION={args.version}"] * bool(args.version) + ["CHECK=0"] * args.no_check
    rows = []
    for at, (name, folder) in enumerate(zip(names(args.folders), args.folders, strict=True), 1):
        print(f"{at}/{len(args.folders)} {name} …", file=sys.stderr, flush=True)
        rows.append([name, *update_one(folder, options)])
    print(table(["repository", "result", "what it said"], rows))
    return int(any(result in ("failed", "to settle") for _, result, _ in rows))


def main() -> int:
    """Update the fleet, or show it."""
    words = sys.argv[1:]
    return update(words[1:]) if words[:1] == ["update"] else show(words)


if __name__ == "__main__":
    sys.exit(main())
