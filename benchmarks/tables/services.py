"""A rendered service for each task, set up once, and as it was rendered before each table."""

import contextlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from common import project_environment, render_command, say
from processes import NotStarted, served
from trial import fetch  # in tools/, where common looks

LONGEST = 1_200  # seconds of a command
# MLflow's database stays: making it anew takes longer than training, and a user does it once.
RESET = "git checkout -q . && git clean -fdq && rm -rf models reports dvc.lock data/*.parquet"
REQUEST = re.compile(r"curl -s \S+/predict .*? -d '(.*?)'\n", re.DOTALL)


class Failed(Exception):
    """A command that failed; holds its output."""


def run(project: Path, *words: str, given: str | None = None) -> str:
    """Run a command in a project; return what it printed. Raise Failed where it fails."""
    settings = {"cwd": project, "env": project_environment(), "input": given, "timeout": LONGEST}
    try:
        done = subprocess.run(words, **settings, capture_output=True, text=True)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"not ready after {LONGEST} s") from error
    if done.returncode:
        raise Failed(done.stdout + done.stderr)
    return done.stdout


def reason(output: str) -> str:
    """Return why a command failed: its last error in full, or its last lines."""
    lines = [line for line in output.strip().splitlines() if not line.startswith(("make:", "make["))]
    errors = [at for at, line in enumerate(lines) if line.startswith(("error: ", "ERROR: "))]
    return " ".join(lines[errors[-1] :] if errors else lines[-8:])


class Services:
    """Services of one worker, by task."""

    def __init__(self, template: Path, folder: Path) -> None:
        """Render into `folder` what is asked for later."""
        self._template, self._folder = template, folder

    def fresh(self, task: str) -> Path:
        """Return the folder of a task's service, as it was rendered."""
        home = self._folder / task
        if not home.is_dir():
            say(f"{task}: render, make setup")
            words = render_command("cookiecutter", self._template, home)
            subprocess.run([*words, f"task={task}"], check=True, capture_output=True)
            run(next(home.iterdir()), "make", "setup")
        project = next(home.iterdir())
        run(project, "bash", "-c", RESET)
        return project


def answered(project: Path) -> str:
    """Serve the model and send the README's request; return the answer, "" where there is none."""
    found = REQUEST.search((project / "README.md").read_text(encoding="utf-8"))
    with _serving(project) as address:
        return fetch(f"{address}/predict", found[1].encode()).decode() if found and address else ""


@contextlib.contextmanager
def _serving(project: Path) -> Iterator[str]:
    try:
        with served(project, project.parent.parent / f"{project.name}.log") as service:
            yield service.address
    except (NotStarted, OSError):
        yield ""
