"""A project's life: rendered before the library was, made someone's own, brought to what is here now."""

import sys
from pathlib import Path

import pytest
import yaml
from living import Living, interpreter
from pages import has_engine
from updates import IDENTITY, LAST, NOW, OLDEST, Followed, edit, make_project, run, unchanged

from conftest import ENGINES, ROOT, TOOLS, git

TITANIC = ROOT.parent / "shared/data/titanic.csv"
GONE = (".editorconfig", "tests/load/test_load_budget.py")
RENAMED = ("BoostedClassifier", "GradualClassifier")  # a class; of equal length, so that black has nothing to say
EDITED = ("limits.py", "schema.py", "train.py")  # the first is the library's now
GREET = "\n.PHONY: greet\ngreet: ## Greet\n\t@echo hello\n"
# In some of a hundred stops, the several workers of 0.6.0 reset a connection; the library has none.
WITHOUT_WORKERS = {"PYTEST_ADDOPTS": "--deselect tests/api/test_workers.py::test_several_workers_are_one_service"}


def live(folder: Path) -> None:
    """Change a project as people do: code, a dependency, a make target; some files go, one comes."""
    package = folder / "src/customer_churn"
    for path in [package / name for name in EDITED if (package / name).is_file()]:
        path.write_text(path.read_text(encoding="utf-8") + "\n\n# ours\n", encoding="utf-8")
    modules = [path for place in ("src", "tests") for path in (folder / place).rglob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in modules}
    using = [path for path, text in texts.items() if RENAMED[0] in text]
    assert len(using) > (package / "limits.py").is_file()  # with its own runtime, several modules
    for path in using:
        path.write_text(texts[path].replace(*RENAMED), encoding="utf-8")
    edit(folder, "requirements/train.in", "pyarrow", "joblib\npyarrow")
    with (folder / "Makefile").open("a", encoding="utf-8") as makefile:
        makefile.write(GREET)
    edit(folder, "pyproject.toml", "max-attributes = 13", "max-attributes = 14")
    for name in GONE:
        (folder / name).unlink(missing_ok=True)
    (package / "ours.py").write_text('"""Ours."""\n', encoding="utf-8")
    edit(folder, "README.md", "│   ├── params.py ", "│   ├── ours.py            ours\n│   ├── params.py ")


def kept(project: Followed) -> dict[str, bytes]:
    """Return what each file holds that git keeps, or would keep."""
    names = git(project.folder, "ls-files", "-co", "--exclude-standard").splitlines()
    return {name: (project.folder / name).read_bytes() for name in names if project.has_file(name)}


def check_lives(project: Followed, mine: dict[str, bytes]) -> None:
    """Fail where an edit was lost or a file came back; `mine` is what the user's files held."""
    files = kept(project)
    yours = ("src/", "tests/", "docs/", "notebooks/", "data/", "README.md", "params.yaml", "dvc.yaml", "AGENTS.md")
    ours = {name: text for name, text in mine.items() if name.startswith(yours) and name != "docs/conf.py"}
    assert {name: text for name, text in ours.items() if files.get(name) != text} == {}
    assert [name for name in GONE if name in files] == []
    assert {name for name in files if name.startswith(yours)} <= {*mine, "docs/conf.py"}
    assert project.read("Makefile").endswith(GREET)
    assert "joblib\n" in project.read("requirements/train.in")
    assert "max-attributes = 14" in project.read("pyproject.toml")
    assert yaml.safe_load(project.read(".copier-answers.yml"))["_commit"] == NOW
    assert project.has_file("kit/mlservice/serving/app.py") and project.has_file("kit/mlservice/data/split.py")


def check_is_inert(project: Followed) -> None:
    """Fail where the library is not there, is used, or is not named with the page that shows how to move."""
    said = run(sys.executable, "-m", "mlservice", "src", at=project.folder, PYTHONPATH=str(project.folder / "kit"))[1]
    first, second = said.splitlines()
    assert first == unchanged(project.folder / "kit")
    assert second.startswith("src/ does not use it yet: docs/how-to/move-to-the-library.md of the template")
    dry = ("make", "--dry-run", "-o", ".venv/.ready", "adopt", "load-test", "image-test", "DATA=a.csv", "TARGET=b")
    said = run(*dry, at=project.folder)[1]
    for command in ("python -m customer_churn.adopt ", "PYTHONPATH=tests python -m load", "docker tests/container\n"):
        assert command in said


@pytest.mark.parametrize("version", sorted({OLDEST, LAST}))
@pytest.mark.parametrize("engine", ENGINES)
def test_an_older_project_becomes_today_s_and_nothing_of_the_user_s_changes(engine, version, today, tmp_path):
    project = make_project(engine, today, version, tmp_path / "out")
    live(project.folder)
    project.commit()
    mine, path = kept(project), f"{project.tools}:{TOOLS}:/usr/bin:/bin"
    words = (sys.executable, "-m", "tools.update", "--no-ci")
    code, said = run(*words, at=project.folder, PATH=path, **IDENTITY)
    assert code == 0, said
    assert kept(project) == mine
    project.switch(f"update/{NOW}")
    check_lives(project, mine)
    if version == OLDEST:
        check_is_inert(project)
    project.switch("-")
    code, said = run(TOOLS / "copier", "update", "--defaults", at=project.folder)
    assert code == 0, said
    assert git(project.folder, "diff", "--name-only", "--diff-filter=U") == ""
    check_lives(project, mine)
    project.commit()
    assert git(project.folder, "diff", "--stat", f"update/{NOW}") == ""  # both ways lead to the same


@pytest.mark.slow
def test_an_adopted_service_with_its_own_runtime_is_green_after_its_update(today, tmp_path):
    """The user's own table is in it, its pipeline has run, and `make ci` passes on the branch: all as typed."""
    if not TITANIC.is_file():
        pytest.skip(f"no {TITANIC}")
    # A name of its own: images of one name would be those of the services of other tests.
    names = {"project_slug": "adopted-churn", "package_name": "customer_churn"}
    project = make_project("cookiecutter", today, OLDEST, tmp_path / "out", **names)
    home = Living(project.folder, interpreter("3.12", tmp_path))
    home.run("make setup")
    home.run(f"make adopt DATA={TITANIC} TARGET=survived YES=1 DROP=fare")
    home.run(f"make adopt DATA={TITANIC} TARGET=survived YES=1 OVERWRITE=1")  # one feature more
    live(project.folder)
    home.run("make pipeline")
    project.commit()
    mine = kept(project)
    said = home.run("make update", **IDENTITY, **WITHOUT_WORKERS)
    assert "make ci, in a worktree of that branch:" in said and "to settle by hand" not in said
    assert "src/ does not use it yet: docs/how-to/move-to-the-library.md" in said
    home.run(f"git merge --quiet update/{NOW}", **IDENTITY)
    check_lives(project, mine)
    check_is_inert(project)
    assert "hello" in home.run("make greet")
    if has_engine():
        home.run("make image-test")
    home.run(f"make adopt DATA={TITANIC} TARGET=survived YES=1 OVERWRITE=1 DROP=fare")  # with its own code, again
    assert "is the newest version" in home.run("python -m tools.update --check")
