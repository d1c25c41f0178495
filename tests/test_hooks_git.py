"""The repository that the hook after rendering makes, and where it makes none."""

import os
import shutil
from pathlib import Path

from conftest import git
from hook_modules import ANSWERS, POST

LOCAL = {**ANSWERS, "_repo_dir": "/nowhere"}


def make_project(folder: Path, monkeypatch) -> Path:
    """Make a folder with one file in it and go there."""
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("a\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def test_the_first_commit_is_clean_and_by_the_author(tmp_path, monkeypatch):
    project = make_project(tmp_path / "project", monkeypatch)
    assert POST.first_commit(LOCAL) == ""
    assert git(project, "log", "--format=%an <%ae>").splitlines() == ["Ada <ada@example.com>"]
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "branch", "--show-current").strip() == "main"


def test_what_a_used_clone_of_the_template_left_is_not_committed(tmp_path, monkeypatch):
    """Cookiecutter renders caches, too; Copier leaves them out. The project's own ignored files are committed."""
    project = make_project(tmp_path / "project", monkeypatch)
    kept = ["a.txt", "kit/mlservice/data/files.py", "src/feature_cache.py"]
    left = [
        "kit/mlservice/__pycache__/a.cpython-311.pyc",
        "b.pyc",
        "kit/.mypy_cache/3.11/a.json",
        ".pytest_cache/README.md",
    ]
    for name in (*kept, *left):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("", encoding="utf-8")
    (project / ".gitignore").write_text("data/\n__pycache__/\n*.pyc\n*_cache/\n", encoding="utf-8")
    assert POST.first_commit(LOCAL) == ""
    assert sorted(git(project, "ls-files").split()) == [".gitignore", *sorted(kept)]
    assert git(project, "status", "--porcelain") == ""


def test_a_git_without_init_b_makes_the_same_branch(tmp_path, monkeypatch):
    """git 2.27 knows no `init --initial-branch`, and calls the first branch master."""
    old = tmp_path / "bin/git"
    old.parent.mkdir()
    unknown = "*' init -qb '*|*' init '*' -b '*|*initial-branch*) echo \"error: unknown switch 'b'\" >&2; exit 129"
    refuse = f'#!/bin/sh\ncase " $* " in {unknown};; esac\n'
    old.write_text(f"{refuse}exec {shutil.which('git')} \"$@\"\n", encoding="utf-8")
    old.chmod(0o755)
    project = make_project(tmp_path / "project", monkeypatch)
    monkeypatch.setenv("PATH", str(old.parent), prepend=os.pathsep)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "init.defaultBranch")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "master")
    assert POST.first_commit(LOCAL) == ""
    assert git(project, "log", "--format=%an", "main") == "Ada\n"


def test_signing_and_hooks_of_the_user_stay_out(tmp_path, monkeypatch):
    project = make_project(tmp_path / "project", monkeypatch)
    hook = tmp_path / "skeleton" / "hooks" / "pre-commit"
    hook.parent.mkdir(parents=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    settings = f"[commit]\ngpgsign = true\n[gpg]\nprogram = false\n[init]\ntemplateDir = {tmp_path}/skeleton\n"
    (tmp_path / "gitconfig").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert POST.first_commit(LOCAL) == ""
    assert (project / ".git" / "hooks" / "pre-commit").is_file(), "the skeleton was not used: this test proves nothing"


def test_a_folder_that_a_repository_tracks_gets_none_of_its_own(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    project = make_project(tmp_path / "project", monkeypatch)
    said = POST.first_commit(LOCAL)
    assert "tracks it" in said and "CI files are read at its top only: docs/how-to/monorepo.md" in said
    assert not (project / ".git").exists()


def test_a_folder_that_a_repository_ignores_gets_its_own(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("build/\n", encoding="utf-8")
    project = make_project(tmp_path / "build" / "project", monkeypatch)
    assert POST.first_commit(LOCAL) == ""
    assert (project / ".git").is_dir()


def test_a_repository_that_is_there_is_left_alone(tmp_path, monkeypatch):
    project = make_project(tmp_path / "project", monkeypatch)
    git(project, "init", "-q")
    assert POST.first_commit(LOCAL) == ""
    assert git(project, "status", "--porcelain").strip() == "?? a.txt"


def test_cruft_gets_no_repository(tmp_path, monkeypatch):
    project = make_project(tmp_path / "project", monkeypatch)
    assert POST.first_commit(ANSWERS) == ""
    assert not (project / ".git").exists()


def test_the_variables_of_an_enclosing_git_hook_do_not_reach_git(tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    project = make_project(tmp_path / "project", monkeypatch)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert POST.first_commit(LOCAL) == ""
    assert (project / ".git").is_dir()


def test_without_git_the_project_is_made_all_the_same(tmp_path, monkeypatch):
    make_project(tmp_path / "project", monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert POST.first_commit(LOCAL) == "No first commit was made: git is not installed"
