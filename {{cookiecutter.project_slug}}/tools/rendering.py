"""Renderings of the template: Copier makes them, and what is the user's is left out."""

import shutil
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .commands import Refused, run

COPIER = "copier==9.19.1"  # renders; uv has it, or fetches it


@dataclass(frozen=True)
class Rendering:
    """A version of the template, and answers other than the project's own."""

    version: str
    answers: dict[str, str] = field(default_factory=dict)


@cache
def copier() -> tuple[str, ...]:
    """Return how copier is run: without a network, if uv has it already."""
    uv = shutil.which("uv") or shutil.which("uv", path=".venv/bin")
    if not uv:
        raise Refused("there is no uv, which runs copier: type 'make setup' first")
    tool, name = (uv, "tool", "run", "--quiet"), ("--from", COPIER, "copier")
    try:
        run(*tool, "--offline", *name, "--version")
        return (*tool, "--offline", *name)
    except Refused:
        pass
    try:
        run(*tool, *name, "--version")
    except Refused as refused:
        raise Refused(
            f"{COPIER}, which renders, is not in uv's cache and cannot be fetched "
            f"({refused}): if you are offline, wait"
        ) from refused
    return (*tool, *name)


def render(source: str, wanted: Rendering, answers: Path, folder: Path) -> None:
    """Render the template into a new folder; the answers' file gives the rest."""
    data = [f"--data={key}={value}" for key, value in wanted.answers.items()]
    options = ["--quiet", "--defaults", f"--data-file={answers}", *data]
    words = (*options, f"--vcs-ref={wanted.version}", source, str(folder))
    try:
        run(*copier(), "copy", *words)
    except Refused as refused:
        raise Refused(explain(source, wanted, str(refused))) from refused


def explain(source: str, wanted: Rendering, said: str) -> str:
    """Return why there is no rendering, in one sentence."""
    if "pathspec" in said or "nknown revision" in said:
        return f"the template at {source} has no version {wanted.version}"
    return f"the template cannot be rendered at {wanted.version}: {said}"


def leave_out(project: Path, *folders: Path) -> None:
    """Remove from renderings what is the user's: they and the project list it."""
    listed = set().union(*(skipped(each) for each in (project, *folders)))
    found = [each.glob(name) for each in folders for name in listed]
    for path in [path for paths in found for path in paths]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def skipped(folder: Path) -> set[str]:
    """Return what pyproject.toml lists under [tool.cruft]: nothing if damaged."""
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        tools = tomllib.loads(text).get("tool", {})
    except (OSError, ValueError):
        return set()
    return set(tools.get("cruft", {}).get("skip", []))
