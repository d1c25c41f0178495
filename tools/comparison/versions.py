"""A version of the template, its renderings, and the one environment that they share."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comparison.normalise import normalise
from trial import ROOT, copy_template

FOREIGN = ("PYTHON", "VIRTUAL_ENV", "MLFLOW", "COV", "SERVE_", "GIT_", "DVC_")
SILENT = {"ORT_DISABLE_TELEMETRY": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "COLUMNS": "100", "TERM": "dumb"}
# The order of a set of texts decides the order of the domains in an ONNX file: each process has another one.
# Two versions share the cores: threads of both would wait for each other.
FIXED = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
UV = (sys.executable, "-m", "uv")
PATIENCE = 900  # seconds for one command
REVISION = "rendered"  # tag of the first commit: manifests of both versions name the same revision
WORK_TREE = "the working tree"


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code, and its output as text."""

    code: int
    stdout: str
    stderr: str

    def text(self, *folders: Path) -> str:
        """Return exit code and output, without what changes from run to run."""
        parts = (f"exit code {self.code}", normalise(self.stdout, *folders), normalise(self.stderr, *folders))
        return "\n".join(filter(None, parts))


@dataclass(frozen=True)
class Version:
    """One version of the template in a folder of its own, below which everything of it lies."""

    folder: Path
    name: str  # a tag, or WORK_TREE

    @property
    def template(self) -> Path:
        """Return the folder with the template itself."""
        return self.folder / "template"

    @property
    def environment(self) -> Path:
        """Return the virtual environment that all renderings share."""
        return self.folder / "venv"

    def project(self, task: str) -> Path:
        """Return the folder of the project rendered for a task."""
        return self.folder / f"svc-{task}"

    def variables(self, **more: str) -> dict[str, str]:
        """Return the environment variables of every command: no setting of this machine's user is among them."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(FOREIGN)}
        cache = os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv"))
        path = f"{self.environment / 'bin'}{os.pathsep}{kept['PATH']}"
        home = {"HOME": str(self.folder / "home"), "PATH": path, "UV_CACHE_DIR": cache}
        return {**kept, **SILENT, **FIXED, **wheels(kept), **home, **more}

    def run(self, command: Sequence[str], cwd: Path, **more: str) -> Outcome:
        """Run a command; one that takes too long counts as exit code 124, as `timeout` gives it."""
        try:
            done = subprocess.run(
                command,
                cwd=cwd,
                env=self.variables(**more),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome(124, "", f"not finished after {PATIENCE} s")
        return Outcome(done.returncode, done.stdout, done.stderr)

    def must(self, *command: str, cwd: Path) -> str:
        """Run a command of the preparation; raise RuntimeError with its output where it fails."""
        done = self.run(command, cwd)
        if done.code:
            raise RuntimeError(f"{self.name}: `{' '.join(command)}` failed:\n{done.stdout}{done.stderr}"[-4000:])
        return done.stdout

    def fetch(self) -> None:
        """Bring the template into its folder: a clone at the tag, or a copy of the working tree."""
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.template, ignore_errors=True)
        if self.name == WORK_TREE:
            copy_template(self.template)
            return
        quiet = ("--quiet", "--config", "advice.detachedHead=false")
        self.must("git", "clone", *quiet, "--branch", self.name, str(ROOT), str(self.template), cwd=self.folder)

    def render(self, task: str) -> None:
        """Render a task's project; each version gets the same answers."""
        project = self.project(task)
        shutil.rmtree(project, ignore_errors=True)
        answers = {"task": task, "project_slug": project.name, "package_name": package(task), "python_version": "3.12"}
        pairs = [f"{question}={answer}" for question, answer in answers.items()]
        command = (sys.executable, "-m", "cookiecutter", str(self.template), "--no-input", "-o", str(self.folder))
        self.must(*command, *pairs, cwd=self.folder)
        (project / ".venv").symlink_to(self.environment)
        someone = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.com")
        self.must("git", *someone, "tag", "--annotate", REVISION, "--message", "As rendered", cwd=project)

    def set_up(self, tasks: Sequence[str]) -> None:
        """Make the environment with the pinned packages, unless an earlier run made it of the same pins."""
        pins = {(self.project(task) / "requirements/dev.txt").read_text(encoding="utf-8") for task in tasks}
        if len(pins) > 1:
            raise RuntimeError(f"{self.name}: the tasks do not share one requirements/dev.txt")
        torch = next((f for task in tasks if (f := self.project(task) / "requirements/torch.txt").is_file()), None)
        done, stamp = self.environment / "pins.txt", pins.pop() + (torch.read_text(encoding="utf-8") if torch else "")
        if done.is_file() and done.read_text(encoding="utf-8") == stamp:
            return
        requirements = str(self.project(tasks[0]) / "requirements/dev.txt")
        self.must(*UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(self.environment), cwd=self.folder)
        self.install("--require-hashes", "--requirement", requirements)
        if torch:
            build = () if wheels(os.environ) else ("--torch-backend", "cpu")
            self.install(*build, "--requirement", str(torch))
        done.write_text(stamp, encoding="utf-8")

    def install(self, *what: str) -> None:
        """Install into the environment."""
        python = str(self.environment / "bin" / "python")
        self.must(*UV, "pip", "install", "--quiet", "--python", python, *what, cwd=self.folder)

    def install_project(self, task: str) -> None:
        """Install a project, and its library where it has one, as `make setup` does."""
        places = [
            place for place in (self.project(task) / "kit", self.project(task)) if (place / "pyproject.toml").exists()
        ]
        editable = [word for place in places for word in ("--editable", str(place))]
        self.install("--no-deps", "--no-build-isolation", *editable)

    def make(self, task: str, *words: str) -> Outcome:
        """Run a make target; the environment counts as set up, whatever was written since."""
        (self.environment / ".ready").touch()
        return self.run(("make", "--silent", "--old-file=.venv/.ready", *words), self.project(task))

    def restore(self, task: str) -> None:
        """Restore a project to its rendered state."""
        for words in ("checkout --quiet .", "clean --quiet --force -dx --exclude=.venv"):
            self.must("git", *words.split(), cwd=self.project(task))


def package(task: str) -> str:
    """Return the package name of a task's project."""
    return f"svc_{task}"


def wheels(variables: dict[str, str] | os._Environ[str]) -> dict[str, str]:
    """Return uv's folder of wheels where one is set for uv or pip: PyTorch may lie there."""
    folder = variables.get("UV_FIND_LINKS") or variables.get("PIP_FIND_LINKS")
    return {"UV_FIND_LINKS": folder} if folder else {}
