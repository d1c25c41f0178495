"""What an update cannot do is said in one sentence, and the project is as it was."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from updates import IDENTITY, NOW, SCRIPT, Followed, edit, run

from conftest import git

ANSWERS = ".copier-answers.yml"


def check_refused(project: Followed, reason: str, *options: str, code: int = 2) -> None:
    """Fail where an update is not refused with one sentence, or leaves anything changed."""
    before = project.state()
    found, said = project.update(*options)
    assert (found, said.count("\n")) == (code, 1), said
    assert reason in said
    assert project.state() == before


def rewrite(project: Followed, old: str, new: str) -> None:
    """Change the answers' file, and commit that."""
    edit(project.folder, ANSWERS, old, new)
    project.commit()


def test_a_dirty_tree(project):
    edit(project.folder, "Makefile", "help:", "help: ")
    (project.folder / "mine.txt").write_text("mine\n", encoding="utf-8")
    check_refused(project, "commit or stash what is not committed: Makefile, mine.txt.")


def test_no_repository(project):
    shutil.rmtree(project.folder / ".git")
    code, said = project.update()
    assert code == 2 and said == "there is no commit here: 'git init', 'git add -A', 'git commit' first.\n"
    assert not (project.folder / ".git").exists()


def test_no_git(project, tmp_path):
    (tmp_path / "bin").mkdir()
    code, said = run(sys.executable, *SCRIPT, at=project.folder, PATH=str(tmp_path / "bin"))
    assert (code, said) == (2, "git is not installed, and nothing can be merged without it.\n")


def test_no_uv(project, tmp_path):
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "git").symlink_to(shutil.which("git"))
    code, said = run(sys.executable, *SCRIPT, at=project.folder, PATH=str(bin_), **IDENTITY)
    assert code == 2 and said.endswith("there is no uv, which runs copier: type 'make setup' first.\n")
    assert git(project.folder, "worktree", "list").count("\n") == 1


def test_nobody_to_commit_as(project):
    git(project.folder, "config", "user.useConfigOnly", "true")
    path = f"{project.tools}:{os.environ['PATH']}"
    code, said = run(sys.executable, *SCRIPT, at=project.folder, PATH=path)
    assert code == 2 and "set user.name and user.email" in said


def test_no_answers(project):
    (project.folder / ANSWERS).unlink()
    project.commit()
    check_refused(project, f"there is no {ANSWERS}")


@pytest.mark.parametrize("text", ["", "{", "<<<<<<< ours\n_commit: v1\n", "task: text\n", "\x00\xff"])
def test_damaged_answers(text, project):
    (project.folder / ANSWERS).write_text(text, encoding="utf-8")
    project.commit()
    check_refused(project, f"{ANSWERS} is damaged")


def test_a_template_that_was_in_no_repository(project):
    rewrite(project, f"_commit: {NOW}\n", "")
    check_refused(project, f"{ANSWERS} names no version")


def test_a_version_that_is_not_there(project):
    check_refused(project, "the template has no version v77.0.0: it has v0.1.0, ", "--version", "v77.0.0")


def test_a_version_of_the_project_that_is_not_there(project):
    rewrite(project, f"_commit: {NOW}", "_commit: abcdef1")
    code, said = project.update()
    assert code == 2 and said.endswith("has no version abcdef1.\n")


def test_an_older_version(project):
    check_refused(project, f"v0.1.0 is older than {NOW}", "--version", "0.1.0")


def test_a_template_that_moved(project, team):
    rewrite(project, str(team), "/nowhere/template")
    check_refused(project, "the template at /nowhere/template does not answer")
    check_refused(project, "if it has moved, correct _src_path", "--check")


def test_a_template_that_was_a_folder_seen_from_another_one(project, team):
    rewrite(project, str(team), ".")
    check_refused(project, "write the template's whole path", "--check")


def test_a_machine_without_a_network(project, team):
    rewrite(project, str(team), "https://template.invalid/team.git")
    check_refused(project, "if you are offline, wait")


def test_a_branch_that_is_there_already(project):
    assert project.update()[0] == 0
    check_refused(project, "already: merge it ('git merge update/")


@pytest.mark.parametrize(
    "typed, reason",
    [
        ("ci", "ANSWERS wants question=answer, not ci"),
        ("ci='gitlab", "ANSWERS cannot be read: No closing quotation"),
        ("task=regression", "render a new project with task=regression"),
    ],
)
def test_answers_that_cannot_be_read(typed, reason, project):
    check_refused(project, reason, "--answers", typed)


@pytest.mark.parametrize(
    "typed, reason",
    [
        ("colour=red", "no question is colour: there are "),
        ("package_name=json", "package_name must not be a name that Python"),
        ("ci=jenkins", "Invalid choice"),
    ],
)
def test_answers_that_the_template_refuses(typed, reason, project):
    before = project.state()
    code, said = project.update("--answers", typed)
    assert code == 2 and reason in said and "Traceback" not in said
    assert said.count("\n") == 2  # what is done, and why it is not
    assert project.state() == before


def test_a_package_that_is_there_already(project):
    (project.folder / "src/other").mkdir()
    (project.folder / "src/other/mine.py").write_text("# mine\n", encoding="utf-8")
    project.commit()
    before = project.state()
    code, said = project.update("--answers", "package_name=other")
    assert code == 2 and "there is a src/other already" in said
    assert project.state() == before


def test_an_update_that_is_stopped_leaves_nothing(project, tmp_path):
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "uv").write_text("#!/bin/sh\nkill -TERM $PPID; sleep 1; exit 1\n", encoding="utf-8")
    (slow / "uv").chmod(0o755)
    before = project.state()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = f"{slow}:{os.environ['PATH']}"
    code, said = run(sys.executable, *SCRIPT, at=project.folder, PATH=path, TMPDIR=str(temporary), **IDENTITY)
    assert code == 143, said
    assert project.state() == before and [*Path(temporary).iterdir()] == []


def test_a_red_ci_is_said_and_the_branch_stays(project):
    edit(project.folder, "Makefile", "ci: $(CHECKS)", "ci: red")
    (project.folder / "Makefile").open("a", encoding="utf-8").write("\nred:\n\t@echo red; false\n")
    project.commit()
    code, said = project.update(ci=True)
    assert code == 1 and "'make ci' fails on update/" in said
    assert "update/" in git(project.folder, "branch")
