"""The git hooks of a rendered project use `.venv` of the folder that commits, and a refusal is passed on.

The worktrees here have pre-commit from the library's environment, and a Makefile that holds only how make tells whether
`.venv` fits; tests/test_environment.py has the real rule.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import KIT_PYTEST, ROOT, git
from documents import TREE

MODULE = TREE / "tools/git_hooks.py"
CONFIG = """\
default_install_hook_types: [pre-commit, pre-push]
repos:
  - repo: local
    hooks:
      - {id: check, name: check, entry: .venv/bin/python -c "print('checked')", language: system, verbose: true,
         pass_filenames: false, always_run: true}
"""
SAYS = "no .venv that fits this folder and its pins: type 'make setup'"


def run(folder: Path, *words: str, **more: str) -> tuple[int, str]:
    """Run a command as someone with a name; return exit code and output."""
    someone = {f"GIT_{who}_{what}": "t@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**os.environ, **someone, "CDPATH": str(folder.parent), **more}
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=env, check=False)
    return done.returncode, done.stdout + done.stderr


def commit(folder: Path) -> tuple[int, str]:
    """Commit, with the hooks that are installed."""
    return run(folder, "git", "commit", "--allow-empty", "-m", "Later")


def set_up(folder: Path) -> Path:
    """Give a folder an environment."""
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/.ready").touch()
    kit = KIT_PYTEST.parent.parent
    shutil.copy(kit / "pyvenv.cfg", folder / ".venv")
    (folder / ".venv/bin/python").symlink_to((kit / "bin/python").resolve())
    for packages in kit.glob("lib/python*/site-packages"):
        there = folder / ".venv" / packages.relative_to(kit)
        there.mkdir(parents=True)
        (there / "kit.pth").write_text(f"{packages}\n", encoding="utf-8")
    return folder


def install(folder: Path, *words: str, **more: str) -> str:
    """Run the module with the folder's environment; it never fails a set-up."""
    code, said = run(folder, ".venv/bin/python", "-m", "tools.git_hooks", *words, **more)
    assert code == 0, said
    return said


@pytest.fixture
def project(tmp_path) -> Path:
    """Return a repository with an environment and no hook yet."""
    if not KIT_PYTEST.is_file():
        pytest.skip("no environment of the library: `make test-kit` makes it")
    folder = tmp_path / "Zoë's project"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(MODULE, folder / "tools")
    (folder / ".gitignore").write_text(".venv\n__pycache__\n", encoding="utf-8")
    (folder / "Makefile").write_text(".venv/.ready:\n\tfalse\n", encoding="utf-8")
    (folder / ".pre-commit-config.yaml").write_text(CONFIG, encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "First")
    return set_up(folder)


def test_a_worktree_that_is_removed_takes_no_hook_along(project):
    there = project.with_name("worktree")
    git(project, "worktree", "add", "-q", str(there))
    assert install(set_up(there)) == ""
    code, said = commit(there)
    assert code == 0 and "checked" in said
    git(project, "worktree", "remove", "--force", str(there))
    code, said = commit(project)
    assert code == 0 and "checked" in said


def test_without_an_environment_a_hook_says_make_setup(project):
    install(project)
    shutil.rmtree(project / ".venv")
    assert commit(project) == (1, f"{SAYS}\n")
    assert git(project, "log", "--format=%s") == "First\n"


def test_hooks_follow_a_project_that_is_moved(project):
    install(project)
    there = project.rename(project.with_name("moved"))
    code, said = commit(there)
    assert code == 0 and "checked" in said


def test_a_push_is_checked_in_the_same_way(project):
    install(project)
    git(project.parent, "init", "-q", "--bare", "origin.git")
    code, said = run(project, "git", "push", "../origin.git", "HEAD")
    assert code == 0 and "checked" in said
    shutil.rmtree(project / ".venv")
    code, said = run(project, "git", "push", "../origin.git", "HEAD:other")
    assert code == 1 and SAYS in said


def test_hooks_of_before_are_rewritten_and_those_of_others_stay(project):
    gone = set_up(project.with_name("worktree gone"))
    assert run(project, gone / ".venv/bin/python", "-m", "pre_commit", "install")[0] == 0
    hook = project / ".git/hooks/pre-commit"
    assert f"INSTALL_PYTHON='{gone}/.venv/bin/python'\n" in hook.read_text("utf-8")
    shutil.rmtree(gone)
    theirs = project / ".git/hooks/post-commit"
    theirs.write_bytes(b"#!/bin/sh\n# \xff\nINSTALL_PYTHON=/usr/bin/python3\n")
    theirs.chmod(0o755)
    before = theirs.read_bytes()
    assert install(project, "--installed") == ""
    code, said = commit(project)
    assert code == 0 and "checked" in said
    assert theirs.read_bytes() == before


def test_where_there_are_no_hooks_none_is_installed_by_the_way(project):
    assert install(project, "--installed") == ""
    assert not (project / ".git/hooks/pre-commit").exists()


def test_what_pre_commit_says_is_passed_on(project):
    git(project, "config", "core.hooksPath", "elsewhere")
    said = install(project)
    assert "Cowardly refusing to install hooks with `core.hooksPath` set" in said
    assert "git config --unset-all core.hooksPath" in said and "repository around" not in said


def test_what_git_says_of_another_owner_is_passed_on(project):
    said = install(project, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert "dubious ownership" in said and "safe.directory" in said and "repository around" not in said


def test_a_repository_around_has_its_own_hooks(project):
    (project / "service").mkdir()
    shutil.copytree(project / "tools", project / "service/tools")
    assert "the repository around this folder has its own" in install(set_up(project / "service"))
    assert not (project / ".git/hooks/pre-commit").exists()


def test_without_git_that_is_said(project, tmp_path):
    (tmp_path / "bin").mkdir()
    assert install(project, PATH=str(tmp_path / "bin")) == "no git hook installed: git is not installed\n"


def test_python_reads_the_module_without_packages():
    """It also runs while an environment is being set up."""
    done = subprocess.run((sys.executable, "-IS", str(MODULE), "--installed"), cwd=ROOT.anchor, check=False)
    assert done.returncode == 0
