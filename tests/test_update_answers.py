"""An answer that is given anew changes what it would have changed on the first day, and nothing else."""

import shlex
import shutil

import pytest
from in_process import run_engine
from updates import NOW, Followed, edit, run

from conftest import ENGINES, TOOLS, Project, git

NEW = {
    "project_name": "Leaver's list",
    "project_slug": "leavers",
    "package_name": "leaver_model",
    "description": 'Says who "leaves".',
    "author_name": "Grace O'Hopper",
    "author_email": "grace@example.com",
    "python_version": "3.13",
    "ci": "gitlab",
    "license": "Apache-2.0",
}
NEAR = {name: NEW[name] for name in ("python_version", "ci", "license")}  # `copier update` will do


@pytest.fixture(scope="module")
def team(today):
    """Return a template whose newest version is what is here now."""
    return today


def fresh(team, folder, answers: dict[str, str]) -> Project:
    """Return a project that was rendered with these answers on the first day."""
    folder.mkdir()
    assert run_engine("copier", team, folder, answers) == (0, "")
    return Project(next(folder.iterdir()), "")


def take(project: Followed, code_and_said: tuple[int, str]) -> str:
    """Switch to the branch that an update left; return what was said."""
    assert code_and_said[0] == 0, code_and_said[1]
    (branch,) = [name.strip() for name in git(project.folder, "branch", "--list", "update/*").splitlines()]
    project.switch(branch)
    return code_and_said[1]


def typed(answers: dict[str, str]) -> str:
    """Return what stands behind ANSWERS=."""
    return " ".join(f"{name}={shlex.quote(answer)}" for name, answer in answers.items())


@pytest.mark.parametrize("engine", ENGINES)
def test_every_answer_given_anew_gives_the_project_of_the_first_day(engine, rendered, team, tmp_path):
    project = rendered(engine).copy(tmp_path)
    take(project, project.update("--answers", typed(NEW)))
    assert project.contents() == fresh(team, tmp_path / "fresh", NEW).contents()


def test_copier_swaps_exactly_that_part(rendered, team, tmp_path):
    folder = shutil.copytree(rendered("cookiecutter").folder, tmp_path / "project", symlinks=True)
    project, before = Project(folder, ""), Project(folder, "").contents()
    data = [f"--data={question}={answer}" for question, answer in NEAR.items()]
    code, said = run(TOOLS / "copier", "update", "--defaults", "--vcs-ref=:current:", *data, at=folder)
    assert code == 0 and "ANSWERS" not in said
    wanted = fresh(team, tmp_path / "fresh", NEAR).contents()
    for name in ("README.md", "docs/deliver.md"):  # the user's
        wanted[name] = before[name]
    assert project.contents() == wanted
    assert not (folder / ".github").exists()


def test_copier_says_which_answer_needs_more(rendered, tmp_path):
    folder = shutil.copytree(rendered("copier").folder, tmp_path / "project", symlinks=True)
    words = ("update", "--defaults", "--vcs-ref=:current:", "--data=package_name=other")
    code, said = run(TOOLS / "copier", *words, at=folder)
    assert code == 0 and "package_name stands in files that are yours" in said and 'make update ANSWERS="…"' in said


def test_a_package_is_renamed_with_what_the_user_wrote_in_it(project):
    folder = project.folder
    edit(folder, "src/customer_churn/model.py", "def baseline", "def our_baseline")
    (folder / "src/customer_churn/mine.py").write_text("# mine\n", encoding="utf-8")
    (folder / "tests/code/test_mine.py").write_text("from customer_churn import mine\n", encoding="utf-8")
    (folder / "src/customer_churn/report.py").unlink()
    project.commit()
    said = take(project, project.update("--answers", "package_name=leavers"))
    assert not (folder / "src/customer_churn").exists()
    assert "def our_baseline" in project.read("src/leavers/model.py")
    assert project.read("src/leavers/mine.py") == "# mine\n"
    assert not project.has_file("src/leavers/report.py")
    assert "PACKAGE := leavers" in project.read("Makefile")
    assert "these still say customer_churn: tests/code/test_mine.py\n" in said


def test_the_user_s_line_stays_where_an_answer_would_change_it(project):
    edit(project.folder, "LICENSE", "MIT License", "Our License")
    project.commit()
    code, said = project.update("--answers", "license=BSD-3-Clause")
    assert code == 1 and "LICENSE: both changed it" in said
    git(project.folder, "switch", "-q", f"update/{NOW}-license")
    assert project.read("LICENSE").startswith("Our License")


def test_the_same_answer_again_changes_nothing(project):
    before = project.state()
    code, said = project.update("--answers", "ci=github")
    assert code == 0 and "nothing to do" in said
    assert project.state() == before
