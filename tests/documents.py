"""The documents of this repository, as the tests read them."""

import json
import re
import subprocess
from pathlib import Path

from conftest import ROOT

TREE = ROOT / "{{cookiecutter.project_slug}}"
TASKS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["task"]
LIBRARY = TREE / "kit" / "mlservice"
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}


def of_task(task: str, name: str) -> Path:
    """Return the file that a stub includes for a task."""
    return ROOT / "templates" / task / name


def files_in(folder: Path) -> set[str]:
    """Return the names of the files in a folder that git tracks or would track, with the folders within."""
    command = ("git", "ls-files", "-coz", "--exclude-standard")
    listed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.split("\0") if name and (folder / name).is_file()}


def cells(page: str, heading: str = "") -> list[list[str]]:
    """Return the rows of a page's tables, or of those under one heading, without their heads."""
    text = TEXTS[page].partition(heading)[2] if heading else TEXTS[page]
    text = text.partition("\n## ")[0] if heading else text
    rows = [line.strip("| ").split(" | ") for line in re.findall(r"^\| .*", text, re.MULTILINE)]
    return [row for row in rows if row[0].startswith("`")]


def names(page: str, heading: str = "") -> list[str]:
    """Return the first cell of each row, without its backticks."""
    return [row[0].strip("`") for row in cells(page, heading)]


def words_of(makefile: Path) -> set[str]:
    """Return the words that a Makefile offers."""
    return set(re.findall(r"^([a-z-]+):.*## ", makefile.read_text(encoding="utf-8"), re.MULTILINE))


def required(lines: list[str]) -> list[str]:
    """Return the names of the packages, without extras, versions and comments."""
    found = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return sorted({match.group() for match in found if match})
