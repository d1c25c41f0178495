"""A team's template with versions, projects that follow it, and what a person types to update them."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from in_process import run_engine

from conftest import ROOT, TOOLS, Project, git

TREE = "{{cookiecutter.project_slug}}"
SCRIPT = ("-m", "tools.update")


def released() -> str:
    """Return the version that pyproject.toml names: the last one that was released."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def version_of(kit: Path) -> str:
    """Return the version that a library has."""
    return re.search(r'^__version__ = "(.+)"$', (kit / "mlservice/__init__.py").read_text("utf-8"), re.MULTILINE)[1]


def unchanged(kit: Path) -> str:
    """Return the line of `make ci` for the library that is here: as released until a change gives it a new version."""
    version = version_of(kit)
    return f"mlservice {version}, {'as' if version == released() else 'not'} released"


def before() -> str:
    """Return the last release that differs from what is here: on the day of a release, the one before it."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    news = text.partition("\n## [Unreleased]")[2].partition("\n## ")[0]
    return re.findall(r"^## \[(\d.*)\]", text, re.MULTILINE)[0 if news.strip() else 1]


def after(version: str, steps: int = 1) -> str:
    """Return a later version."""
    major, minor, _ = version.split(".")
    return f"{major}.{int(minor) + steps}.0"


LAST, NOW, NEXT = (f"v{version}" for version in (before(), after(released()), after(released(), 2)))
OLDEST = "v0.6.0"  # whose src/, with a runtime of its own, stays green until 1.0: CONTRIBUTING.md promises it


def run(*command, at: Path, **more: str) -> tuple[int, str]:
    """Run a command without a terminal; return its exit code and all that it said."""
    done = subprocess.run(
        command,
        cwd=at,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def copy_over(folder: Path, source: Path) -> None:
    """Make a clone hold what is in another folder, and nothing else."""
    for each in folder.iterdir():
        if each.name != ".git":
            shutil.rmtree(each) if each.is_dir() else each.unlink()  # pylint: disable=expression-not-assigned
    shutil.copytree(source, folder, dirs_exist_ok=True)


def clone_with_versions(folder: Path, present: Path) -> Path:
    """Return a clone of this repository with the tags of all versions; what is here now is the next one."""
    git(folder.parent, "clone", "-q", "--no-tags", str(ROOT), folder.name)
    if git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("this clone is shallow: the versions before are not in it")
    git(folder, "checkout", "-qB", "main")
    copy_over(folder, present)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "What is here now")
    code, said = run(sys.executable, "tools/release.py", "tags", at=folder, **IDENTITY)
    assert code == 0, said
    git(folder, "tag", NOW)
    return folder


IDENTITY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "Test"), ("EMAIL", "test@example.com"))
}


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that must be in a file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text, f"{name} no longer holds {old!r}"
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def next_version(template: Path) -> None:
    """Let the team change its template, library and the user's files included; files move, go and come."""
    tree = template / TREE
    edit(tree, "Makefile", "clean: ## Remove", "hello: ## Greet\n\t@echo hello\n\nclean: ## Remove")
    edit(tree, "pyproject.toml", "max-args = 7", "max-args = 8")
    edit(tree, "requirements/dev.txt", "annotated-types==", "annotated-types-of-the-team==")
    edit(tree, "deploy/mlflow/Dockerfile", "FROM ", "# the team's\nFROM ")
    (tree / "compose.yaml").rename(tree / "deploy/compose.yaml")
    (tree / "deploy/grafana").rename(tree / "deploy/dashboards")
    (tree / ".dvcignore").unlink()
    (tree / "deploy/new.yaml").write_text("new: {{ cookiecutter.ci }}\n", encoding="utf-8")
    edit(tree, "README.md", "## Make targets", "## All make targets")
    edit(tree, "src/{{cookiecutter.package_name}}/train.py", "The order", "THE ORDER")
    edit(tree, "kit/mlservice/serving/limits.py", "BODIES = 16", "BODIES = 8")
    edit(tree, "kit/mlservice/serving/auth.py", '"""', '"""The next version\'s. ')
    (tree / "kit/mlservice/data/newer.py").write_text('"""New in the next version."""\n', encoding="utf-8")
    git(template, "add", "-A")
    git(template, "commit", "-qm", "The team's")
    git(template, "tag", NEXT)


@dataclass(frozen=True)
class Followed(Project):
    """A project that follows a team's template."""

    tools: Path  # a folder with a uv that needs no network

    def update(self, *options: str, ci: bool = False) -> tuple[int, str]:
        """Follow the template as `make update` does."""
        words = (*options, *(() if ci else ("--no-ci",)))
        path = f"{self.tools}:{os.environ['PATH']}"
        return run(sys.executable, *SCRIPT, *words, at=self.folder, PATH=path, **IDENTITY)

    def copy(self, folder: Path) -> "Followed":
        """Return a copy of the project in a new folder there."""
        return Followed(shutil.copytree(self.folder, folder / "project", symlinks=True), "", self.tools)

    def commit(self) -> None:
        """Commit all that is there."""
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-qm", "Mine")

    def state(self) -> tuple[dict[str, bytes], str, str]:
        """Return all that an update must leave as it is: files, branches, worktrees."""
        return self.contents(), git(self.folder, "branch", "-av"), git(self.folder, "worktree", "list")

    def switch(self, branch: str) -> None:
        """Take the branch that an update left."""
        git(self.folder, "switch", "-q", branch)


# Runs the copier of these tests: no network, and what was rendered once is copied the next time.
UV = f"""#!{sys.executable} -IS
import hashlib, pathlib, shutil, subprocess, sys
*words, into = sys.argv[sys.argv.index("copier") + 1 :]
if into == "--version":
    sys.exit()
(given,) = [word for word in words if word.startswith("--data-file=")]
asked = [*words, pathlib.Path(given.partition("=")[2]).read_text(encoding="utf-8")]
asked.remove(given)
kept = pathlib.Path(__file__).with_name(hashlib.md5(repr(asked).encode()).hexdigest())
if not kept.exists() and (failed := subprocess.run(["{TOOLS}/copier", *words, kept]).returncode):
    sys.exit(failed)
shutil.copytree(kept, into)
"""


def stand_in_for_uv(folder: Path) -> Path:
    """Return a folder with a `uv` that takes no time."""
    folder.mkdir()
    (folder / "uv").write_text(UV, encoding="utf-8")
    (folder / "uv").chmod(0o755)
    return folder


def make_project(engine: str, template: Path, version: str, folder: Path, **answers: str) -> Followed:
    """Render a version of the template and commit the project."""
    folder.mkdir(parents=True)
    git(template, "checkout", "-q", version)
    try:
        assert run_engine(engine, template, folder, answers) == (0, "")
    finally:
        git(template, "checkout", "-q", "main")
    made = Followed(next(folder.iterdir()), "", stand_in_for_uv(folder / "tools"))
    if engine == "copier":
        git(made.folder, "init", "-q")
        made.commit()
    return made
