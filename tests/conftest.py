"""What every test of the template needs, named so that a test reads like English.

`render("copier", ci="gitlab").read("Makefile")` renders as a user would: through the engine's own command line, from a
clean copy of the template, in a home folder that holds no configuration and no git identity.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from living import Living, interpreter
from pages import clone_of, commands, run_page
from xdist.scheduler import LoadScopeScheduling

import trial  # in tools/, where living looks

pytest_plugins = ["teams"]
ROOT = trial.ROOT
ENGINES = ("cookiecutter", "copier")
SHARING = (
    "test_benchmarks_run",
    "test_break",
    "test_commands",
    "test_containers",
    "test_delete_parts",
    "test_dvc_conflict",
    "test_environment",
    "test_delivery",
    "test_life",
    "test_retrain_golden",
    "test_supply_chain",
    "test_wheel",
)  # the fixture `living`
CHECKING = "docs/how-to/check-while-rendering.md"  # whose command makes the fixture `living`
TOOLS = Path(sys.executable).parent  # the engines are installed beside the Python that runs the tests
KIT_PYTEST = ROOT / "build/kit-env/bin/pytest"  # of the environment that `make test-kit` makes


@dataclass(frozen=True)
class Project:
    """A rendered project."""

    folder: Path
    output: str  # what the engine said

    def has_file(self, name: str) -> bool:
        """Tell whether there is such a file; a folder is none."""
        return (self.folder / name).is_file()

    def read(self, name: str) -> str:
        """Return a file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def files(self) -> list[str]:
        """Return the names of all files but git's own, sorted."""
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in paths if path.parts[0] != ".git")

    def contents(self) -> dict[str, bytes]:
        """Return what each file holds."""
        return {name: (self.folder / name).read_bytes() for name in self.files()}

    def run(self, *command: str, **options) -> subprocess.CompletedProcess:
        """Run a command in the project; fail the test where the command fails."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}"
        return done


class ByService(LoadScopeScheduling):  # pylint: disable=abstract-method # as xdist's own heirs
    """Give what shares one service, or the container engine, to one of the processes that `make test` starts.

    xdist's own groups do nothing under pytest 9.2: it marks them in a name that pytest no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        """Return the same text for tests that belong together."""
        stem, parameter = Path(nodeid.partition("::")[0]).stem, nodeid.rpartition("[")[2].rstrip("]")
        if stem in SHARING or (stem == "test_matrix" and parameter[:1] == "3"):  # a Python's pins
            return "living"
        if stem in ("test_conventions", "test_package_index"):  # one environment each
            return stem
        if stem.startswith("test_update"):  # share a template with versions
            return stem
        return f"{stem} {parameter}" if stem in ("test_adopt", "test_matrix") else nodeid


def pytest_xdist_make_scheduler(config, log):
    """Deal out the tests by service."""
    return ByService(config, log)


def command_line(engine: str, template: Path, output: Path, answers: dict[str, str]) -> list[str]:
    """Return what a user types to render `template` into `output` without being asked; Copier's folder is `made`."""
    pairs = [f"{question}={answer}" for question, answer in answers.items()]
    if engine == "cookiecutter":
        return [str(TOOLS / engine), str(template), "--no-input", "--output-dir", str(output), *pairs]
    data = [word for pair in pairs for word in ("--data", pair)]
    return [str(TOOLS / engine), "copy", "--defaults", "--vcs-ref", "HEAD", *data, str(template), str(output / "made")]


def git(folder: Path, *words: str) -> str:
    """Run git as someone with a name, and return what it prints."""
    someone = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = subprocess.run(("git", *someone, *words), cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="session", autouse=True)
def clean_home(tmp_path_factory):
    """Let no configuration of this machine's user reach git or an engine."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "COOKIECUTTER_CONFIG", "COPIER_SETTINGS_PATH"):
            patch.delenv(name, raising=False)
        yield home


@pytest.fixture(scope="session")
def template_folder(tmp_path_factory) -> Path:
    """Return a clean copy of the template outside git: the engines read it as it is."""
    return trial.copy_template(tmp_path_factory.mktemp("plain") / "cookiecutter-ml-service")


@pytest.fixture(scope="session")
def template(tmp_path_factory, template_folder) -> Path:
    """Return a clean copy of the template that is a git repository of one commit."""
    copy = tmp_path_factory.mktemp("template") / "cookiecutter-ml-service"
    shutil.copytree(template_folder, copy)
    git(copy, "init", "-q", "-b", "main")
    git(copy, "add", "-Af")
    git(copy, "commit", "-qm", "The template")
    return copy


@pytest.fixture(scope="session")
def render(template, tmp_path_factory):
    """Return a function that renders a project once per engine and answers."""
    made: dict[str, Project] = {}

    def render_once(engine: str = "cookiecutter", **answers: str) -> Project:
        key = json.dumps([engine, answers], sort_keys=True)
        if key not in made:
            output = tmp_path_factory.mktemp(engine)
            command = command_line(engine, template, output, answers)
            done = subprocess.run(command, cwd=output, capture_output=True, text=True, check=False, env=os.environ)
            assert done.returncode == 0, done.stdout + done.stderr
            made[key] = Project(next(output.iterdir()), done.stdout + done.stderr)
        return made[key]

    return render_once


@pytest.fixture
def output(tmp_path) -> Path:
    """Return an empty output folder with nothing beside it."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def no_git(tmp_path_factory, monkeypatch):
    """Hide git, which plays no part in what is rendered but takes most of the time."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("nothing")))


@pytest.fixture(scope="session")
def living(template, tmp_path_factory):
    """Return the default service, set up and green: made as a page says that checks it with `make ci`."""
    clone = clone_of(template, tmp_path_factory.mktemp("living"))
    python = interpreter("3.12", tmp_path_factory.mktemp("python"))
    page = (ROOT / CHECKING).read_text(encoding="utf-8")
    code, said = run_page(commands(page), clone, tools=f"{python}:{TOOLS}")
    assert code == 0, said[-6000:]
    return Living(clone.parent / "customer-churn", python, said)
