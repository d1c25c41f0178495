"""Observe what a trained project holds: models, manifests, splits, reports, image contents, make targets."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from comparison.normalise import normalise
from comparison.versions import Version

PER_RUN = {"created", "run_id", "revision"}  # of a manifest
EMBEDDED = re.compile(r"data:image/[\w+]+;base64,[\w+/=]+")
COPY = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)
Areas = dict[str, dict[str, str]]


def trained(version: Version, task: str) -> Areas:
    """Return models, manifests, splits, reports and image contents of a project that is trained."""
    project = version.project(task)
    manifests = sorted(project.glob("models/*/manifest.json"))
    models = [*project.glob("models/*/*"), *project.glob("data/*.parquet"), *project.glob("data/raw.csv*")]
    return {
        "models": {relative(path, project): digest(path) for path in sorted(models) if path.name != "manifest.json"},
        "manifests": {relative(path, project): manifest(path) for path in manifests},
        "reports": dict(reports(project, version.folder)),
        "image": {"files copied": "\n".join(copied(project)), "Dockerfile": dockerfile(project)},
    }


def make_help(version: Version, task: str) -> Areas:
    """Return the make targets with their help lines."""
    return {"make": {"help": version.make(task, "help").text(version.folder)}}


def relative(path: Path, project: Path) -> str:
    """Return a path inside the project, as text."""
    return path.relative_to(project).as_posix()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(path: Path) -> str:
    """Return a manifest with its keys in their order, without the values of one run."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps({key: "…" if key in PER_RUN else value for key, value in found.items()}, indent=1)


def reports(project: Path, work: Path) -> Iterator[tuple[str, str]]:
    """Yield the list of files in reports/, and the content of those that are text."""
    files = sorted(path for path in (project / "reports").rglob("*") if path.is_file())
    yield "files", "\n".join(relative(path, project) for path in files)
    for path in files:
        if path.suffix in (".json", ".md", ".html"):
            text = EMBEDDED.sub("<plot>", path.read_text(encoding="utf-8"))
            yield relative(path, project), normalise(text, work)


def dockerfile(project: Path) -> str:
    """Return the Dockerfile without comments."""
    lines = (project / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def copied(project: Path) -> list[str]:
    """Return the files that the Dockerfile's COPY lines take from the project, as .dockerignore lets them."""
    rules = list(ignore_rules((project / ".dockerignore").read_text(encoding="utf-8")))
    found = set()
    for words in COPY.findall((project / "Dockerfile").read_text(encoding="utf-8")):
        for source in (word for word in words.split()[:-1] if not word.startswith("--")):
            place = project / source
            files = place.rglob("*") if place.is_dir() else [place]
            found |= {relative(path, project) for path in files if path.is_file()}
    return sorted(name for name in found if not ignored(name, rules))


def ignore_rules(text: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """Yield each pattern of a .dockerignore as an expression, and whether it leaves files out."""
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            yield re.compile(as_expression(line.removeprefix("!").strip("/"))), not line.startswith("!")


def as_expression(pattern: str) -> str:
    """Translate Docker's wildcards; what lies below a folder that matches, matches too."""
    parts = re.split(r"(\*\*/?|\*|\?)", pattern)
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(words.get(part, re.escape(part)) for part in parts) + "(?:/.*)?"


def ignored(name: str, rules: list[tuple[re.Pattern[str], bool]]) -> bool:
    """Return whether the last rule that matches leaves the file out."""
    verdicts = [leaves_out for pattern, leaves_out in rules if pattern.fullmatch(name)]
    return bool(verdicts) and verdicts[-1]
