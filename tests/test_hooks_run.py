"""Both hooks through Cookiecutter: what a user reads, and what is left on disk when one of them says no."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import command_line
from hook_modules import PRE


def cookiecut(template: Path, output: Path, **answers: str) -> subprocess.CompletedProcess:
    """Render as a user would; the hooks find a `make` that says what it was asked for, and fails where told to."""
    tools = output.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "make").write_text('#!/bin/sh\necho "made $@ in $(pwd)"\nexit ${MAKE_FAILS:-0}\n', encoding="utf-8")
    (tools / "make").chmod(0o755)
    output.mkdir(exist_ok=True)
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PWD": str(output)}
    command = command_line("cookiecutter", template, output, answers)
    return subprocess.run(command, cwd=output, env=env, capture_output=True, text=True, check=False)


def test_the_next_three_commands_are_printed(template, tmp_path):
    done = cookiecut(template, tmp_path / "out")
    assert done.stdout.split("Next:")[1].split("\n") == [
        "",
        "",
        "    cd customer-churn",
        "    make ci",
        "    make serve",
        "",
    ]


def test_a_full_check_runs_make_ci_in_the_project(template, tmp_path):
    done = cookiecut(template, tmp_path / "out", __check="full")
    assert done.returncode == 0, done.stderr
    assert f"made ci in {tmp_path}/out/customer-churn" in done.stdout


def test_no_check_runs_no_make(template, tmp_path):
    assert "made ci" not in cookiecut(template, tmp_path / "out").stdout


def test_a_failed_check_leaves_nothing(template, tmp_path, monkeypatch):
    monkeypatch.setenv("MAKE_FAILS", "3")
    done = cookiecut(template, tmp_path / "out", __check="full")
    assert done.returncode == 1 and "`make ci` failed" in done.stderr
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("slug", ["../evil", "a/b", "../x/evil", "ABSOLUTE/evil", "a\\b", ".", "", "x" * 300])
def test_a_refused_slug_leaves_nothing_in_or_beside_the_folder(slug, template, tmp_path):
    slug = slug.replace("ABSOLUTE", str(tmp_path / "absolute"))
    done = cookiecut(template, tmp_path / "out", project_slug=slug)
    assert done.returncode == 1
    assert done.stderr.strip() == PRE.WORDS.format("project_slug", "dashes")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["make", "out", "tools"]


@pytest.mark.parametrize(
    "name, text", [("pyproject.toml", 'name = "'), ("README.md", "{% raw %}{{ cookiecutter.ci }}{% endraw %}")]
)
def test_a_template_that_renders_nonsense_leaves_nothing(name, text, template_folder, tmp_path):
    broken = shutil.copytree(template_folder, tmp_path / "broken")
    (broken / "{{cookiecutter.project_slug}}" / name).write_text(text, encoding="utf-8")
    done = cookiecut(broken, tmp_path / "out")
    assert done.returncode == 1 and name in done.stderr
    assert not list((tmp_path / "out").iterdir())
