"""Drift: in what a project's conventions differ from those that its template gave it."""

import json
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path

from clones import ANSWERS, Clone, Template, Trouble

OWNED = (  # by the template, in its versions that do not say themselves what is whose
    ".dockerignore",
    ".editorconfig",
    ".gitattributes",
    ".github/*",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    ".python-version",
    "Dockerfile",
    "Makefile",
    "compose.yaml",
    "deploy/*",
    "renovate.json",
    "tools/*",
)
Rendering = dict[str, bytes]  # what each template-owned file holds
Job = tuple[str, str]  # the folder of the template's files, the answers as JSON


def listed(rendered: Path) -> list[str] | None:
    """Return what a rendering's pyproject.toml lists as the user's own; None where it lists nothing."""
    path = rendered / "pyproject.toml"
    settings = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return settings.get("tool", {}).get("cruft", {}).get("skip")


def owned(name: str, users: list[str] | None) -> bool:
    """Tell whether the template owns a file, so that a difference in it is drift; folders of users are owned whole."""
    if users is None:
        return any(fnmatchcase(name, pattern) for pattern in OWNED)
    return name != ANSWERS and not any(
        name.startswith(f"{entry}/") or (fnmatchcase(name, entry) and name.count("/") == entry.count("/"))
        for entry in users
    )


def render(job: Job) -> Rendering | str:
    """Render with Copier, as the project was; return what stands in the way where it cannot be."""
    template, answers = job
    from copier import run_copy  # pylint: disable=import-outside-toplevel # a second, in each process that renders

    with tempfile.TemporaryDirectory() as made:
        try:
            run_copy(template, made, data=json.loads(answers), defaults=True, quiet=True)
        except Exception as error:  # pylint: disable=broad-exception-caught # Copier's, Jinja's and the disk's
            return f"the template cannot be rendered with these answers: {' '.join(str(error).split())}"
        paths = (path for path in Path(made).rglob("*") if path.is_file())
        named, users = {path.relative_to(made).as_posix(): path for path in paths}, listed(Path(made))
        return {name: path.read_bytes() for name, path in named.items() if owned(name, users)}


def render_all(jobs: set[Job], processes: int) -> dict[Job, Rendering | str]:
    """Render each template with each set of answers once, in as many processes as asked for."""
    ordered = sorted(jobs)
    if processes == 1:
        return dict(zip(ordered, map(render, ordered), strict=True))
    with ProcessPoolExecutor(processes) as pool:
        return dict(zip(ordered, pool.map(render, ordered), strict=True))


def job(clone: Clone, template: Template) -> Job:
    """Return what must be rendered to judge a clone."""
    return str(template.files(clone.version)), json.dumps(clone.answers, sort_keys=True, default=str)


def differences(folder: Path, rendering: Rendering | str) -> list[str]:
    """Return the template-owned files that were changed (M) or deleted (D), as git names them."""
    if isinstance(rendering, str):
        raise Trouble(rendering)
    found = []
    for name, content in sorted(rendering.items()):
        path = folder / name
        if not path.is_file():
            found.append(f"D {name}")
        elif path.read_bytes().replace(b"\r\n", b"\n") != content.replace(b"\r\n", b"\n"):
            found.append(f"M {name}")
    return found
