"""`make adopt` as a whole: what it writes, and that a refusal changes nothing."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from {{ cookiecutter.package_name }}.adopt import __main__ as adopt
from {{ cookiecutter.package_name }}.adopt import recipe, task
from {{ cookiecutter.package_name }}.errors import UserError

KNOBS = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf")
ROOT = Path(__file__).parents[2]
PARTS = ("src", "docs", "tests", "notebooks", ".dvc")
FILES = ("README.md", "params.yaml", "dvc.yaml", "data/raw.csv.dvc")
TARGETS = {"classification": "left", "text": "left"}
TARGET = TARGETS.get(task.TASK, "amount")
WORDS = {"forecasting": ("--time", "day", "--group", "shop")}.get(task.TASK, ())

if task.TASK == "image":
    pytest.skip("pictures are packed, not adopted", allow_module_level=True)


def table(rows=600):
    """A table with a little of everything, and a signal for every target."""
    rng = np.random.default_rng(3)
    shops = rows // 300
    days = pd.date_range("2025-01-01", periods=rows // shops)
    wish = rng.choice(["refund my money please", "where is my parcel now"], rows)
    mood = rng.normal(size=rows)
    left = (mood + (wish == "refund my money please") + rng.normal(0, 0.4, rows)) > 0.5
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 5000,
            "day": np.repeat(days.astype(str), shops),
            "shop": [f"shop {at % shops}" for at in range(rows)],
            "Mood ($)": mood.round(3),
            "class": rng.choice(["low", "medium", "high"], rows),
            "wish": [f"{text} {at % 97} times" for at, text in enumerate(wish)],
            "secret": [f"person{at}@private.test" for at in range(rows)],
            "left": np.where(left, "yes", "no"),
            "amount": (50 + 20 * mood + 9 * (np.arange(rows) // shops % 7)).clip(1),
        }
    ).round(2)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A copy of the project's own files, as the current folder, and in git."""
    folder = tmp_path / "home"
    litter = shutil.ignore_patterns("__pycache__", "_build", "api", "*.egg-info")
    for part in PARTS:
        ignore = litter if part == "docs" else shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    (folder / "data").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    monkeypatch.chdir(folder)
    subprocess.run(["git", "init", "-q"], check=True)
    return folder


@pytest.fixture
def data(tmp_path):
    """The table, as a file beside the project."""
    path = tmp_path / "mine.csv"
    table().to_csv(path, index=False)
    return path


def contents(folder):
    """Return what each file holds, but git's and DVC's own."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    kept = (path for path in files if ".git" not in path.parts)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in kept
        if ".dvc" not in path.parts
    }


def test_the_service_is_about_the_table_and_holds_none_of_its_rows(home, data, call):
    knobs = home / "params.yaml"
    ours = re.sub("p99_ms: .*", "p99_ms: 7.5 # ours", knobs.read_text("utf-8"))
    knobs.write_text(ours, "utf-8")
    before = contents(home)
    assert call(adopt.main, data, TARGET, "--yes", *WORDS) == 0
    after = contents(home)
    assert b"\n  p99_ms: 7.5 # ours\n" in after["params.yaml"]
    changed = {name for name in after if after[name] != before.get(name)}
    package = Path(adopt.__file__).parents[1].name
    assert {
        f"src/{package}/schema.py",
        f"src/{package}/sample.py",
        "params.yaml",
        "README.md",
        "docs/design-doc.md",
        "data/raw.csv",
        "data/raw.csv.dvc",
    } <= changed
    raw = pd.read_csv(home / "data/raw.csv")
    assert TARGET in raw.columns and len(raw) == 600
    pointer = yaml.safe_load((home / "data/raw.csv.dvc").read_text(encoding="utf-8"))
    assert pointer["outs"][0]["md5"] == hashlib.md5(after["data/raw.csv"]).hexdigest()
    kept = b"".join(after[name] for name in changed - {"data/raw.csv"})
    assert b"@private.test" not in kept and b"97 times" not in kept
    compile(after[f"src/{package}/schema.py"], "schema.py", "exec")


def test_twice_gives_the_same_files_and_an_edit_is_not_lost(
    home, data, call, monkeypatch
):
    monkeypatch.setattr(adopt, "give_to_dvc", lambda: None)  # 2 s each time
    quick = SimpleNamespace(choose=lambda *_: dict.fromkeys(KNOBS, 20))
    monkeypatch.setattr(recipe, "knobs", quick, raising=False)  # not in every task
    words = (data, TARGET, "--yes", *WORDS)
    call(adopt.main, *words)
    once = contents(home)
    call(adopt.main, *words)
    assert contents(home) == once
    sample = home / "src" / Path(adopt.__file__).parents[1].name / "sample.py"
    sample.write_text(sample.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"sample\.py.*OVERWRITE"):
        call(adopt.main, *words)
    assert sample.read_text(encoding="utf-8").endswith("# mine\n")
    call(adopt.main, *words, "--overwrite")
    assert contents(home) == once


@pytest.mark.parametrize("answer", ["n", "", "what?"])
def test_nothing_is_written_unasked(answer, home, data, call, monkeypatch):
    before = contents(home)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    with pytest.raises(UserError, match="nothing was changed"):
        call(adopt.main, data, TARGET, *WORDS)
    assert contents(home) == before


def csv(frame):
    return frame.to_csv(index=False).encode()


REFUSED = {
    "nothing in it": (b"", "empty"),
    "a header alone": (csv(table().head(0)), "no rows|header"),
    "one row": (csv(table().head(1)), "row"),
    "no such target": (csv(table().rename(columns={TARGET: TARGET + "_"})), TARGET),
    "a target that is missing": (csv(table().assign(**{TARGET: None})), TARGET),
    "a target that never changes": (csv(table().assign(**{TARGET: 1})), TARGET),
    "two columns of one name": (
        csv(table()).replace(b"class", b"shop", 1),
        "shop",
    ),
    "a column without a name": (csv(table()).replace(b"class", b"", 1), "name"),
    "a ragged row": (csv(table()) + b"1,2,3\n", "fields"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "."),
    "too many columns": (csv(pd.DataFrame(np.eye(5000)[:2])), "2,000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_adopted_is_refused_and_changes_nothing(
    name, home, tmp_path, call
):
    content, said = REFUSED[name]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    before = contents(home)
    with pytest.raises(UserError, match=said):
        call(adopt.main, path, TARGET, "--yes", *WORDS)
    assert contents(home) == before


@pytest.mark.usefixtures("home")
def test_a_file_that_is_not_there_is_named(call):
    with pytest.raises(UserError, match=r"nowhere\.csv"):
        call(adopt.main, "nowhere.csv", TARGET, "--yes", *WORDS)


def test_outside_a_project_it_says_so(data, call):
    with pytest.raises(UserError, match="project's folder"):
        call(adopt.main, data, TARGET, "--yes", *WORDS)
