"""The table of a fleet: versions, drift and CI state; a clone that cannot be judged is a row, never an end."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import drift
from conftest import ENGINES, ROOT, git
from survey import survey

MORE = "# the second version\n"


@pytest.fixture(scope="session")
def newer(template, tmp_path_factory) -> Path:
    """Return the template with one more commit: it has the tag v0.2.0 and another .editorconfig."""
    folder = tmp_path_factory.mktemp("newer") / "template"
    git(template.parent, "clone", "--quiet", str(template), str(folder))
    with (folder / "{{cookiecutter.project_slug}}/.editorconfig").open("a", encoding="utf-8") as file:
        file.write(MORE)
    git(folder, "commit", "--quiet", "--all", "--message=More")
    git(folder, "tag", "v0.2.0")
    git(folder, "tag", "v0.3.0rc1")  # a pre-release is nobody's newest
    return folder


@pytest.fixture
def clone(render, tmp_path):
    """Return a function that makes a copy of a rendered project."""

    def copied(name: str = "churn", engine: str = "copier") -> Path:
        return shutil.copytree(render(engine).folder, tmp_path / name, ignore=shutil.ignore_patterns(".git"))

    return copied


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def fleet(*words: str | Path) -> subprocess.CompletedProcess:
    """Run the tool as it is typed."""
    command = (sys.executable, ROOT / "tools/fleet.py", *words)
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_projects_as_rendered_have_not_drifted_and_are_rendered_once(clone, newer, template, monkeypatch):
    made, render = [], drift.render
    monkeypatch.setattr(drift, "render", lambda job: made.append(job) or render(job))
    rows = survey([clone(engine, engine) for engine in ENGINES], str(newer))
    version = git(template, "describe", "--always").strip()
    assert [(row.trouble, row.drift, row.version, row.newest) for row in rows] == [("", [], version, "v0.2.0")] * 2
    assert len(made) == 1


def test_drift_is_what_the_team_changed_in_the_template_s_files(clone):
    folder = clone()
    change(folder / "Makefile", ",dvc repro)\n", ",dvc repro --force)\n")
    change(folder / "src/customer_churn/model.py", "import", "import  ")
    (folder / ".editorconfig").unlink()
    (folder / "Dockerfile").write_bytes((folder / "Dockerfile").read_bytes().replace(b"\n", b"\r\n"))  # git's autocrlf
    (row,) = survey([folder])
    assert row.drift == ["D .editorconfig", "M Makefile"]


def test_drift_is_measured_at_the_project_s_own_version(clone, newer, template):
    folder = clone()
    change(folder / ".copier-answers.yml", git(template, "describe", "--always").strip(), "v0.2.0")
    assert survey([folder], str(newer))[0].drift == ["M .editorconfig"]
    with (folder / ".editorconfig").open("a", encoding="utf-8") as file:
        file.write(MORE)
    assert survey([folder], str(newer))[0].drift == []


def test_whose_a_file_is_stands_in_the_rendering():
    users = ["docs/*.md", "src", "README.md"]
    theirs = ["Makefile", "docs/conf.py", "docs/decisions/0001.md", "tools/update.py"]
    names = [*theirs, "docs/runbook.md", "src/churn/model.py", "README.md", ".copier-answers.yml"]
    assert [name for name in names if drift.owned(name, users)] == theirs
    assert [name for name in names if drift.owned(name, None)] == ["Makefile", "tools/update.py"]


BROKEN = {
    "no .copier-answers.yml: it does not follow": lambda file: file.unlink(),
    "cannot be read: take back what was changed": lambda file: file.write_text("a: [", encoding="utf-8"),
    "names no template or no version": lambda file: file.write_text("task: text\n", encoding="utf-8"),
    "the template has no version v9": lambda file: change(file, "_commit: ", "_commit: v9 # "),
    "the template cannot be reached at nowhere": lambda file: change(file, "_src_path: ", "_src_path: nowhere # "),
    "cannot be rendered with these answers": lambda file: change(file, "task: classification", "task: magic"),
}


def test_what_cannot_be_judged_is_a_row_that_says_why(clone, tmp_path):
    folders = [clone(f"broken-{at}") for at in range(len(BROKEN))]
    for folder, spoil in zip(folders, BROKEN.values(), strict=True):
        spoil(folder / ".copier-answers.yml")
    done = fleet(*folders, tmp_path / "gone", clone("sound"), "--jobs", "2")
    assert done.returncode == 0 and done.stderr == ""
    rows = done.stdout.splitlines()[2:]
    for row, told in zip(rows, [*BROKEN, "there is no such folder", "| none |"], strict=True):
        assert told in row


def test_the_table_shows_drift_and_the_state_of_ci(clone, newer, tmp_path):
    drifted, sound = clone("drifted"), clone("sound")
    (drifted / "Dockerfile").unlink()
    states = tmp_path / "states.json"
    states.write_text('{"drifted": "red"}', encoding="utf-8")
    shared = (drifted, sound, "--template", newer)
    told = fleet(*shared, "--states", states, "--verbose").stdout
    version = git(newer, "rev-parse", "--short", "v0.2.0~1").strip()
    assert f"| drifted | {version} | v0.2.0 | 1 file | red |\n| sound | {version} | v0.2.0 | none | – |\n" in told
    assert "drifted: D Dockerfile\n" in told
    (drifted / "Makefile").write_text("lint:\n\tfalse\n", encoding="utf-8")
    (sound / "Makefile").write_text("lint:\n\ttrue\n", encoding="utf-8")
    rows = json.loads(fleet(*shared, "--check", "--json").stdout)
    assert [(row["repository"], row["ci"]) for row in rows] == [("drifted", "red"), ("sound", "green")]
    assert rows[0]["drift"] == ["D Dockerfile", "M Makefile"] and rows[0]["trouble"] == ""


def test_states_that_are_none_are_refused(clone, tmp_path):
    (tmp_path / "states.json").write_text("[1]", encoding="utf-8")
    done = fleet(clone(), "--states", tmp_path / "states.json")
    assert done.returncode == 2 and "states.json is no JSON of the form" in done.stderr
    assert "Traceback" not in done.stderr


def test_update_goes_on_after_a_failure_and_tells_it(clone, tmp_path):
    makefiles = {
        "first": "update:\n\t@echo 'the branch update/$(VERSION)-$(CHECK) holds it'\n\t@echo more\n",
        "second": "update:\n\t@echo 'commit your changes first' >&2; false\n",
        "third": "update:\n\t@echo 'nothing to do'\n",
        "fourth": "update:\n\t@echo 'the branch update/v0.2.0 holds it'\n\tfalse\n",
    }
    for name, text in makefiles.items():
        (clone(name) / "Makefile").write_text(text, encoding="utf-8")
    folders = [tmp_path / name for name in (*makefiles, "fifth")]
    done = fleet("update", *folders, "--version", "v0.2.0", "--no-check")
    assert done.returncode == 1
    assert done.stdout.splitlines()[2:] == [
        "| first | updated | branch update/v0.2.0-0 |",
        "| second | failed | commit your changes first |",
        "| third | as it was | nothing to do |",
        "| fourth | to settle | branch update/v0.2.0 |",
        "| fifth | failed | there is no such folder |",
    ]
    assert "5/5 fifth" in done.stderr
    assert fleet("update", folders[0], folders[2]).returncode == 0
