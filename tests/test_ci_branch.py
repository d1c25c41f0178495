"""CI starts on the repository's default branch, whatever it is called; on another one, when a change is opened."""

import json
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from conftest import ENGINES, ROOT, git
from hosting import FLOWS, act, github, gitlab
from living import Living

NAME = "lint, types, tests, docs, pipeline"  # what a rule for merging requires: a skipped job would satisfy it


def push(folder: Path, branch: str, default: str, store: Path, event: str = "push") -> str:
    """Run the workflow `ci` for an event on a branch, with what GitHub says of the repository."""
    filters = yaml.safe_load((folder / FLOWS / "ci.yml").read_text(encoding="utf-8"))[True][event] or {}
    if not any(fnmatchcase(branch, pattern) for pattern in filters.get("branches", ["*"])):  # act reads no filter
        return ""
    git(folder, "switch", "--quiet", "--force-create", branch)
    sent = {"ref": f"refs/heads/{branch}", "repository": {"default_branch": default}}
    (folder.parent / "event.json").write_text(json.dumps(sent), encoding="utf-8")
    words = ("--eventpath", str(folder.parent / "event.json"), "-W", f"{FLOWS}/ci.yml")
    done = act(folder, store, event, *words, env=Living(folder, "/usr/bin").env)
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture
def service(request, render, tmp_path) -> Path:
    """Return the CI files of a project in a repository whose make targets do nothing."""
    folder = tmp_path / "project"
    shutil.copytree(render(request.param).folder / ".github", folder / ".github")
    (folder / "Makefile").write_text("%:\n\t@echo did $@\n", encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "First")
    return folder


@pytest.mark.parametrize("service", ENGINES, indirect=True)
def test_github_starts_on_the_default_branch_whatever_its_name(service, tmp_path):
    for default in ("master", "team/trunk"):
        said = push(service, default, default, tmp_path / default.replace("/", "-"))
        assert "did lint" in said and "did image-test" in said, said[-4000:]


@pytest.mark.parametrize("service", ENGINES[:1], indirect=True)
def test_github_tests_another_branch_once_as_a_change(service, tmp_path):
    said = push(service, "feature", "master", tmp_path / "pushed")
    assert "did " not in said
    said = push(service, "feature", "master", tmp_path / "opened", "pull_request")
    assert "did lint" in said and f"[ci/{NAME}" in said and "(push)" not in said


@pytest.mark.parametrize("service", ENGINES[:1], indirect=True)
def test_a_job_that_a_push_skips_has_no_required_name(service, tmp_path):
    """GitHub takes a skipped job for a passed one: the same name would let a change in before it is tested."""
    assert f"[ci/{NAME} (push)" in push(service, "master", "master", tmp_path / "act")


@pytest.mark.parametrize("engine", ENGINES)
def test_no_ci_file_names_the_default_branch(engine, render):
    for jobs in (github(render(engine)), gitlab(render(engine, ci="gitlab"))):
        for name in ("ci", "image"):
            assert jobs[name].triggers == {"default branch", "change", "tag v*"}


def test_the_template_s_other_ci_files_name_none_either():
    paths = [*ROOT.glob(f"{FLOWS}/*.yml"), *(ROOT / "conventions").rglob("*ci.yml*")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert len(texts) == 3
    assert [name for name, text in texts.items() if "default_branch" not in text.lower()] == []
    assert [name for name, text in texts.items() if "branches: [m" in text] == []
