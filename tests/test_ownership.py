"""Each rendered file is the template's or the user's, on one page, in copier.yml and in the rendered pyproject.toml."""

import re
import tomllib
from fnmatch import fnmatchcase

import pytest
import yaml

from conftest import ROOT
from documents import TASKS, TREE, cells, files_in
from test_files import VENDORS, listed

PAGE = "docs/reference/ownership.md"
YOURS, TEMPLATES = (
    [row[0].strip("`") for row in cells(PAGE, f"## {whose}\n")] for whose in ("Yours", "The template's")
)
LIBRARY = [f"kit/{name}" for name in files_in(TREE / "kit")]  # the same bytes in every project
RENDERED = [[*listed("always", ci, task), *LIBRARY] for task in TASKS for ci in VENDORS]


def holds(entry: str, name: str) -> bool:
    """Tell whether an entry of the page means a file: a folder ends with /, and * is part of one name."""
    if entry.endswith("/"):
        return name.startswith(entry)
    return fnmatchcase(name, entry) and name.count("/") == entry.count("/")


@pytest.mark.parametrize("files", RENDERED, ids=[f"{task} {ci}" for task in TASKS for ci in VENDORS])
def test_every_file_has_exactly_one_owner(files):
    owners = {name: [entry for entry in (*YOURS, *TEMPLATES) if holds(entry, name)] for name in files}
    assert {name: found for name, found in owners.items() if len(found) != 1} == {}


def test_no_entry_is_a_phantom():
    files = {name for each in RENDERED for name in each}
    assert [entry for entry in (*YOURS, *TEMPLATES) if not any(holds(entry, name) for name in files)] == []
    assert len({*YOURS, *TEMPLATES}) == len(YOURS) + len(TEMPLATES)


def test_copier_leaves_out_what_is_yours():
    entries = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))["_exclude"]
    form = re.compile(r"\{% if _copier_operation == 'update' %\}(.+)\{% endif %\}")
    excluded = [found[1] for found in map(form.fullmatch, entries) if found]
    assert sorted(excluded) == sorted(f"/{entry.rstrip('/')}" for entry in YOURS)


def test_cruft_and_make_update_leave_out_what_is_yours(render):
    skipped = tomllib.loads(render().read("pyproject.toml"))["tool"]["cruft"]["skip"]
    assert skipped == sorted(entry.rstrip("/") for entry in YOURS)


def test_the_readme_of_a_project_says_what_is_yours(render):
    said = render().read("README.md").partition("## Follow the template")[2].partition("\n## ")[0]
    assert [entry for entry in YOURS if entry.endswith("/") and entry[:5] != "docs/" and f"`{entry}`" not in said] == []
