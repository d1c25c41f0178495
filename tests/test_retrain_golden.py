"""kit/RETRAIN has a new line where the library makes other models of the same rows than the last release did.

Both train on this machine, with the same interpreter and the same packages, so no hash is stored.
"""

import hashlib
import shutil
from pathlib import Path

import pytest
from living import Living
from updates import TREE, clone_with_versions, make_project

from conftest import ROOT, git
from documents import TASKS

RETRAIN = "kit/RETRAIN"
# PyTorch is not in the shared environment; compare_with.py of tools/ compares the task image.
TRAINED = [task for task in TASKS if task != "image"]
# One process instead of three: most of the time goes into imports.
TRAIN = "from customer_churn import sample, data, train; sample.main(); data.main(); train.main()"


def lines(text: str) -> list[str]:
    """Return the lines of RETRAIN that are no comment."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def complaint(changed: list[str], before: str, now: str) -> str:
    """Return what to do about models that changed, or ""."""
    if not changed or len(lines(now)) > len(lines(before)):
        return ""
    return f"other models of the same rows ({', '.join(changed)}): say so in a line of {RETRAIN}, or undo the change"


@pytest.fixture(scope="module")
def newest(template_folder, tmp_path_factory) -> tuple[Path, str]:
    """Return a clone with tags, and the newest of them that is a release."""
    folder = clone_with_versions(tmp_path_factory.mktemp("golden") / "template", template_folder)
    return folder, git(folder, "describe", "--tags", "--abbrev=0", "HEAD~1").strip()


def train(living, project: Path, path: str, store: Path) -> dict[str, str]:
    """Train on the sample in an empty folder with the modules on `path`; return the hash of each model."""
    store.mkdir()
    shutil.copy(project / "params.yaml", store)
    tracking = f"sqlite:///{store}/mlflow.db"
    steady = {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}  # skl2onnx lists the ONNX domains in a set's order
    Living(store, f"{living.path}/.venv/bin:{living.python}").run(
        f'python -c "{TRAIN}"', PYTHONPATH=path, MLFLOW_TRACKING_URI=tracking, **steady
    )
    models = sorted(store.glob("models/*/model.onnx"))
    return {path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in models}


@pytest.mark.slow
@pytest.mark.parametrize("task", TRAINED)
def test_a_change_of_models_is_written_into_retrain(task, newest, render, living, tmp_path):
    clone, version = newest
    names = {"task": task, "package_name": "customer_churn", "project_slug": "golden"}
    old = make_project("cookiecutter", clone, version, tmp_path / "old", **names).folder
    before = train(living, old, f"{old}/src:{old}/kit", tmp_path / "before")
    # A release that has the library: the same src/ with another library, as after `make update`.
    new = old if (old / "kit").is_dir() else render("cookiecutter", **names).folder
    now = train(living, new, f"{new}/src:{ROOT / TREE / 'kit'}", tmp_path / "now")
    assert {"baseline", "candidate"} <= set(before) == set(now)
    changed = [f"{task}: {name}" for name in before if before[name] != now[name]]
    had = (old / RETRAIN).read_text(encoding="utf-8") if (old / RETRAIN).is_file() else ""
    assert complaint(changed, had, (ROOT / TREE / RETRAIN).read_text(encoding="utf-8")) == ""


def test_other_models_need_a_line_more():
    head = "# why\n# how\n"
    assert complaint([], head, head) == ""
    assert complaint(["text: candidate"], head, head).startswith("other models of the same rows (text: candidate)")
    assert complaint(["text: candidate"], head, f"{head}# a comment more\n") != ""
    assert complaint(["text: candidate"], head, f"{head}0.8.0: thresholds are rounded up\n") == ""
    assert complaint(["text: candidate"], f"{head}0.8.0: a\n", f"{head}0.8.0: a\n") != ""


def test_the_file_says_what_a_line_holds():
    text = (ROOT / TREE / RETRAIN).read_text(encoding="utf-8")
    assert text.startswith("# ") and lines(text) == [line for line in lines(text) if line[0].isdigit()]
