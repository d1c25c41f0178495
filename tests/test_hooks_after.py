"""The hook that runs after: what it checks, what it writes for `copier update`, and the repository it makes."""

from pathlib import Path

import pytest
import yaml

from conftest import git
from hook_modules import ANSWERS, POST

BROKEN = {
    "a.py": "def (",
    "a.json": "{,}",
    "a.ipynb": "{",
    "a.toml": 'a = "',
    "a.yaml": "a: [",
    "a.yml": '"',
    "a.dvc": "{",
    "a.md": "{{ cookiecutter.ci }}",
    "Makefile": "{% if x %}",
    "b.md": "{%- endraw -%}",
}
SOUND = {
    "a.py": "A = 1\n",
    "a.json": "[]",
    "a.toml": "a = 1",
    "a.yaml": "a: !reference [b]",
    "b.yml": "a: 1\n---\nb: 2",
    "ci.yml": "x: ${{ secrets.TOKEN }}",
    "a.md": "Predicts churn. {braces} {{ $labels.x }} 100 %}",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_found(name, tmp_path):
    (tmp_path / name).write_text(BROKEN[name], encoding="utf-8")
    assert name in POST.check_file(tmp_path / name, ANSWERS)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_passed(name, tmp_path):
    (tmp_path / name).write_text(SOUND[name], encoding="utf-8")
    assert POST.check_file(tmp_path / name, ANSWERS) == ""


def test_a_picture_is_passed(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\xff\xfe")
    assert POST.check_file(tmp_path / "a.png", ANSWERS) == ""


@pytest.mark.parametrize("text", ["{% raw %}", "{{ cookiecutter.ci }}", '{% if "x" %}'])
def test_what_the_user_typed_is_no_left_over_syntax(text, tmp_path):
    escaped = text.replace('"', '\\"')
    (tmp_path / "a.toml").write_text(f'description = "{escaped}"  # {text}\n', encoding="utf-8")
    assert POST.check_file(tmp_path / "a.toml", {**ANSWERS, "description": text, "__description": escaped}) == ""
    assert "template syntax" in POST.check_file(tmp_path / "a.toml", ANSWERS)


def source(answers: dict) -> tuple[str | None, str]:
    """Return where the answers file says that the project comes from."""
    written = yaml.safe_load(POST.copier_answers(answers))
    return written.get("_commit"), written["_src_path"]


def test_a_remote_template_keeps_its_address_and_its_clone_tells_the_commit(template, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commit = git(template, "describe", "--tags", "--always").strip()
    assert source({**ANSWERS, "_repo_dir": str(template)}) == (commit, "gh:someone/template")


def test_a_relative_path_is_made_absolute(template, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(template.parent))
    assert source({**ANSWERS, "_template": template.name})[1] == str(template)


def test_a_template_outside_git_has_no_commit(template_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert source({**ANSWERS, "_template": str(template_folder)}) == (None, str(template_folder))


def test_the_commit_that_cruft_knows_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert source({**ANSWERS, "_commit": "abc1234"})[0] == "abc1234"


def test_the_answers_file_holds_every_question_and_nothing_private(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written = yaml.safe_load(POST.copier_answers(ANSWERS))
    public = {question: answer for question, answer in ANSWERS.items() if not question.startswith("_")}
    assert written == {"_src_path": "gh:someone/template", **public}


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


def test_signing_and_hooks_of_the_user_stay_out(tmp_path, clean_home, monkeypatch):
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
    assert "tracks it" in POST.first_commit(LOCAL)
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
