"""What the tests of adopting share: a package in memory, and a project's documents without rendering."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from adopt_helpers import TARGETS, WORDS, Package, table

from mlservice.adopt import __main__ as adopt
from mlservice.adopt.tasks.table import hyperparameters

TEMPLATE = Path(__file__).parents[3]
TREE = TEMPLATE / "{{cookiecutter.project_slug}}"
SOURCE = TREE / "src/{{cookiecutter.package_name}}"
MODULES = ("data", "features", "metrics", "model", "params", "prediction", "report", "schema", "service", "training")
OTHERS = ("forecasting", "image")  # the tasks with modules of their own
SIZE = dict(zip(hyperparameters.NAMES, hyperparameters.DEFAULT, strict=True))
INCLUDE = re.compile(r"""{% include \[cookiecutter.task ~ "(/[\w./-]+)".*""")


@pytest.fixture
def package(monkeypatch):
    """A package in memory, gone after the test."""
    return Package(monkeypatch)


@pytest.fixture
def templates():
    """The folder that holds a folder for each task."""
    return TEMPLATE / "templates"


def write_documents(task, folder):
    """Write a task's documents and params.yaml as the template holds them: no passage has any Jinja to render."""
    parts = TEMPLATE / "templates" / task
    readme = (TREE / "README.md").read_text(encoding="utf-8")
    whole = INCLUDE.sub(lambda found: (parts / found[1][1:]).read_text(encoding="utf-8"), readme)
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text(whole, encoding="utf-8")
    shutil.copytree(parts / "docs", folder / "docs")
    shutil.copy(parts / "params.yaml", folder)


@pytest.fixture
def documents(tmp_path, monkeypatch):
    """Return `documents(task)`: the current folder from then on, with the documents of a task."""

    def enter(task):
        folder = tmp_path / "documents"
        write_documents(task, folder)
        monkeypatch.chdir(folder)
        return folder

    return enter


@dataclass(frozen=True)
class Home:
    """A project without a server: its folder, its package, its task, and the words that adopt `table` there."""

    folder: Path
    package: str
    task: str

    @property
    def target(self):
        return TARGETS.get(self.task, "left")

    @property
    def words(self):
        return (self.target, "--yes", "--package", self.package, *WORDS.get(self.task, ()))


@pytest.fixture
def home(request, tmp_path, monkeypatch):
    """A project of the task that the test names, as the current folder, and in git; its SERVICE is a toy."""
    task = getattr(request, "param", "classification")
    made = Home(tmp_path / "home", f"home_{task}", task)
    write_documents(task, made.folder)
    code = made.folder / "src" / made.package
    code.mkdir(parents=True)
    (code / "__init__.py").touch()
    (code / "service.py").write_text(f"from toys.{task} import SERVICE\n", encoding="utf-8")
    shutil.copytree(TREE / ".dvc", made.folder / ".dvc")
    (made.folder / "data").mkdir()
    monkeypatch.chdir(made.folder)
    monkeypatch.syspath_prepend(made.folder / "src")
    for name in (made.package, f"{made.package}.service"):  # of another test's project
        sys.modules.pop(name, None)
    subprocess.run(["git", "init", "-q"], check=True)
    return made


@pytest.fixture
def data(tmp_path):
    """The table, as a file beside the project."""
    path = tmp_path / "mine.csv"
    table().to_csv(path, index=False)
    return path


def code_of(task, module):
    """Return a module of a rendered package: the task's own, or that of several tasks."""
    names = [f"{module}.py", *(f"{{% if cookiecutter.task != '{one}' %}}{module}.py{{% endif %}}" for one in OTHERS)]
    paths = [TEMPLATE / "templates" / task / f"{module}.py", *(SOURCE / name for name in names)]
    found = next(path for path in paths if path.exists())
    return found.read_text("utf-8").replace("{{ cookiecutter.task }}", task)


@pytest.fixture
def whole(home, monkeypatch):
    """The home with all modules of a rendered package, so that it has a pipeline to try."""
    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    package = home.folder / "src" / home.package
    (package / "__init__.py").write_text(f'NAME = "{home.package}"\n__version__ = "0.1.0"\n', "utf-8")
    for module in MODULES:
        (package / f"{module}.py").write_text(code_of(home.task, module), "utf-8")
    yield home
    for name in [name for name in sys.modules if name.partition(".")[0] == home.package]:
        del sys.modules[name]
