"""Exactly which files an answer gives: a file that comes or goes unasked is seen here."""

from pathlib import Path

import pytest

from conftest import ENGINES
from documents import TASKS

LISTS = Path(__file__).parent / "files"  # always.txt, and a list an answer that adds files
VENDORS = ("github", "gitlab")


def listed(*names: str) -> list[str]:
    """Return the files of these lists together, sorted."""
    texts = [(LISTS / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    return sorted("".join(texts).splitlines())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ci", VENDORS)
def test_an_answer_gives_exactly_these_files(engine, ci, render):
    assert render(engine, ci=ci).files() == listed("always", ci, "classification")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("task", TASKS)
def test_a_task_adds_exactly_these_files(engine, task, render):
    project = render(engine, task=task, package_name="customer_churn")
    assert project.files() == listed("always", "github", task)


def test_the_package_folder_is_named_after_the_answer(render):
    ours = listed("always", "github", "classification")
    renamed = [name.replace("src/customer_churn/", "src/churn_model/") for name in ours]
    assert render("cookiecutter", package_name="churn_model").files() == sorted(renamed)
