"""AGENTS.md of the template and of a rendered project: short, and true."""

import re

import pytest

from conftest import ROOT
from documents import words_of

PATH = re.compile(r"`([\w.{}-]+/[\w./*{} -]*|[\w-]+\.(?:md|py|yaml|toml|yml|json))`")


@pytest.fixture(scope="module", params=["template", "project"])
def agents(request, render):
    """Return the text of a page and the folder that it speaks of."""
    folder = ROOT if request.param == "template" else render().folder
    return (folder / "AGENTS.md").read_text(encoding="utf-8"), folder


def test_it_is_short(agents):
    assert agents[0].count("\n") <= 60


def test_its_make_targets_exist(agents):
    text, folder = agents
    targets = {word for line in re.findall(r"`make ([^`]+)`", text) for word in line.split()}
    assert targets and targets <= words_of(folder / "Makefile")


def test_its_paths_exist(agents):
    text, folder = agents
    made = {"dvc.lock", "data/test.parquet", "models/", "reports/"}
    named = set(PATH.findall(text)) - made
    places = [folder, folder / "{{cookiecutter.project_slug}}", *folder.glob("src/*")]
    assert len(named) > 8
    assert [name for name in named if not any(list(place.glob(name.rstrip("/"))) for place in places)] == []


def test_it_names_what_the_ownership_page_names(render):
    """Return to the page on updates: what is the user's there is the user's here."""
    text = (render().folder / "AGENTS.md").read_text(encoding="utf-8")
    (yours,) = re.findall(r"^\| (.*) \| yours \|", text, re.MULTILINE)
    page = (
        (ROOT / "docs/reference/ownership.md").read_text(encoding="utf-8").partition("\n## ")[2].partition("\n## ")[0]
    )
    known = set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))
    assert set(re.findall(r"`([^`]+)`", yours)) <= known | {"docs/*.md", "notebooks/", "data/"}
