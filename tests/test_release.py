"""A release is refused until it is ready, and the tags of all releases can be made again from history."""

import re
import sys
from datetime import date

import pytest
from updates import IDENTITY, clone_with_versions, edit, released, run, unchanged, version_of

from conftest import ROOT, git

NEW = "77.0.0"
HEADING = f"## [Unreleased]\n\n## [{NEW}] - {date.today().isoformat()}\n"


@pytest.fixture(scope="module")
def origin(template_folder, tmp_path_factory):
    """Return a clone of this repository with all its history, what is here now, and tags."""
    return clone_with_versions(tmp_path_factory.mktemp("release") / "template", template_folder)


@pytest.fixture
def clone(origin, tmp_path):
    """Return a clone with tags, whose CHANGELOG is ready for a release."""
    git(tmp_path, "clone", "-q", str(origin), "clone")
    folder = tmp_path / "clone"
    edit(folder, "CHANGELOG.md", "## [Unreleased]\n", HEADING)
    if re.search(rf"^## \[{NEW}\].*\n+## ", (folder / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        edit(folder, "CHANGELOG.md", HEADING, f"{HEADING}\n- Something new.\n")
    git(folder, "commit", "-qam", "Ready")
    return folder


def release(folder, word: str) -> tuple[int, str]:
    """Run the command."""
    return run(sys.executable, "tools/release.py", word, at=folder, **IDENTITY)


def says(kit) -> str:
    """Return the line that `make ci` of a rendered project prints of its library."""
    code, said = run(sys.executable, "-m", "mlservice", at=kit)
    assert code == 0, said
    return said.strip()


def test_a_release_is_a_commit_and_a_tag_that_can_be_made_again(clone):
    code, said = release(clone, NEW)
    assert code == 0, said
    assert f'version = "{NEW}"' in (clone / "pyproject.toml").read_text(encoding="utf-8")
    assert git(clone, "describe", "--tags").strip() == f"v{NEW}"
    assert git(clone, "status", "--porcelain") == ""
    tag = git(clone, "rev-parse", f"v{NEW}")
    git(clone, "commit", "-q", "--allow-empty", "-m", "Later")
    git(clone, "tag", "-d", *git(clone, "tag", "--list").split())
    assert release(clone, "tags")[0] == 0
    assert git(clone, "rev-parse", f"v{NEW}") == tag
    assert git(clone, "cat-file", "-t", f"v{NEW}").strip() == "tag"


def test_every_version_of_the_changelog_gets_its_tag(clone):
    versions = re.findall(r"^## \[([\d.]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions == sorted(versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True)
    tags = git(clone, "tag", "--list", "--merged", "HEAD").split()
    assert {f"v{version}" for version in versions} <= set(tags)
    assert released() in versions


def test_a_release_lists_the_library_as_it_is(clone):
    kit = clone / "{{cookiecutter.project_slug}}/kit"
    assert says(kit) == unchanged(kit)
    assert release(clone, NEW)[0] == 0
    assert version_of(kit) == NEW and says(kit) == f"mlservice {NEW}, as released"
    assert (kit / "RELEASED").read_text(encoding="utf-8").startswith("# The library as it was released")
    edit(kit, "mlservice/serving/limits.py", '"""', '"""Ours: ')
    assert says(kit) == f"mlservice {NEW}, changed here: serving/limits.py"
    edit(kit, "mlservice/__init__.py", NEW, "78.0.0")  # the next version has begun
    assert says(kit) == f"mlservice {version_of(kit)}, not released"


def test_a_changed_library_has_a_version_that_was_not_released():
    """After a release, the first change of the library gives `__version__` the next number: else this test is red."""
    kit = ROOT / "{{cookiecutter.project_slug}}/kit"
    assert "changed here" not in says(kit)


@pytest.mark.parametrize(
    "word, change, reason",
    [
        ("1.2", "", "a version is three numbers"),
        ("0.0.1", "", "0.0.1 is not newer than "),
        ("78.0.0", "", "CHANGELOG.md says nothing under the heading `## [78.0.0] - "),
        (NEW, "Makefile", "commit or stash first"),
        (NEW, "## [Unreleased]\n", "CHANGELOG.md has something under Unreleased"),
        (NEW, date.today().isoformat(), f"CHANGELOG.md dates {NEW} 2001-01-01, and today is "),
        (NEW, "tag", f"there is a tag v{NEW} already"),
    ],
)
def test_what_is_not_ready_is_refused(word, change, reason, clone):
    if change == "tag":
        git(clone, "tag", f"v{NEW}")
    elif change == "Makefile":
        edit(clone, change, "help:", "help: ")
    elif change:
        edit(clone, "CHANGELOG.md", change, "2001-01-01" if change[0] == "2" else f"{change}\n- Not yet.\n")
        git(clone, "commit", "-qam", "Changed")
    before = git(clone, "rev-parse", "HEAD"), git(clone, "tag"), git(clone, "status", "--porcelain")
    code, said = release(clone, word)
    assert code == 1 and said.startswith(f"not released: {reason}") and said.count("\n") == 1
    assert (git(clone, "rev-parse", "HEAD"), git(clone, "tag"), git(clone, "status", "--porcelain")) == before


def test_a_tag_elsewhere_is_told_and_stays(clone):
    git(clone, "tag", "-f", "v0.1.0", "HEAD")
    code, said = release(clone, "tags")
    assert code == 1 and "v0.1.0 is not " in said
    assert git(clone, "rev-parse", "v0.1.0^{commit}") == git(clone, "rev-parse", "HEAD")


def test_a_clone_without_its_history_says_so(origin, tmp_path):
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-tags", origin.as_uri(), "shallow")
    code, said = release(tmp_path / "shallow", "tags")
    assert code == 1 and "git fetch --unshallow" in said
