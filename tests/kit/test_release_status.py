"""`python -m mlservice` prints the version, and which files differ from the release."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlservice
import pytest

VERSION = mlservice.__version__


@pytest.fixture
def kit(tmp_path) -> Path:
    """Return a copy of the library in a project, as a release lists it."""
    source = Path(mlservice.__file__).parent
    shutil.copytree(source, tmp_path / "kit/mlservice", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "kit/pyproject.toml").write_text("", encoding="utf-8")
    list_files(tmp_path / "kit", VERSION)
    return tmp_path / "kit"


def list_files(kit: Path, version: str) -> None:
    """Write the list of a release."""
    files = [path for path in sorted(kit.glob("mlservice/**/*")) if path.is_file()]
    digests = [(hashlib.sha256(each.read_bytes()).hexdigest(), each.relative_to(kit / "mlservice")) for each in files]
    lines = [f"{digest}  {name.as_posix()}" for digest, name in digests]
    text = "\n".join(["# written by a release", f"version {version}", *lines])
    (kit / "RELEASED").write_text(f"{text}\n", encoding="utf-8")


def status(kit: Path, *words: str) -> str:
    """Return what the command prints, without site-packages: it needs none of them."""
    command = (sys.executable, "-S", "-m", "mlservice", *words)
    env = {**os.environ, "PYTHONPATH": str(kit)}
    return subprocess.run(command, cwd=kit.parent, env=env, capture_output=True, text=True, check=True).stdout


def test_an_unchanged_library_is_as_released(kit):
    assert status(kit) == f"mlservice {VERSION}, as released\n"
    assert status(kit) == f"mlservice {VERSION}, as released\n"  # bytecode has been written by now


def test_a_changed_a_removed_and_a_new_file_are_listed(kit):
    with (kit / "mlservice/serving/limits.py").open("a", encoding="utf-8") as limits:
        limits.write("# ours\n")
    (kit / "mlservice/adopt/templates/table/test_sample.txt").unlink()
    (kit / "mlservice/batch/ours.py").write_text("", encoding="utf-8")
    (kit / "mlservice/batch/notes.txt").write_text("no module", encoding="utf-8")
    changed = "adopt/templates/table/test_sample.txt, batch/ours.py, serving/limits.py"
    assert status(kit) == f"mlservice {VERSION}, changed here: {changed}\n"


@pytest.mark.parametrize("listed", ["another version", "no version", "no list"])
def test_a_version_that_is_not_listed_is_not_released(kit, listed):
    if listed == "another version":
        list_files(kit, "0.0.1")
    elif listed == "no version":
        (kit / "RELEASED").write_text("# nothing yet\n", encoding="utf-8")
    else:
        (kit / "RELEASED").unlink()
    assert status(kit) == f"mlservice {VERSION}, not released\n"


def test_an_installed_package_has_no_list(kit):
    (kit / "pyproject.toml").unlink()
    assert status(kit) == f"mlservice {VERSION}, installed as a package\n"


def test_a_project_that_does_not_use_it_is_shown_the_page(kit):
    source = kit.parent / "src/churn"
    source.mkdir(parents=True)
    (source / "serve.py").write_text('"""Not mlservice."""\nimport fastapi\n', encoding="utf-8")
    first, second = status(kit, "src").splitlines()
    assert first == f"mlservice {VERSION}, as released"
    assert second.startswith("src/ does not use it yet: docs/how-to/move-to-the-library.md of the template")
    (source / "service.py").write_text("from mlservice.service import Service\n", encoding="utf-8")
    assert status(kit, "src") == f"mlservice {VERSION}, as released\n"
