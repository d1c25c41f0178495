"""A project whose DVC is a script: what its pipeline does stands in an environment variable."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from conftest import git
from documents import TREE

DVC = """#!/bin/sh
echo "$@" >> calls
[ "$1" != "$BROKEN" ] || exit 1
[ "$1" != repro ] || eval "$REPRO"
"""


def verdict(passed: bool, reason: str) -> str:
    """Return a report as the gate leaves it, in one line."""
    return json.dumps({"gate": {"passed": passed, "reason": reason}})


def reports(passed: bool, reason: str, code: int) -> str:
    """Return what a pipeline does that ends with this verdict."""
    return f"echo '{verdict(passed, reason)}' > reports/metrics.json; exit {code}"


@dataclass
class Place:
    """A repository with one commit and a champion, in which DVC is a script."""

    path: Path
    env: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        """Write a file, and its folder where there is none."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Commit everything."""
        git(self.path, "add", "--all")
        git(self.path, "commit", "--quiet", "--message=All")

    def retrain(self, *words: str, **env: str) -> tuple[int, str, str]:
        """Return exit code, output and complaint."""
        return self.run("tools.retrain", *words, **env)

    def run(self, *words: str, **env: str) -> tuple[int, str, str]:
        """Run a module of the project's; return exit code, output and complaint."""
        command = (sys.executable, "-m", *words)
        env = {**self.env, "PYTHONPATH": str(TREE), **env}
        done = subprocess.run(command, cwd=self.path, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def calls(self) -> list[str]:
        """Return what DVC was asked for."""
        log = self.path / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def branches(self) -> list[str]:
        """Return the names of all branches."""
        return git(self.path, "branch", "--format=%(refname:short)").split()


BROKEN = {
    "before the report": "exit 1",
    "while it is written": "rm reports/metrics.json; exit 1",
    "after it": reports(True, "better", 1),
}


def project(tmp_path: Path) -> Place:
    """Return an empty project in which the last run passed."""
    someone = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    made = Place(tmp_path, {**os.environ, **someone, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"})
    made.write("bin/dvc", DVC)
    (tmp_path / "bin/dvc").chmod(0o755)
    made.write(".gitignore", "bin/\ncalls\ndata/raw.csv\nmodels/\n")
    made.write("data/raw.csv", "1\n")
    made.write("data/raw.csv.dvc", "outs:\n- path: raw.csv\n")
    made.write("dvc.lock", "stages:\n  prepare: {}\n  evaluate: {}\n")
    made.write("models/current/manifest.json", '{"model_version": "0123abc"}')
    made.write("reports/metrics.json", verdict(True, "old"))
    made.write("reports/model-card.md", "# Model card: x\n")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    made.commit()
    return made
