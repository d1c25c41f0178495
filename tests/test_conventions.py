"""The conventions come into a repository that exists: around what is there, through either engine, with a report."""

import json
import os
import shutil
import subprocess
import tomllib

import pytest
import yaml

from conftest import ENGINES, ROOT, TOOLS, git
from foreign import FOUND, LAYOUTS, STAYS, bring, contents, make
from living import UV_CACHE


@pytest.fixture(scope="module")
def brought(template, tmp_path_factory):
    """Return a function that brings the conventions into a layout, once for each engine."""
    made = {}

    def once(engine: str, layout: str):
        if (engine, layout) not in made:
            folder = make(layout, tmp_path_factory.mktemp("foreign") / "repository")
            code, said = bring(engine, template, folder)
            assert code == 0, said
            made[engine, layout] = folder, said
        return made[engine, layout]

    return once


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_was_there_is_as_it_was(engine, layout, brought):
    folder, said = brought(engine, layout)
    after = contents(folder)
    assert {name: after[name].decode() for name in LAYOUTS[layout]} == LAYOUTS[layout]
    assert git(folder, "status", "--porcelain", "--untracked-files=no") == ""
    assert [line.split(":")[0].strip() for line in report(said, "For you to merge:", "Next:")] == STAYS[layout]
    assert f"Found: {FOUND[layout]}." in said


def report(said: str, begin: str, end: str) -> list[str]:
    """Return the lines of the report between two of its words."""
    return [line for line in said.partition(begin)[2].partition(end)[0].splitlines() if line.strip()]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_engines_bring_the_same(layout, brought):
    (one, said), (other, told) = (brought(engine, layout) for engine in ENGINES)
    assert contents(one) == contents(other)
    assert (one / ".conventions/lint.py").is_file() and (one / "conventions.mk").is_file()
    assert not (one / ".conventions-new").exists()
    lines = [report(text, "The conventions are in.", " cd ") for text in (said, told)]
    assert [line.strip() for line in lines[0]] == [line.strip() for line in lines[1]]


def test_a_preset_holds_here_too_in_both_engines(template, tmp_path):
    folders = [make("notebooks", tmp_path / engine) for engine in ENGINES]
    for engine, folder, option in zip(ENGINES, folders, ("--config-file", "--data-file")):
        code, said = bring(engine, template, folder, option, str(ROOT / "docs/how-to/team.yml"))
        assert code == 0, said
    one, other = (contents(folder) for folder in folders)
    assert one == other
    settings = tomllib.loads(one[".conventions/linters.toml"].decode())["tool"]
    assert settings["black"]["line-length"] == settings["flake8"]["max-line-length"] == 100
    assert b"TEAM_IMAGE ?= registry.example.com/churn/" in one["conventions.mk"]
    assert b"tags: [self-hosted, linux]" in one[".gitlab-ci.yml"]


@pytest.mark.parametrize("engine", ENGINES)
def test_other_names_and_odd_folders_are_known_too(engine, template, tmp_path):
    """A folder with signs of a glob, a makefile in small letters, a link that leads nowhere."""
    folder = make("notebooks", tmp_path / "odd [1] *")
    (folder / "makefile").write_text("all:\n", encoding="utf-8")
    (folder / ".editorconfig").symlink_to("nowhere")
    code, said = bring(engine, template, folder)
    assert code == 0, said
    assert not (folder / "Makefile").exists() and os.readlink(folder / ".editorconfig") == "nowhere"
    assert "Makefile: say" in said and (folder / "conventions.mk").is_file()


def test_they_bring_one_vendor_s_files(template, tmp_path):
    folder = make("notebooks", tmp_path)
    assert bring("copier", template, folder, "ci=gitlab")[0] == 0
    assert (folder / ".gitlab-ci.yml").is_file() and not (folder / ".github").exists()


def test_what_comes_is_in_style(brought):
    folder, _ = brought("copier", "src")
    ours = (".conventions/lint.py", "docs/conf.py")
    for command in (("black", "--check", "--quiet"), ("flake8", "--toml-config", ".conventions/linters.toml")):
        subprocess.run((TOOLS / command[0], *command[1:], *ours), cwd=folder, check=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_update_keeps_the_scope_and_what_is_yours(engine, template, tmp_path):
    source = shutil.copytree(template, tmp_path / "source")
    git(source, "tag", "1.0.0")
    folder = make("src", tmp_path / "repository")
    assert bring(engine, source, folder)[0] == 0
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Conventions")
    ours = source / "conventions/{{cookiecutter._folder}}"
    for name in ("Makefile", "conventions.mk"):
        (ours / name).write_text((ours / name).read_text("utf-8") + "# from the team\n", encoding="utf-8")
    git(source, "commit", "-qam", "The team's")
    git(source, "tag", "1.1.0")
    subprocess.run((TOOLS / "copier", "update", "--defaults"), cwd=folder, check=True, capture_output=True)
    assert sorted(git(folder, "diff", "--name-only").splitlines()) == [".copier-answers.yml", "conventions.mk"]
    assert (folder / "conventions.mk").read_text("utf-8").endswith("# from the team\n")
    assert git(folder, "status", "--porcelain").count("??") == 0
    answers = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
    assert (answers["_commit"], answers["scope"], answers["yours"]) == ("1.1.0", "conventions", STAYS["src"])


@pytest.mark.parametrize("vendor", ["github", "gitlab"])
def test_the_ci_file_runs_the_words(vendor, template, tmp_path):
    folder = make("notebooks", tmp_path)
    assert bring("cookiecutter", template, folder, f"ci={vendor}")[0] == 0
    name = {"github": ".github/workflows/ci.yml", "gitlab": ".gitlab-ci.yml"}[vendor]
    job = yaml.safe_load((folder / name).read_text("utf-8"))
    steps = [step.get("run") for step in job["jobs"]["ci"]["steps"]] if vendor == "github" else job["ci"]["script"]
    words = (folder / "conventions.mk").read_text("utf-8").partition("\nci: ")[2].partition(" ##")[0].split()
    assert list(filter(None, steps)) == [f"make -f conventions.mk {word}" for word in ["setup", *words]]
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[vendor]
    subprocess.run((TOOLS / "check-jsonschema", "--builtin-schema", schema, name), cwd=folder, check=True)


def say(folder, typed: str, **more: str) -> tuple[int, str]:
    """Type a command in a repository; return exit code and output."""
    env = {name: value for name, value in os.environ.items() if name not in ("CI", "VIRTUAL_ENV")}
    env |= {"UV_CACHE_DIR": UV_CACHE, **more}
    done = subprocess.run(("bash", "-c", typed), cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def tools(brought):
    """Return the environment that `make setup` makes, for all layouts: the project of layout src is in it."""
    folder, _ = brought("copier", "src")
    code, said = say(folder, "make -f conventions.mk setup")
    assert code == 0, said
    return folder / ".conventions/venv"


@pytest.fixture(params=LAYOUTS)
def ready(request, brought, tools):
    """Return a repository with the conventions and their environment, and its layout."""
    folder, _ = brought("copier", request.param)
    if not (folder / ".conventions/venv").exists():
        (folder / ".conventions/venv").symlink_to(tools)
    return folder, request.param


@pytest.mark.slow
def test_the_words_are_usable_at_once(ready):
    """Old findings are accepted, new ones fail, and the repository's own tests say what they said."""
    folder, layout = ready
    make_ = "make -f conventions.mk -o .conventions/venv/.ready"
    python = ".conventions/venv/bin/python -m pytest -p no:cacheprovider"
    assert say(folder, f"{make_} lint", CI="true")[0] != 0  # a CI machine accepts nothing
    code, said = say(folder, f"{make_} lint type")
    assert code == 0 and "commit .conventions/baseline.json" in said, said
    assert say(folder, f"{make_} lint type", CI="true")[0] == 0
    (folder / "late.py").write_text("import os\n", encoding="utf-8")
    code, said = say(folder, f"{make_} lint")
    assert code != 0 and "late.py" in said and "churn/__init__.py" not in said
    (folder / "late.py").unlink()
    code, said = say(folder, f"{make_} test")
    assert (code == 0) == (layout == "notebooks")
    if layout != "notebooks":
        assert "1 failed, 1 passed" in said
        assert say(folder, python)[1].count("test_bad") == said.count("test_bad")
    assert say(folder, f"{make_} docs")[0] == 0
    assert {name: contents(folder)[name].decode() for name in LAYOUTS[layout]} == LAYOUTS[layout]
    baseline = json.loads((folder / ".conventions/baseline.json").read_text("utf-8"))
    assert sorted(baseline) == ["black", "flake8", "hadolint", "mypy", "pylint"]
    found = {key.rpartition(" ")[0] for counts in baseline.values() for key in counts}
    assert found <= set(LAYOUTS[layout]), "what comes with the conventions has findings of its own"


@pytest.mark.slow
def test_a_makefile_of_one_s_own_goes_on_as_before(brought, tools):
    folder, _ = brought("copier", "src")
    assert tools.is_dir()
    makefile = folder / "Makefile"
    before = makefile.read_text("utf-8")
    makefile.write_text("include conventions.mk\n" + before, encoding="utf-8")
    try:
        assert say(folder, "make --silent 2>/dev/null") == (0, "python3\n")
        assert say(folder, "make --silent test 2>/dev/null") == (0, "my own tests\n")
        assert say(folder, "make lint")[0] == 0
    finally:
        makefile.write_text(before, encoding="utf-8")
