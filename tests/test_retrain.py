"""`make retrain`: a model that ships waits on a branch, a refusal is a result, anything else one sentence.

DVC is stood in for by a script here; tests/test_life.py and the pages run the real one.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conftest import git
from documents import TREE

DVC = """#!/bin/sh
echo "$@" >> calls
[ "$1" != "$BROKEN" ] || exit 1
[ "$1" != repro ] || eval "$REPRO"
"""
IMPORT = "deps:\n- path: rows.csv\nouts:\n- path: raw.csv\n"


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
        command = (sys.executable, TREE / "tools/retrain.py", *words)
        done = subprocess.run(
            command, cwd=self.path, env={**self.env, **env}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def calls(self) -> list[str]:
        """Return what DVC was asked for."""
        log = self.path / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def branches(self) -> list[str]:
        """Return the names of all branches."""
        return git(self.path, "branch", "--format=%(refname:short)").split()


@pytest.fixture
def place(tmp_path) -> Place:
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


def test_a_model_that_ships_waits_on_a_branch(place):
    code, said, _ = place.retrain(REPRO=reports(True, "better: ship it", 0))
    assert code == 0 and said.splitlines()[-1] == "branch: retrain-0123abc"
    assert git(place.path, "branch", "--show-current") == "retrain-0123abc\n"
    subject, _, body = git(place.path, "log", "-1", "--format=%B").partition("\n\n")
    assert subject == "Retrain: version 0123abc"
    assert body.startswith("Better: ship it.\n\n# Model card: x")
    assert git(place.path, "show", "--name-only", "--format=") == "reports/metrics.json\n"
    assert place.calls() == ["pull dvc.yaml", "pull data/raw.csv", "repro", "push"]


def test_a_refused_candidate_is_a_result(place):
    code, said, _ = place.retrain(REPRO=reports(False, "worse: keep the champion", 1))
    assert code == 0 and "refused, the champion stays: worse" in said
    assert place.branches() == ["main"] and "push" not in place.calls()


def test_nothing_new_is_said(place):
    assert place.retrain()[:2] == (0, "nothing changed since the last run: the champion stays\n")
    assert place.branches() == ["main"]


BROKEN = {
    "before the report": "exit 1",
    "while it is written": "rm reports/metrics.json; exit 1",
    "after it": reports(True, "better", 1),
}


@pytest.mark.parametrize("when", BROKEN)
def test_a_broken_pipeline_is_no_refusal(when, place):
    code, _, complaint = place.retrain(REPRO=BROKEN[when])
    assert code == 1 and complaint.startswith("error: the pipeline broke")
    assert place.branches() == ["main"]


def test_rows_are_imported_where_their_source_is_known(place):
    place.write("data/raw.csv.dvc", IMPORT)
    place.commit()
    assert place.retrain()[0] == 0
    assert place.calls() == ["pull dvc.yaml", "update data/raw.csv.dvc", "repro"]


def test_rows_that_are_given_take_their_place(place):
    place.write("new.csv", "2\n")
    assert place.retrain("--data", "new.csv")[0] == 0
    assert (place.path / "data/raw.csv").read_text(encoding="utf-8") == "2\n"
    assert place.calls() == ["pull dvc.yaml", "repro"]


@pytest.mark.parametrize("lock", ["", "stages:\n  prepare: {}\n"])
def test_without_a_champion_there_is_nothing_to_retrain(lock, place):
    place.write("dvc.lock", lock)
    place.commit()
    code, _, complaint = place.retrain()
    assert code == 1 and complaint.startswith("error: no champion yet") and not place.calls()


@pytest.mark.parametrize(
    ("broken", "told"), [("pull", "error: DVC cannot fetch what dvc.lock names"), ("push", "error: `dvc push` failed")]
)
def test_a_remote_that_is_away_is_one_sentence(broken, told, place):
    place.write("new.csv", "2\n")
    code, _, complaint = place.retrain("--data", "new.csv", BROKEN=broken, REPRO=reports(True, "better", 0))
    assert code == 1 and complaint.startswith(told) and complaint.count("\n") == 1
    assert place.branches() == ["main"]
    if broken == "pull":  # then nothing was touched
        assert (place.path / "data/raw.csv").read_text(encoding="utf-8") == "1\n"


def test_a_model_that_waits_already_is_left_alone(place):
    git(place.path, "branch", "retrain-0123abc")
    code, _, complaint = place.retrain(REPRO=reports(True, "better", 0))
    assert code == 1 and "that model waits for review" in complaint
    assert git(place.path, "branch", "--show-current") == "main\n"


def test_changes_that_no_commit_holds_are_not_mixed_in(place):
    place.write("data/raw.csv.dvc", IMPORT)
    code, _, complaint = place.retrain()
    assert code == 1 and complaint.startswith("error: commit your changes first") and not place.calls()


def test_a_file_that_is_not_there_is_named(place):
    assert place.retrain("--data", "nowhere.csv") == (1, "", "error: there is no file nowhere.csv\n")
