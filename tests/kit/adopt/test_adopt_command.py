"""`make adopt` as a whole: what it writes, for the task that SERVICE names."""

import hashlib
import re

import pandas as pd
import pytest
import yaml
from adopt_helpers import contents, each_task

from mlservice.adopt import __main__ as adopt
from mlservice.adopt.tasks.table import hyperparameters
from mlservice.adopt.writers import refusal
from mlservice.errors import UserError

SIZE = dict.fromkeys(hyperparameters.NAMES, 20)


@each_task
def test_the_service_is_about_the_table_and_holds_none_of_its_rows(home, data, call):
    params = home.folder / "params.yaml"
    ours = re.sub("p99_ms: .*", "p99_ms: 7.5 # ours", params.read_text("utf-8"))
    params.write_text(ours, "utf-8")
    before = contents(home.folder)
    assert call(adopt.main, data, *home.words) == 0
    after = contents(home.folder)
    assert b"\n  p99_ms: 7.5 # ours\n" in after["params.yaml"]
    changed = {name for name in after if after[name] != before.get(name)}
    package = f"src/{home.package}"
    assert {
        f"{package}/schema.py",
        f"{package}/sample.py",
        "params.yaml",
        "README.md",
        "docs/design-doc.md",
        "data/raw.csv",
        "data/raw.csv.dvc",
    } <= changed
    raw = pd.read_csv(home.folder / "data/raw.csv")
    assert home.target in raw.columns and len(raw) == 600
    pointer = yaml.safe_load((home.folder / "data/raw.csv.dvc").read_text(encoding="utf-8"))
    assert pointer["outs"][0]["md5"] == hashlib.md5(after["data/raw.csv"]).hexdigest()
    kept = b"".join(after[name] for name in changed - {"data/raw.csv"})
    assert b"@private.test" not in kept and b"97 times" not in kept
    compile(after[f"{package}/schema.py"], "schema.py", "exec")
    assert yaml.safe_load(after["params.yaml"])["gate"]["on_refusal"] == "ship_baseline"


@pytest.mark.parametrize("before", ["", "  on_refusal: fail # ours\n"], ids=["none", "another"])
def test_a_refused_candidate_ends_with_the_baseline_served(before):
    text = refusal.ship_baseline(f"gate:\n  slices: [a, b] # ours\n{before}\nbudget:\n  users: 3\n")
    gate = {"slices": ["a", "b"], "on_refusal": "ship_baseline"}
    assert yaml.safe_load(text) == {"gate": gate, "budget": {"users": 3}} and "[a, b] # ours\n" in text


@each_task
def test_twice_gives_the_same_files_and_an_edit_is_not_lost(home, data, call, monkeypatch):
    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)  # 2 s each time
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    call(adopt.main, data, *home.words)
    once = contents(home.folder)
    call(adopt.main, data, *home.words)
    assert contents(home.folder) == once
    sample = home.folder / "src" / home.package / "sample.py"
    sample.write_text(sample.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"sample\.py.*OVERWRITE"):
        call(adopt.main, data, *home.words)
    assert sample.read_text(encoding="utf-8").endswith("# mine\n")
    call(adopt.main, data, *home.words, "--overwrite")
    assert contents(home.folder) == once


@each_task
@pytest.mark.parametrize("answer", ["n", "", "what?"])
def test_nothing_is_written_unasked(answer, home, data, call, monkeypatch):
    before = contents(home.folder)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    with pytest.raises(UserError, match="nothing was changed"):
        call(adopt.main, data, *(word for word in home.words if word != "--yes"))
    assert contents(home.folder) == before


def test_an_evaluate_py_that_knows_no_such_parameter_gets_none(home, data, call, monkeypatch):
    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    (home.folder / "src" / home.package / "evaluate.py").write_text("return 1\n", encoding="utf-8")
    call(adopt.main, data, *home.words)
    assert "on_refusal" not in yaml.safe_load((home.folder / "params.yaml").read_text(encoding="utf-8"))["gate"]


def test_a_model_of_the_old_schema_is_removed(home, data, call, monkeypatch):
    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    model = home.folder / "models" / "current"
    model.mkdir(parents=True)
    call(adopt.main, data, *home.words)
    assert not model.exists()
    model.mkdir()
    call(adopt.main, data, *home.words)  # the schema is the same
    assert model.exists()


def test_what_people_wrote_of_a_column_stays_the_next_time(home, data, call, monkeypatch):
    monkeypatch.setattr(adopt, "add_to_dvc", lambda: None)
    monkeypatch.setattr(hyperparameters, "choose", lambda *_: SIZE)
    path = home.folder / "src" / home.package / "schema.py"
    frame = pd.read_csv(data).rename(columns={"Mood ($)": "charge"})
    frame.to_csv(data, index=False)
    call(adopt.main, data, *home.words)
    assert '"Charge (to be described)"' in path.read_text(encoding="utf-8")
    call(adopt.main, data, *home.words)  # SERVICE describes a column of this name
    text = path.read_text(encoding="utf-8")
    assert '"Price of the plan"' in text and 'unit="EUR"' in text and "Charge (to be" not in text
