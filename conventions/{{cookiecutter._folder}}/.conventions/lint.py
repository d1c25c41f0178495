"""Lint what git knows, and fail only on findings that the baseline does not have.

A repository that was written without these rules breaks many of them. Its findings are
counted by tool, file and rule in `baseline.json`; they may become fewer, never more.
A tool without a baseline gets one at its first run, but not on a CI machine: there
nobody would commit it, and everything would pass for ever.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
BASELINE = HERE / "baseline.json"
SETTINGS = str(HERE / "linters.toml")
CODE = re.compile(r"\.(py|ipynb)$")
LINTED = {  # a tool's files, where they are not the Python files
    "black": CODE,
    "hadolint": re.compile(r"(^|/)Dockerfile[^/]*$"),
}
LINE = "{path}:{line}: {symbol} {msg}"
TOOLS = {
    "black": ["black", "--check", "--config", SETTINGS],
    "flake8": ["flake8", "--toml-config", SETTINGS, "--format"]
    + ["%(path)s:%(row)d: %(code)s %(text)s"],
    "pylint": ["pylint", "--rcfile", SETTINGS, "--score=no", "--msg-template", LINE],
    "mypy": ["mypy", "--config-file", SETTINGS, "--no-error-summary"],
    "hadolint": ["hadolint", "--no-color", "--failure-threshold", "style"],
}
USUAL = r"(?P<path>[^\n]+?):\d+: (?P<rule>[\w-]+) "
FINDING = {
    "black": r"(?:would reformat|error: cannot [^:]+:) (?P<path>.+?)(?::\d+:\d+)?$",
    "flake8": USUAL,
    "pylint": USUAL,
    "hadolint": r"(?P<path>[^\n]+?):\d+ (?P<rule>\w+) ",
    "mypy": r"(?P<path>[^:\n]+):(?:\d+:)? error: .*?(?:\[(?P<rule>[\w-]+)\])?$",
}


def known_to_git(wanted: list[str], changed: bool = False) -> list[str]:
    """Return the files that git tracks, or would track."""
    listed = ["ls-files", "-z", "--others", "--exclude-standard"]
    commands = [[*listed, "--modified" if changed else "--cached"]]
    commands += [["diff", "--cached", "--name-only", "-z"]] if changed else []
    where = ["--", f":(exclude){HERE.name}", *(wanted or ["."])]
    names: set[str] = set()
    for words in commands:
        command = ["git", *words, *where]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        names |= set(done.stdout.split("\0"))
    return sorted(name for name in names if Path(name).is_file())  # and not deleted


def found_by(tool: str, files: list[str]) -> list[tuple[str, str, str]]:
    """Run a tool; return file, rule and line of each finding."""
    form = LINTED.get(tool, re.compile(r"\.py$"))
    if not (files := [name for name in files if form.search(name)]):
        return []
    command = [str(BIN / TOOLS[tool][0]), *TOOLS[tool][1:], *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    matches = [(re.match(FINDING[tool], line), line) for line in lines]
    found = [
        (os.path.relpath(match["path"]), match.groupdict().get("rule") or tool, line)
        for match, line in matches
        if match
    ]
    if done.returncode and not found:
        sys.exit(f"{tool} could not run:\n{done.stdout}{done.stderr}")
    return found


def counted(found: list[tuple[str, str, str]]) -> dict[str, int]:
    """Return how often each rule is broken in each file."""
    return dict(sorted(Counter(f"{path} {rule}" for path, rule, _ in found).items()))


def compare(tool: str, found: list[tuple[str, str, str]], known: dict[str, int]) -> int:
    """Print what the baseline does not have; return how much that is."""
    counts = counted(found)
    more = {key for key, count in counts.items() if count > known.get(key, 0)}
    for path, rule, line in found:
        if f"{path} {rule}" in more:
            print(line)
    new = sum(counts[key] - known.get(key, 0) for key in more)
    gone = max(0, sum(known.values()) - (len(found) - new))
    print(f"{tool}: {new} new, {len(found) - new} in the baseline", end="")
    print(f"; {gone} mended: `make baseline` keeps that" if gone else "")
    return new


def lint(tools: list[str], files: list[str], accept: bool) -> int:
    """Compare each tool's findings with the baseline; return how many are new."""
    text = BASELINE.read_text(encoding="utf-8") if BASELINE.is_file() else "{}"
    baseline, new = json.loads(text), 0
    for tool in tools:
        found = found_by(tool, files)
        if accept or (tool not in baseline and not os.environ.get("CI")):
            baseline[tool] = counted(found)
            print(f"{tool}: {len(found)} findings accepted, see {BASELINE.name}")
        new += compare(tool, found, baseline.get(tool, {}))
    if baseline != json.loads(text):
        written = json.dumps(baseline, indent=2, sort_keys=True, ensure_ascii=False)
        BASELINE.write_text(written + "\n", encoding="utf-8")
        print(f"commit {os.path.relpath(BASELINE)}: only what is not in it fails")
    return new


def main() -> None:
    """Read the command line; exit with 1 where something is new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--accept", action="store_true", help="write the baseline")
    parser.add_argument("--format", action="store_true", help="run black instead")
    parser.add_argument("--all", action="store_true", help="format what did not change")
    parser.add_argument("paths", nargs="*", help="default: all that git knows")
    options = parser.parse_args()
    if options.format:
        files = known_to_git(options.paths, changed=not options.all)
        files = [name for name in files if CODE.search(name)]
        command = [str(BIN / "black"), "--quiet", "--config", SETTINGS]
        sys.exit(subprocess.call(command + files) if files else 0)
    files = known_to_git(options.paths)
    sys.exit(1 if lint(options.tools.split(","), files, options.accept) else 0)


if __name__ == "__main__":
    main()
