"""Ways to follow a template: in a larger repository, without versions, to a chosen one, and with cruft."""

import shutil
import subprocess

import yaml
from lives import check_lives, live
from updates import NEXT, NOW, Followed, make_project, run, stand_in_for_uv

from conftest import TOOLS, git

BRANCH = f"update/{NEXT}"


def test_a_project_within_a_repository_is_updated_there(team, tmp_path):
    origin = make_project("cookiecutter", team, NOW, tmp_path / "out")
    whole = tmp_path / "whole"
    folder = shutil.copytree(origin.folder, whole / "services/churn", ignore=shutil.ignore_patterns(".git"))
    (whole / "Makefile").write_text("all:\n", encoding="utf-8")
    git(whole, "init", "-q")
    project = Followed(folder, "", origin.tools)
    live(project)
    code, said = project.update()
    assert code == 0, said
    git(whole, "switch", "-q", BRANCH)
    check_lives(project)
    assert (whole / "Makefile").read_text(encoding="utf-8") == "all:\n"
    assert sorted(path.name for path in whole.iterdir()) == [".git", "Makefile", "services"]


def test_another_version_than_the_newest_is_brought_if_it_is_asked_for(team, tmp_path):
    git(team, "tag", "-f", f"{NEXT}.1", NEXT)  # a version after that
    try:
        project = make_project("cookiecutter", team, NOW, tmp_path / "out")
        assert project.update("--version", NEXT.removeprefix("v"))[0] == 0
        project.switch(BRANCH)
        assert yaml.safe_load(project.read(".copier-answers.yml"))["_commit"].startswith(NEXT)
    finally:
        git(team, "tag", "-d", f"{NEXT}.1")


def test_a_template_without_versions_is_followed_by_its_commits(team, tmp_path):
    plain = tmp_path / "plain"
    git(tmp_path, "clone", "-q", "--no-tags", str(team), "plain")
    project = make_project("copier", plain, "HEAD~1", tmp_path / "out")
    assert project.update("--check")[0] == 1
    code, said = project.update()
    assert code == 0, said
    (branch,) = [name.strip() for name in git(project.folder, "branch", "--list", "update/*").splitlines()]
    project.switch(branch)
    assert "hello: ## Greet" in project.read("Makefile")
    assert project.update("--check")[0] == 0


def test_cruft_leaves_what_is_the_user_s(team, tmp_path):
    git(team, "checkout", "-q", NOW)
    command = (TOOLS / "cruft", "create", team, "--no-input", "--checkout", NOW, "--output-dir", tmp_path)
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    git(team, "checkout", "-q", "main")
    project = Followed(tmp_path / "customer-churn", "", stand_in_for_uv(tmp_path / "tools"))
    git(project.folder, "init", "-q")
    project.commit()
    live(project)
    assert run(TOOLS / "cruft", "check", at=project.folder)[0] == 1
    code, said = run(TOOLS / "cruft", "update", "--skip-apply-ask", "--checkout", "main", at=project.folder)
    assert code == 0, said
    check_lives(project, git(team, "rev-parse", "main").strip())
    project.commit()
    assert run(TOOLS / "cruft", "check", "--checkout", "main", at=project.folder)[0] == 0
    assert "cruft update" in project.update()[1]  # two memories of one template would part
    git(project.folder, "reset", "-q", "--hard", "HEAD~1")  # before that update
    (project.folder / ".cruft.json").unlink()
    project.commit()
    code, said = project.update()
    assert code == 0, said
    project.switch(BRANCH)
    check_lives(project)
