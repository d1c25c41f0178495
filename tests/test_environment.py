"""`.venv` of a rendered project is made again where it does not fit: folder, machine, interpreter, pins.

Whether it fits is asked of make alone (`make --question`). The folder is an awkward one, and CDPATH names another.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from living import Living

from conftest import ROOT

READY = ".venv/.ready"
AWKWARD = "Zoë's Büro (2)"
OF_THE_PROJECT = ("requirements/dev.txt", "pyproject.toml", "kit/pyproject.toml")


def fits(folder: Path, *words: str, target: str = READY) -> bool:
    """Ask make whether an environment is one for this folder."""
    command = ("make", "--question", target, *words)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1) and not done.stderr, done.stderr
    return not done.returncode


@pytest.fixture(scope="module")
def made(render, tmp_path_factory) -> Path:
    """Return a project with a `.venv` that make has made, but for what is installed in it."""
    folder = tmp_path_factory.mktemp("environment") / AWKWARD / "customer-churn"
    shutil.copytree(render("cookiecutter").folder, folder)
    python = tmp_path_factory.mktemp("bin")
    (python / "python3.12").symlink_to(sys.executable)
    env = {**os.environ, "PATH": f"{python}:{os.environ['PATH']}", "PIP_CONFIG_FILE": os.devnull, "LC_ALL": "C"}
    stubs = "INSTALL=true", "UV=0", f"SHELL={stub(python)}"
    done = subprocess.run(("make", READY, *stubs), cwd=folder, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def stub(folder: Path) -> Path:
    """Return a shell that makes an environment without pip, and installs nothing into it."""
    text = """#!/bin/bash
command=${*: -1}
case $command in *"-m pip install"*) exit ;; esac
exec bash "${@:1:$#-1}" "${command/-m venv /-m venv --without-pip }"
"""
    (folder / "shell").write_text(text, encoding="utf-8")
    (folder / "shell").chmod(0o755)
    return folder / "shell"


@pytest.fixture
def project(made) -> Path:
    """Return a copy of the project, in the folder for which its environment was made."""
    away = shutil.copytree(made, made.with_name("before"), symlinks=True)
    yield made
    for each in made.parent.iterdir():
        if each != away:
            shutil.rmtree(each)
    away.rename(made)


def test_what_was_made_here_fits_whatever_was_touched(project):
    assert fits(project)
    for name in OF_THE_PROJECT:
        (project / name).touch()
    assert fits(project)
    stamp = (project / READY).read_text(encoding="utf-8")
    assert str(project.resolve()) in stamp and all(name in stamp for name in OF_THE_PROJECT)
    assert f"3.12 {sys.implementation.cache_tag}" in stamp


def test_a_copy_is_not_what_the_environment_was_made_for(project):
    copy = shutil.copytree(project, project.with_name("copy"), symlinks=True)
    assert fits(project) and not fits(copy)


def test_a_project_that_was_moved_is_not_either_until_it_is_back(project):
    there = project.rename(project.with_name("moved"))
    assert not fits(there)
    there.rename(project)
    assert fits(project)


@pytest.mark.parametrize("name", OF_THE_PROJECT)
def test_other_pins_want_another_environment(name, project):
    with (project / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not fits(project)


def lose_interpreter(project: Path) -> None:
    """Remove the interpreter that an environment points to."""
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to("/nowhere/python3.12")


def change_interpreter(project: Path) -> None:
    """Replace the interpreter by another version."""
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").write_text("#!/bin/sh\necho 3.12 cpython-39\n", encoding="utf-8")
    (project / ".venv/bin/python").chmod(0o755)


def change_machine(project: Path) -> None:
    """Let the environment come from another kind of machine."""
    stamp = (project / READY).read_text(encoding="utf-8")
    (project / READY).write_text(stamp.replace(os.uname().machine, "vax"), encoding="utf-8")


def interrupt(project: Path) -> None:
    """Leave an environment as an interrupted set-up does."""
    (project / READY).unlink()


def stamp_as_before(project: Path) -> None:
    """Write the stamp of 0.7.0 and before, which says nothing."""
    (project / READY).write_text("", encoding="utf-8")


BREAKS = (lose_interpreter, change_interpreter, change_machine, interrupt, stamp_as_before)


@pytest.mark.parametrize("break_it", BREAKS, ids=lambda each: each.__name__)
def test_an_environment_that_is_broken_is_made_again(break_it: Callable[[Path], None], project):
    assert fits(project)
    break_it(project)
    assert not fits(project)


def test_another_python_that_is_asked_for_is_another_environment(project):
    assert not fits(project, "PYTHON=3.13")


@pytest.mark.parametrize("environment", [READY, "build/kit-env/.ready"])
def test_the_template_s_own_environments_are_known_by_folder_and_pins(environment, tmp_path):
    pins = "requirements.txt", "{{cookiecutter.project_slug}}/requirements/dev.txt"
    here = tmp_path / AWKWARD / "template"
    for name in ("Makefile", *pins):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, here / name)
    for folder, name in zip((".venv", "build/kit-env"), pins, strict=True):
        (here / folder / "bin").mkdir(parents=True)
        (here / folder / "bin/python").symlink_to(sys.executable)
        words = f"{{ pwd -P; uname -sm; cksum '{name}'; }} >'{folder}/.ready'"
        subprocess.run(words, shell=True, cwd=here, check=True)
        with (here / folder / ".ready").open("a", encoding="utf-8") as file:
            print(sys.implementation.cache_tag, file=file)
    assert fits(here, target=environment)
    there = here.rename(here.with_name("moved"))
    assert not fits(there, target=environment)
    there.rename(here)
    with (here / pins[environment != READY]).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not fits(here, target=environment)


def test_the_conventions_environment_is_known_by_its_folder(tmp_path):
    here = tmp_path / AWKWARD / "old churn"
    (here / ".conventions/venv/bin").mkdir(parents=True)
    (here / ".conventions/venv/bin/python").symlink_to(sys.executable)
    (here / ".conventions/dev.txt").write_text("black==26.10.1\n", encoding="utf-8")
    text = (ROOT / "conventions/{{cookiecutter._folder}}/conventions.mk").read_text(encoding="utf-8")
    text = text.replace("{{ cookiecutter.python_version }}", "3.12")
    text = text[: text.index("TEAM_IMAGE ?=")] + text[text.index("TEAM_UV :=") :]
    (here / "Makefile").write_text(text, encoding="utf-8")
    words = "{ pwd -P; uname -sm; cksum .conventions/dev.txt; } >.conventions/venv/.ready"
    subprocess.run(words, shell=True, cwd=here, check=True)
    with (here / ".conventions/venv/.ready").open("a", encoding="utf-8") as file:
        print("3.12", sys.implementation.cache_tag, file=file)
    assert fits(here, target=".conventions/venv/.ready")
    assert not fits(here.rename(here.with_name("moved")), target=".conventions/venv/.ready")


@pytest.mark.slow
def test_a_copy_in_an_awkward_folder_is_set_up_and_commits(living, tmp_path):
    """The next make target sets it up: its own code is run, its own hooks are."""
    folder = tmp_path / AWKWARD / "a copy"
    shutil.copytree(living.path, folder, symlinks=True, ignore=shutil.ignore_patterns(".venv", "mlruns"))
    (folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(living.path / READY, folder / READY)
    (folder / ".venv/bin/python3.12").symlink_to("/nowhere/python3.12")
    copy = Living(folder, living.python)
    (tmp_path / "other/requirements").mkdir(parents=True)
    awkward = {"LC_ALL": "C", "CDPATH": f"{tmp_path}/other:{living.path}"}
    assert "setting up .venv with Python 3.12" in copy.run("make setup", **awkward)
    where = "import customer_churn, mlservice; print(customer_churn.__file__, mlservice.__file__, sep='\\n')"
    for line in copy.run(f'.venv/bin/python -c "{where}"', **awkward).splitlines():
        assert Path(line).is_relative_to(folder)
    commit = "git -c user.name=t -c user.email=t@example.com commit --allow-empty -qm Later"
    copy.run(f"{commit} && make lint type", **awkward)
    shutil.rmtree(folder / ".venv")
    code, said = copy.try_(commit, **awkward)
    assert code == 1 and "type 'make setup'" in said
    said = living.run("make setup")  # the original is as it was
    assert "ready: " in said and "setting up" not in said
