"""What the benchmarks share: a project to measure, the engines' command lines, a table."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from trial import copy_template  # noqa: E402 pylint: disable=wrong-import-position  # tools/ is no package

SOURCES = {
    "cookiecutter": "run it with the Python that Cookiecutter and Copier are installed in",
    "copier": "run it with the Python that Cookiecutter and Copier are installed in",
    "docker": "install Docker",
    "setpriv": "on Debian, apt-get install util-linux",
    "taskset": "on Debian, apt-get install util-linux",
    "uv": "run it with the Python that uv is installed in",
    "wrk": "on Debian, apt-get install wrk",
}
NOT_COPIED = (".git", ".venv", "mlruns")  # large, and no Dockerfile needs them
PYTHON_SETTINGS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")  # without bytecode a start takes far longer


class Line(NamedTuple):
    """A figure and its target; one without a target is there to compare with."""

    figure: str
    measured: str
    target: str = "–"
    met: bool | None = None

    def texts(self) -> tuple[str, ...]:
        """Return what the table shows."""
        return self.figure, self.measured, self.target, {True: "met", False: "**MISSED**", None: "–"}[self.met]


def tool(name: str) -> str:
    """Find a program beside this Python or on the PATH; one sentence where there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    return found or sys.exit(f"this benchmark needs {name}: {SOURCES[name]}")


def names_of(kind: str, known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a reader of an option: some of the known names, by commas, in their own order."""

    def read(text: str) -> list[str]:
        given = text.split(",")
        if unknown := sorted(set(given) - set(known)):
            raise argparse.ArgumentTypeError(f"no such {kind}: {', '.join(unknown)}; there are {', '.join(known)}")
        return [name for name in known if name in given]

    return read


def template_repository(target: Path) -> Path:
    """Copy what git tracks or would track of the template, as a git repository of one commit."""
    return commit(copy_template(target))


def commit(folder: Path) -> Path:
    """Make a folder a git repository of one commit."""
    someone = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com")
    for words in (("init", "-q"), ("add", "-Af"), (*someone, "commit", "-qm", "The template")):
        subprocess.run(("git", *words), cwd=folder, check=True)
    return folder


def render_command(engine: str, template: Path, output: Path, *, hooks: bool = True) -> list[str]:
    """Return what a user types to take every default; the project is the one folder in `output`."""
    if engine == "copier":
        words = ["copy", "--quiet", "--defaults", "--vcs-ref", "HEAD", str(template), str(output / "made")]
    else:
        accept = f"--accept-hooks={'yes' if hooks else 'no'}"
        words = [str(template), "--no-input", accept, "--output-dir", str(output)]
    return [tool(engine), *words]


def trained_project(given: Path | None, folder: Path) -> Path:
    """Return the project that is given, or render the default service, set it up and train it."""
    project = given.resolve() if given else make_project(folder)
    if not (project / "models" / "current" / "manifest.json").is_file():
        sys.exit(f"{project} serves no model yet: run `make setup pipeline` there first")
    return project


def make_project(folder: Path) -> Path:
    """Render the default service, set it up and train it."""
    template = template_repository(folder / "template")
    subprocess.run(render_command("cookiecutter", template, folder / "made"), check=True)
    project = next((folder / "made").iterdir())
    subprocess.run(("make", "setup", "pipeline"), cwd=project, stdout=sys.stderr, check=True)
    return project


def copy_of(project: Path, target: Path) -> Path:
    """Copy a project: what is changed for a measurement is never the user's own."""
    return shutil.copytree(project, target, ignore=shutil.ignore_patterns(*NOT_COPIED))


def project_environment() -> dict[str, str]:
    """Return this process's environment without what is about its own Python."""
    return {name: text for name, text in os.environ.items() if name not in PYTHON_SETTINGS}


def clean_home(folder: Path) -> dict[str, str]:
    """Return an environment in which no configuration of this machine's user reaches git, an engine or Python."""
    folder.mkdir()
    hidden = ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "COOKIECUTTER_CONFIG", "COPIER_SETTINGS_PATH", *PYTHON_SETTINGS)
    kept = {name: text for name, text in os.environ.items() if name not in hidden}
    return {**kept, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def judged(lines: Sequence[Line]) -> bool:
    """Print each figure with its verdict; tell whether no target is missed."""
    print(table(("figure", "measured", "target", "verdict"), [line.texts() for line in lines]))
    return not any(line.met is False for line in lines)


def say(text: str) -> None:
    """Tell who waits what is being done."""
    print(f"{text} …", file=sys.stderr, flush=True)
