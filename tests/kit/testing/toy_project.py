"""A project's deployment files for a toy service: the tree's own, with the service's name filled in."""

import json
import re
import shutil
from pathlib import Path

TREE = Path(__file__).parents[3] / "{{cookiecutter.project_slug}}"
COPIED = ("deploy", "Dockerfile", "docs/runbook.md")
ANSWER = re.compile(r"\{\{ cookiecutter\.(\w+) \}\}")
LITERAL = re.compile(r"\{\{ '([^']*)' \}\}")  # what is for Prometheus and Grafana


def copy_deployment(folder: Path, name: str, package: str = "toy") -> Path:
    """Copy deployment files and runbook into `folder`; return it."""
    for path in COPIED:
        source, target = TREE / path, folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    answers = {"package_name": package, "python_version": "3.12"}  # every other one is a name
    for path in filter(Path.is_file, folder.rglob("*")):
        text = ANSWER.sub(lambda found: answers.get(found[1], name), path.read_text(encoding="utf-8"))
        path.write_text(LITERAL.sub(r"\1", text), encoding="utf-8")
    return folder


def health_check(file: str = "Dockerfile") -> list[str]:
    """Return the command of the HEALTHCHECK in a Dockerfile of the tree."""
    text = (TREE / file).read_text(encoding="utf-8").replace("\\\n", " ")
    [found] = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", text, re.MULTILINE)
    return json.loads(found)


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
