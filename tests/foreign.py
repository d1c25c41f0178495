"""Repositories that exist already, of three layouts, and what it takes to bring the conventions into one."""

import os
import subprocess
from pathlib import Path

from conftest import TOOLS, git

TEST = """from {package} import double


def test_double():
    assert double(2) == 4


def test_bad():
    assert 0
"""
CODE = "import os\ndef double( x ):\n  return x*2\n"  # its authors knew no linter
NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [],
 "source": ["x=1"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
"""
BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
PROJECT = '[project]\nname = "tool"\nversion = "1"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
LAYOUTS = {
    "flat": {
        "churn/__init__.py": CODE,
        "test_churn.py": TEST.format(package="churn"),
        "setup.cfg": "[flake8]\nmax-line-length = 79\n\n[tool:pytest]\naddopts = -q\n",
        ".editorconfig": "root = true\n",
        ".github/workflows/ci.yml": "on: push\njobs: {}\n",
    },
    "src": {
        "src/tool/__init__.py": CODE,
        "tests/test_tool.py": TEST.format(package="tool"),
        "pyproject.toml": BUILD + PROJECT,
        "Makefile": "PYTHON ?= python3\n\nall:\n\t@echo $(PYTHON)\n\ntest:\n\t@echo my own tests\n",
        "Dockerfile": "FROM python:3.12\n",
        ".gitignore": "*.log\n",
        "my notes.py": "print 'of the days of Python 2'\n",
    },
    "notebooks": {"explore.ipynb": NOTEBOOK, "deep/more work.ipynb": NOTEBOOK, "README.md": "# Notebooks\n"},
}
STAYS = {  # what the report must name
    "flat": [".editorconfig", ".github/workflows/ci.yml", "setup.cfg"],
    "src": [".dockerignore", "Dockerfile", "Makefile", "pyproject.toml"],
    "notebooks": [],
}
FOUND = {"flat": "churn; 0 notebooks", "src": "src/tool; 0 notebooks", "notebooks": "no package; 2 notebooks"}


def make(layout: str, folder: Path) -> Path:
    """Make a repository with one commit."""
    for name, text in LAYOUTS[layout].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "As it was")
    return folder


def bring(engine: str, template: Path, folder: Path, *more: str) -> tuple[int, str]:
    """Bring the conventions into a repository as its page says; return exit code and output."""
    command = [str(TOOLS / engine), str(template), "--directory", "conventions", "--no-input", *more]
    if engine == "copier":
        data = [word for each in more for word in (("--data", each) if "=" in each else (each,))]
        command = [str(TOOLS / engine), "copy", "--defaults", "--overwrite", "--vcs-ref", "HEAD"]
        command += ["--data", "scope=conventions", *data, str(template), "."]
    there = folder if folder.is_dir() else folder.parent
    if folder != there:  # a folder that does not exist can only be named
        command = [*command[:-1], str(folder)] if engine == "copier" else [*command, "--output-dir", str(folder)]
    env = {**os.environ, "PWD": str(there)}
    done = subprocess.run(command, cwd=there, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Return what each file holds, but git's own and the environment's."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in files}
    hidden = (".git/", ".conventions/venv/")
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(hidden)}
