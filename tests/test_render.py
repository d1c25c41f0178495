"""What is rendered: the same from both engines, byte for byte, for every answer, and fit for `copier update`."""

import itertools
import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from conftest import ENGINES, TOOLS, Project, git
from documents import TASKS
from in_process import run_engine

PYTHONS = ["3.12", "3.11", "3.13", "3.14"]
LICENSES = {
    "MIT": "MIT License",
    "BSD-3-Clause": "BSD 3-Clause License",
    "Apache-2.0": "Apache License",
    "GPL-3.0-or-later": "GNU GENERAL PUBLIC LICENSE",
    "Proprietary": "All rights reserved.",
}
HARD = {"project_name": 'L\'Été "Ops": № 1 🤖', "author_name": 'O\'Brien "Bob"'}
VENDORS = ["github", "gitlab"]
MATRIX = [*zip(itertools.cycle(VENDORS), LICENSES, itertools.cycle(PYTHONS))]  # each of them once at least


def modes(project: Project) -> dict[str, int]:
    """Return each file's permissions."""
    return {name: (project.folder / name).stat().st_mode for name in project.files()}


def left_over(text: str) -> list[str]:
    """Return the template syntax in a text; a CI system's own `${{ }}` is none."""
    return re.findall(r"(?<!\$)\{\{.*?cookiecutter.*?\}\}|\{%-?\s*\w+.*?%\}", text)


@pytest.mark.parametrize("ci, license_, python", MATRIX)
@pytest.mark.usefixtures("no_git")
def test_both_engines_render_the_same(ci, license_, python, template_folder, tmp_path):
    answers = {"ci": ci, "license": license_, "python_version": python}
    assert run_engine("cookiecutter", template_folder, tmp_path / "a", answers) == (0, "")
    assert run_engine("copier", template_folder, tmp_path / "b", answers) == (0, "")
    one, other = (Project(next((tmp_path / name).iterdir()), "") for name in "ab")
    assert one.files() == other.files()
    assert one.contents() == other.contents()


@pytest.mark.parametrize("answers", [HARD, *({"task": task} for task in TASKS)], ids=["hard", *TASKS])
def test_both_command_lines_render_the_same(answers, render):
    one, other = (render(engine, **answers) for engine in ENGINES)
    assert one.contents() == other.contents()
    assert modes(one) == modes(other)
    remembered = [yaml.safe_load(project.read(".copier-answers.yml")) for project in (one, other)]
    assert remembered[0] == remembered[1]
    assert {"_commit", "_src_path", "project_name", "license"} <= set(remembered[0])


@pytest.mark.parametrize("scope", ["service", "conventions"])
def test_a_template_that_is_the_folder_one_is_in_is_found_later_too(scope, template, tmp_path):
    git(tmp_path, "init", "-q", "made")
    words = ("--defaults", "--vcs-ref", "HEAD", *(["--data", f"scope={scope}"] if scope == "conventions" else []))
    subprocess.run((TOOLS / "copier", "copy", *words, ".", tmp_path / "made"), cwd=template, check=True)
    remembered = yaml.safe_load((tmp_path / "made/.copier-answers.yml").read_text(encoding="utf-8"))
    assert remembered["_src_path"] == str(template.resolve())


@pytest.mark.parametrize("package", ["q", "q" * 50])
@pytest.mark.parametrize("task", TASKS)
def test_a_package_name_of_any_length_leaves_the_code_in_style(package, task, render):
    project = render("cookiecutter", task=task, package_name=package)
    for command in (("black", "--check", "--quiet", "."), ("flake8", "src", "tests", "docs", "tools")):
        project.run(str(TOOLS / command[0]), *command[1:])


@pytest.mark.parametrize("license_", LICENSES)
def test_the_licence_is_the_one_that_was_chosen(license_, render):
    text = render("cookiecutter", license=license_).read("LICENSE")
    assert [name for name, words in LICENSES.items() if words in text] == [license_]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_python_version_is_everywhere_the_one_that_was_chosen(python, render):
    project = render("cookiecutter", python_version=python)
    assert project.read(".python-version") == f"{python}\n"
    images = re.findall(r"^FROM python:([\d.]+)", project.read("Dockerfile"), re.MULTILINE)
    assert set(images) == {python}
    tools = tomllib.loads(project.read("pyproject.toml"))["tool"]
    assert tools["mypy"]["python_version"] == tools["pylint"]["main"]["py-version"] == python


def test_cruft_renders_the_same(render, template, output):
    command = (TOOLS / "cruft", "create", template, "--no-input", "--output-dir", output)
    subprocess.run(command, cwd=output, check=True, capture_output=True)
    made = Project(output / "customer-churn", "")
    files, ours = made.contents(), render("cookiecutter").contents()
    assert files.pop(".cruft.json")
    remembered = [yaml.safe_load(each.pop(".copier-answers.yml")) for each in (files, ours)]
    assert remembered[0].pop("_commit").startswith(remembered[1].pop("_commit"))  # cruft writes it in full
    assert remembered[0] == remembered[1]
    assert files == ours


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("answers", [{"ci": "gitlab"}, *({"task": task} for task in TASKS)], ids=["gitlab", *TASKS])
def test_no_template_syntax_is_left(engine, answers, render):
    contents = render(engine, **answers).contents()
    assert {
        name: found for name, text in contents.items() if (found := left_over(text.decode("utf-8", "ignore")))
    } == {}


@pytest.mark.parametrize("task", TASKS)
def test_no_python_file_has_windows_line_ends(task, render):
    contents = render("cookiecutter", task=task).contents()  # Copier turns all line ends into Unix's
    assert [name for name, text in contents.items() if name.endswith(".py") and b"\r" in text] == []


def test_the_repository_has_one_clean_commit_of_every_file(render):
    project = render("cookiecutter")
    assert git(project.folder, "log", "--format=%an <%ae>").splitlines() == ["Ada Example <ada@example.com>"]
    assert git(project.folder, "status", "--porcelain", "--ignored") == ""
    assert sorted(git(project.folder, "ls-files").splitlines()) == project.files()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_next_three_commands_are_named(engine, render):
    said = render(engine).output.split("Next:")[1].split()
    assert said[0] == "cd" and said[2:] == ["make", "ci", "make", "serve"]


@pytest.mark.parametrize("engine", ENGINES)
def test_copier_updates_a_project_of_either_engine(engine, template, tmp_path, output):
    """The team changes its template; the change arrives, and what the user wrote stays."""
    source = shutil.copytree(template, tmp_path / "source")
    git(source, "tag", "1.0.0")
    assert run_engine(engine, source, output, {}) == (0, "")
    project = next(output.iterdir())
    if engine == "copier":
        git(project, "init", "-q")
    (project / "mine.txt").write_text("mine\n", encoding="utf-8")
    with (project / "params.yaml").open("a", encoding="utf-8") as params:
        params.write("# mine too\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Mine")
    with (source / "{{cookiecutter.project_slug}}" / ".gitignore").open("a", encoding="utf-8") as ignored:
        ignored.write("from-the-team\n")
    git(source, "commit", "-qam", "The team's")
    git(source, "tag", "1.1.0")
    subprocess.run((TOOLS / "copier", "update", "--defaults"), cwd=project, check=True, capture_output=True)
    assert (project / ".gitignore").read_text("utf-8").endswith("from-the-team\n")
    assert (project / "params.yaml").read_text("utf-8").endswith("# mine too\n")
    assert (project / "mine.txt").is_file()
    assert yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))["_commit"] == "1.1.0"
    assert sorted(git(project, "diff", "--name-only").splitlines()) == [".copier-answers.yml", ".gitignore"]
