"""The hook that runs after: what it checks, and what it writes for `copier update`."""

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
