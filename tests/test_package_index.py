"""One index for all installers: set-up, lock, image and update ask what is set for pip or uv, and no other host."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from local_index import bridge, closed_off, installed, pack, pin, served
from pages import has_engine
from trial import ROOT

from conftest import KIT_PYTEST

pytestmark = pytest.mark.slow

TOOL = ROOT / "{{cookiecutter.project_slug}}/tools/package_index.py"
# What people have set, where NNN is the index; each of them is one way to say the same.
WAYS = {
    "PIP_INDEX_URL": {"PIP_INDEX_URL": "NNN"},
    "pip.conf": {"home/.config/pip/pip.conf": "[global]\nindex-url = NNN\n"},
    "pip.conf for install": {"home/.config/pip/pip.conf": "[install]\nindex-url = NNN\n"},
    "UV_DEFAULT_INDEX": {"UV_DEFAULT_INDEX": "NNN"},
    "UV_INDEX_URL": {"UV_INDEX_URL": "NNN"},
    "named": {"UV_DEFAULT_INDEX": "team=NNN"},
    "uv's before pip's": {"UV_DEFAULT_INDEX": "NNN", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"},
    "uv.toml": {"home/.config/uv/uv.toml": '[[index]]\nname = "team"\nurl = "NNN"\ndefault = true\n'},
    "an extra index": {"PIP_INDEX_URL": "EMPTY", "PIP_EXTRA_INDEX_URL": "NNN"},
    "an extra index of uv's": {"UV_DEFAULT_INDEX": "EMPTY", "UV_INDEX": "NNN"},
    "a folder": {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "FOLDER"},
}
ELSEWHERE = {"PIP_USER": "1", "PIP_TARGET": "/nonexistent/target", "PIP_REQUIRE_VIRTUALENV": "1", "PIP_PREFIX": "/no"}
NEEDED = ("uv", "hatchling", "editables")  # to set a project up that needs nothing else
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"  # for which the wheels are
TINY = {
    "dev.in": "-r train.in\nhatchling\neditables\nuv\n",
    "train.in": "-r serve.in\npluggy\n",
    "serve.in": "pathspec\n",
}


def kit() -> Path:
    """Return where the packages are that services install."""
    (found,) = (KIT_PYTEST.parent.parent / "lib").glob("python*/site-packages")
    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    """Return a folder with the wheels that the set-up of a tiny project takes, and those of copier."""
    folder = tmp_path_factory.mktemp("wheels")
    for site, names in ((kit(), NEEDED), (Path(sysconfig.get_path("purelib")), ("copier",))):
        for each in installed(site, *names).values():
            pack(each, folder)
    return folder


@pytest.fixture(scope="module")
def index(wheels):
    """Serve those wheels."""
    with served(wheels) as server:
        yield server


@pytest.fixture(scope="module")
def proxy():
    """Let nothing out, and see who wants to."""
    with served(None) as server:
        yield server


def set_(way: dict[str, str], home: Path, address: str, folder: Path) -> dict[str, str]:
    """Write the files of a way to set the index; return its variables."""
    values = {"NNN": f"{address}/simple", "EMPTY": f"{address}/empty", "FOLDER": str(folder)}
    env = {}
    for name, text in way.items():
        for word, value in values.items():
            text = text.replace(word, value)
        if name.startswith("home/"):
            (home.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (home.parent / name).write_text(text, encoding="utf-8")
        else:
            env[name] = text
    return env


def run(folder: Path, env: dict[str, str], *command: str) -> str:
    """Run a command that must succeed; return what it says."""
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Tiny:
    """A project that needs a handful of packages, set up where every host but the index is closed."""

    folder: Path
    env: dict[str, str]

    def run(self, *command: str, **more: str) -> str:
        """Run a command in it; for make, the Python is this one."""
        chosen = [f"PYTHON={VERSION}"] if command[0] == "make" else []
        return run(self.folder, self.env | more, *command, *chosen)


@pytest.fixture(scope="module")
def tiny(render, index, proxy, wheels, tmp_path_factory) -> Tiny:
    """Set such a project up; pip.conf names the index, and the environment holds what breaks pip elsewhere."""
    home = tmp_path_factory.mktemp("user") / "home"
    folder = shutil.copytree(render(project_name="Behind a mirror").folder, home.parent / "project")
    (folder / ".python-version").write_text(VERSION, encoding="utf-8")
    for name, text in TINY.items():
        (folder / "requirements" / name).write_text(text, encoding="utf-8")
    names, pins = installed(kit(), *NEEDED), [pin(each) for each in sorted(wheels.glob("*.whl"))]
    few = [line for line in pins if line.partition("==")[0] in names]
    (folder / "requirements/dev.txt").write_text("".join(few), encoding="utf-8")
    env = closed_off(home, proxy, os.environ["PATH"]) | set_(WAYS["pip.conf"], home, index.address, wheels)
    project = Tiny(folder, env | ELSEWHERE)
    project.run("make", ".venv/.ready")
    return project


@pytest.mark.parametrize("way", WAYS)
def test_pip_and_uv_ask_what_is_set_and_no_other_host(way, index, proxy, wheels, tmp_path):
    home = tmp_path / "home"
    env = closed_off(home, proxy, os.environ["PATH"]) | set_(WAYS[way], home, index.address, wheels)
    for command in (("pip", "download", "--dest"), ("uv", "pip", "install", "--target")):
        got = tmp_path / command[0]
        words = ("-m", *command, str(got), "--quiet", "--no-deps", "pluggy")
        run(tmp_path, env, sys.executable, str(TOOL), sys.executable, *words)
        assert list(got.glob("pluggy*"))
    assert proxy.asked == []


def test_set_up_asks_that_index_alone(tiny, index, proxy):
    assert (tiny.folder / ".venv/bin/hatchling").exists() and not Path(ELSEWHERE["PIP_TARGET"]).exists()
    assert {"/simple/uv/", "/simple/hatchling/"} <= set(index.asked) and proxy.asked == []


def test_update_fetches_what_renders_from_that_index(tiny, index, proxy):
    assert "package_index.py" in tiny.run("make", "--dry-run", "update")
    renders = "from tools.rendering import copier, run; print(run(*copier(), '--version'))"
    assert "copier 9" in tiny.run(".venv/bin/python", "tools/package_index.py", ".venv/bin/python", "-c", renders)
    assert "/simple/copier/" in index.asked and proxy.asked == []


@pytest.fixture
def reachable(wheels):
    """Serve those wheels where a build of an image finds them, with a password."""
    if not has_engine():
        pytest.skip("no container engine answers")
    try:
        with served(wheels, bridge()) as server:
            yield server
    except OSError:
        pytest.skip("the engine's network is not this machine's")


@pytest.mark.docker
def test_the_image_is_built_from_that_index(tiny, reachable, wheels):
    (pluggy,) = wheels.glob("pluggy-*.whl")  # whose bytes no other index has
    for name in ("serve", "train"):
        (tiny.folder / f"requirements/{name}.txt").write_text(pin(pluggy), encoding="utf-8")
    for name in ("data/raw.csv", "models/current/manifest.json"):
        (tiny.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (tiny.folder / name).touch()
    secret = reachable.address.replace("//", "//somebody:hunter2@") + "/simple"
    host = reachable.address.partition("//")[2].partition(":")[0]
    given = {"PIP_INDEX_URL": secret, "PIP_TRUSTED_HOST": host, "PIP_CONFIG_FILE": os.devnull}
    image = "behind-a-mirror"
    try:
        tiny.run("make", "image", **given)
        tiny.run("docker", "run", "--rm", image, "python", "-c", "import pluggy")
        for name in (image, f"{image}-mlflow"):
            tiny.run(".venv/bin/python", "tools/package_index.py", "docker", "compose", "build", **given)
            assert "hunter2" not in tiny.run("docker", "history", "--no-trunc", name)
        arguments = [word for name in ("PIP_INDEX_URL", "PIP_TRUSTED_HOST") for word in ("--build-arg", name)]
        tiny.run("docker", "build", *arguments, "--tag", image, ".", **given)
    finally:
        subprocess.run(("docker", "image", "rm", "--force", image, f"{image}-mlflow"), capture_output=True, check=False)


def test_pytorch_comes_from_that_index_too(index, proxy, wheels, tmp_path):
    """Its own index has builds for each machine; it is asked where nothing is set."""
    home = tmp_path / "home"
    nothing = closed_off(home, proxy, os.environ["PATH"]) | {"PIP_CONFIG_FILE": os.devnull, "XDG_CONFIG_HOME": "/none"}
    given = nothing | set_(WAYS["UV_DEFAULT_INDEX"], home, index.address, wheels)
    builds = [run(tmp_path, env, sys.executable, str(TOOL), "--torch").strip() for env in (nothing, given)]
    assert builds == ["cpu", ""]


def test_lock_asks_that_index_alone(tiny, index, proxy):
    """The last of these tests, since new pins ask for a new environment."""
    tiny.run("make", "lock")
    pinned = (tiny.folder / "requirements/train.txt").read_text(encoding="utf-8")
    assert "pluggy==" in pinned and "--hash=sha256:" in pinned and index.address not in pinned
    assert "/simple/pathspec/" in index.asked and proxy.asked == []
