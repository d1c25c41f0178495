"""A project follows its template: the team changed that, the user this, and both are there afterwards."""

import pytest
import yaml
from lives import check_lives, live
from updates import IDENTITY, NEXT, NOW, Followed, edit, run

from conftest import ENGINES, TOOLS, git
from test_delete_parts import PARTS

BRANCH = f"update/{NEXT}"


@pytest.fixture(params=ENGINES)
def of_engine(request, rendered, tmp_path) -> Followed:
    """Return a project of either engine, as it was rendered."""
    return rendered(request.param).copy(tmp_path)


def test_make_update_loses_no_edit_and_brings_no_file_back(of_engine):
    project = of_engine
    live(project)
    files, _, worktrees = project.state()
    code, said = project.update()
    assert code == 0, said
    assert project.state()[::2] == (files, worktrees)
    assert f"git merge {BRANCH}" in said and "deploy/new.yaml" in said
    project.switch(BRANCH)
    check_lives(project)
    assert not project.has_file("compose.yaml")
    assert "services: # ours" in project.read("deploy/compose.yaml")
    assert project.has_file("deploy/dashboards/mine.json") and not (project.folder / "deploy/grafana").exists()
    assert git(project.folder, "log", "--format=%s", "-1").strip() == f"Update to {NEXT} of the template, from {NOW}"
    assert project.update()[1].startswith("nothing to do")


def test_make_update_brings_no_part_back_that_the_page_deletes(of_engine):
    """The two other parts need .venv, or are what `make update` itself needs."""
    project = of_engine
    typed = [text for part, text in PARTS.items() if part not in ("Git hooks", "Following the template")]
    code, said = run("bash", "-euo", "pipefail", "-c", "".join(typed), at=project.folder)
    assert code == 0, said
    project.commit()
    before = project.files()
    code, said = project.update()
    assert code == 0, said
    assert "left out, since their folder is deleted here: deploy/new.yaml\n" in said
    project.switch(BRANCH)
    assert set(project.files()) - set(before) == {"kit/mlservice/data/newer.py"}
    assert "hello: ## Greet" in project.read("Makefile")


def test_copier_update_loses_no_edit_and_brings_no_file_back(of_engine):
    project = of_engine
    live(project)
    code, said = run(TOOLS / "copier", "update", "--defaults", at=project.folder)
    assert code == 0, said
    check_lives(project)
    assert git(project.folder, "diff", "--name-only", "--diff-filter=U") == ""


def test_only_lines_that_both_changed_are_in_conflict(project):
    edit(project.folder, "pyproject.toml", "max-args = 7", "max-args = 9")
    edit(project.folder, "requirements/dev.txt", "annotated-types==0", "annotated-types==1")
    edit(project.folder, ".dvcignore", ".venv", ".venv\nours")
    project.commit()
    files = project.contents()
    code, said = project.update()
    assert code == 1 and project.contents() == files
    project.switch(BRANCH)
    assert "max-args = 9" in project.read("pyproject.toml")
    assert "\nours\n" in project.read(".dvcignore")
    assert "hello: ## Greet" in project.read("Makefile")
    told = git(project.folder, "log", "-1", "--format=%B")
    for text in (told, said):
        assert "pyproject.toml: both changed it" in text and "    max-args = 8" in text
        assert "requirements/dev.txt: both changed it; yours stays, or type 'make lock'" in text
        assert ".dvcignore: changed here, gone in the template; yours stays" in text
    assert not any(b"<<<<<<<" in content for content in project.contents().values())


def test_a_change_of_another_line_of_the_same_file_is_no_conflict(project):
    edit(project.folder, "pyproject.toml", "fail_under = 90", "fail_under = 95")
    project.commit()
    assert project.update()[0] == 0
    project.switch(BRANCH)
    text = project.read("pyproject.toml")
    assert "fail_under = 95" in text and "max-args = 8" in text


def test_the_check_tells_by_its_exit_code(project):
    code, said = project.update("--check")
    assert code == 1 and NEXT in said and NOW in said
    project.update()
    project.switch(BRANCH)
    assert project.update("--check")[0] == 0


def test_who_signs_commits_is_asked_for_no_key_and_told_how_to_sign(project, tmp_path):
    git(project.folder, "config", "commit.gpgsign", "true")
    git(project.folder, "config", "gpg.program", "false")
    code, said = project.update()
    assert code == 0, said
    assert "gpgsig" not in git(project.folder, "cat-file", "-p", BRANCH)
    (line,) = [line for line in said.splitlines() if "sign it:" in line]
    (tmp_path / "gpg").write_text(
        "#!/bin/sh\ncat >/dev/null\necho signed\necho '[GNUPG:] SIG_CREATED ' >&2\n", encoding="utf-8"
    )
    (tmp_path / "gpg").chmod(0o755)
    git(project.folder, "config", "gpg.program", str(tmp_path / "gpg"))
    code, said = run("bash", "-c", line.partition(":")[2], at=project.folder, **IDENTITY)
    assert code == 0, said
    assert "gpgsig signed" in git(project.folder, "cat-file", "-p", BRANCH)
    assert git(project.folder, "branch", "--show-current") == f"{BRANCH}\n"


def test_make_says_the_words(project):
    folder, path = project.folder, f"{project.tools}:{TOOLS}:/usr/bin:/bin"
    code, said = run("make", "-o", ".venv/.ready", "update-check", at=folder, PATH=path)
    assert code != 0 and "make update" in said
    words = ("update", f"VERSION={NEXT}", 'ANSWERS=ci=gitlab author_name="O\'Brien"', "CHECK=0")
    code, said = run("make", "-o", ".venv/.ready", *words, at=folder, PATH=path, **IDENTITY)
    assert code == 0, said
    git(folder, "switch", "-q", f"{BRANCH}-ci-author_name")
    assert yaml.safe_load((folder / ".copier-answers.yml").read_text(encoding="utf-8"))["author_name"] == "O'Brien"
    assert (folder / ".gitlab-ci.yml").is_file() and not (folder / ".github").exists()
    assert git(folder, "log", "--format=%s").count("\n") == 3
