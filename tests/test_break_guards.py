"""Every guard of the library has a test of the library that turns red without it: in a copy, nothing is rendered."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from conftest import KIT_PYTEST, ROOT
from documents import TREE

pytestmark = pytest.mark.slow

TABLE = yaml.safe_load(Path(__file__).with_name("guards.yaml").read_text(encoding="utf-8"))
GUARDS = {name: guard for group in TABLE.values() for name, guard in group.items()}
LITTER = ("__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    """Copy the library and its tests, as they lie to each other."""
    folder = tmp_path_factory.mktemp("library")
    for name in ("tests/kit", f"{TREE.name}/kit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LITTER))
    return folder


@contextmanager
def changed(file: Path, old: str, new: str) -> Iterator[None]:
    """Replace a text in a file until the block ends."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} no longer holds {old!r}: this breaks nothing"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")


def run_tests(folder: Path, tests: str) -> subprocess.CompletedProcess:
    """Run tests of the library; they read no bytecode, which a second change in one second would not renew."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    command = (KIT_PYTEST, "-x", "-q", "-p", "no:cacheprovider", *shlex.split(tests))
    return subprocess.run(
        command,
        cwd=folder / "tests/kit",
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # two thirds of its start
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_a_test_turns_red(copied, name):
    module, old, new, tests = GUARDS[name]
    with changed(copied / TREE.name / "kit/mlservice" / module, old, new):
        done = run_tests(copied, tests)
    said = done.stdout + done.stderr
    assert done.returncode == 1, f"{tests} did not fail:\n{said[-2000:]}"  # 1: a test failed; 5: there is no such test
    assert "1 failed" in said, said[-2000:]  # and no fixture alone
