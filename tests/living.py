"""A rendered service that is set up, trained and used, as people do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from trial import answered, free_port  # noqa: E402 pylint: disable=wrong-import-position  # tools/ is no package

HOME = Path.home()  # before the tests put an empty one in its place
# One package cache for every rendered environment, and not the one of the tests' empty home.
UV_CACHE = os.environ.get("UV_CACHE_DIR", str(HOME / ".cache" / "uv"))
TAIL = 6000  # characters of a failed command's output that are shown


@dataclass(frozen=True)
class Living:
    """A rendered project with an environment."""

    path: Path
    python: str  # the folder with the interpreter that `make setup` finds first
    said: str = ""  # while it was made

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of a person who has not activated .venv."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "MLFLOW", "COV"))}
        return {**kept, "PATH": f"{self.python}:{os.environ['PATH']}", "UV_CACHE_DIR": UV_CACHE}

    @property
    def active(self) -> dict[str, str]:
        """Return the environment after `source .venv/bin/activate`."""
        return {**self.env, "PATH": f"{self.path}/.venv/bin:{self.env['PATH']}"}

    def try_(self, command: str, **more: str) -> tuple[int, str]:
        """Run a command as typed with .venv active; return exit code and output."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.path,
            env={**self.active, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout

    def run(self, command: str, **more: str) -> str:
        """Run a command that must succeed; return its output."""
        code, output = self.try_(command, **more)
        assert code == 0, f"`{command}` exited with {code}:\n{output[-TAIL:]}"
        return output

    @contextmanager
    def background(self, command: str, path: str, **more: str) -> Iterator[str]:
        """Run a server with PORT in its command or environment until the block ends; yield its address."""
        port = free_port()
        environment = {**self.active, "SERVE_PORT": str(port), **more}
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command.replace('PORT', str(port))}"], cwd=self.path, env=environment
        )
        try:
            yield wait_for(f"http://127.0.0.1:{port}", path, process)
        finally:
            process.terminate()
            process.wait(timeout=30)

    @contextmanager
    def changed(self, name: str, old: str, new: str) -> Iterator[None]:
        """Replace a text in a file until the block ends."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}: this break breaks nothing"
        try:
            file.write_text(text.replace(old, new, 1), encoding="utf-8")
            yield
        finally:
            file.write_text(text, encoding="utf-8")

    @contextmanager
    def borrowed(self, store: Path) -> Iterator[None]:
        """Give everything but .venv back as it was; `store` is a folder that does not exist yet."""
        shutil.copytree(self.path, store, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
        try:
            yield
        finally:
            for each in self.path.iterdir():
                if each.is_dir() and each.name != ".venv":
                    shutil.rmtree(each)
                elif each.is_file():
                    each.unlink()
            shutil.copytree(store, self.path, symlinks=True, dirs_exist_ok=True)

    @contextmanager
    def other_packages(self, store: Path) -> Iterator[None]:
        """Give .venv back as it was; `store` is a folder on the same disk that does not exist yet."""
        shutil.copytree(self.path / ".venv", store, symlinks=True, copy_function=os.link)
        try:
            yield
        finally:
            shutil.rmtree(self.path / ".venv")
            store.rename(self.path / ".venv")


def wait_for(address: str, path: str, process: subprocess.Popen) -> str:
    """Return the address once it answers; fail where the process ends or 60 s have passed."""
    there = answered(address + path, lambda: process.poll() is None, seconds=60)
    assert process.poll() is None, f"the server exited with {process.returncode}"
    assert there, f"{address}{path} did not answer within 60 s"
    return address


def interpreter(version: str, folder: Path) -> str:
    """Make a folder in which `python3` is the version that is asked for; skip where there is none.

    A file on PATH proves nothing: pyenv's shims stand for versions that do not run.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", HOME / ".pyenv"))
    names = [shutil.which(f"python{version}"), *map(str, pyenv.glob(f"versions/{version}.*/bin/python3"))]
    for name in filter(None, names):
        if subprocess.run([name, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
            for alias in ("python3", f"python{version}"):
                (folder / alias).write_text(f'#!/bin/sh\nexec "{name}" "$@"\n', encoding="utf-8")
                (folder / alias).chmod(0o755)
            return str(folder)
    return pytest.skip(f"no Python {version} on this machine")
