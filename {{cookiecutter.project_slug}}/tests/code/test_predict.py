"""Predictions for a file: whole and right, or one line and no file."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from {{ cookiecutter.package_name }} import predict
from {{ cookiecutter.package_name }}.errors import UserError, run
from {{ cookiecutter.package_name }}.features import encode
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    decide,
    tabulate,
)
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

COLUMN = next(iter(EXAMPLE))
WRONG = EXAMPLE | {COLUMN: {"no": "such value"}}
ROWS = [Instance.model_validate(EXAMPLE)] * 25


@pytest.fixture
def on_model(project, call):
    """Run the command with the project's model."""
    return lambda *words: call(
        predict.main, *words, "--model-dir", project / "models/current"
    )


def write(path, *rows):
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def failing(main, *words):
    """Run a command as a shell does and return its one line on stderr."""
    with pytest.raises(SystemExit) as ended:
        run(lambda: main(*words))
    assert "\n" not in ended.value.code
    return ended.value.code


def flat(prediction):
    """Return a prediction's fields as the columns of a file have them."""
    found = {}
    for name, value in prediction.model_dump().items():
        if isinstance(value, dict):
            outer = name.replace("probabilities", "probability")
            found |= {f"{outer}_{inner}": each for inner, each in value.items()}
        else:
            found[name] = value
    return found


@pytest.mark.parametrize("decision", ["the default", "the model's"])
def test_columns_hold_what_single_predictions_say(decision, predictor):
    manifest = predictor.model.manifest
    rule = manifest.decision if decision == "the model's" else Decision()
    rng = np.random.default_rng(0)
    usual = predictor.score(encode(ROWS[:1]))
    scores = rng.dirichlet(np.ones(usual.shape[1]), 25 * len(usual)).astype(np.float32)
    scores[: len(usual)] = usual
    scores[len(usual) :: 2] = scores[len(usual) :: 2].round(1)  # equal ones, 0 and 1
    columns = tabulate(ROWS, scores, rule)
    rows = [flat(prediction) for prediction in decide(ROWS, scores, rule)]
    assert [*columns] == [*rows[0]]
    assert pa.table(columns).to_pylist() == rows


def test_each_row_gets_its_prediction(on_model, tmp_path, predictor):
    source = write(tmp_path / "in.jsonl", *[EXAMPLE] * 25)
    assert on_model(source, tmp_path / "out.parquet") == 0
    expected = [
        {"row": number} | flat(each) | {"model_version": predictor.version}
        for number, each in enumerate(predictor.predict(ROWS), start=1)
    ]
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.to_pylist() == expected
    assert found.schema.metadata[b"model_version"].decode() == predictor.version


def test_a_csv_holds_the_same_columns(on_model, tmp_path):
    source = write(tmp_path / "in.jsonl", *[EXAMPLE] * 3)
    on_model(source, tmp_path / "out.parquet")
    on_model(source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [line["row"] for line in written] == ["1", "2", "3"]
    assert [*written[0]] == parquet.read_schema(tmp_path / "out.parquet").names


def test_a_table_is_read_as_its_lines_would_be(on_model, tmp_path):
    on_model(write(tmp_path / "in.jsonl", *[EXAMPLE] * 3), tmp_path / "lines.parquet")
    rows = pa.Table.from_pylist([EXAMPLE | {"ignored": 1}] * 3)
    parquet.write_table(rows, tmp_path / "in.parquet")
    on_model(tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = (tmp_path / "out.parquet").read_bytes()
    assert written == (tmp_path / "lines.parquet").read_bytes()


def test_a_column_may_stand_for_the_rows_numbers(on_model, tmp_path):
    keys = ["a", "b", None]
    rows = pa.Table.from_pylist([EXAMPLE] * 3).append_column("key", pa.array(keys))
    parquet.write_table(rows, tmp_path / "in.parquet")
    on_model(tmp_path / "in.parquet", tmp_path / "out.parquet", "--id", "key")
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found["key"].to_pylist() == keys and "row" not in found.column_names


def test_a_key_that_cannot_be_copied_is_refused(on_model, tmp_path):
    parquet.write_table(pa.Table.from_pylist([EXAMPLE]), tmp_path / "in.parquet")
    words = tmp_path / "in.parquet", tmp_path / "out.parquet", "--id"
    assert "missing columns: key" in failing(on_model, *words, "key")
    name = pa.table({"model_version": ["mine"]})
    rows = pa.Table.from_pylist([EXAMPLE]).append_column("model_version", name[0])
    parquet.write_table(rows, tmp_path / "in.parquet")
    line = failing(on_model, *words, "model_version")
    assert "the predictions have a column of that name" in line
    words = write(tmp_path / "in.jsonl", EXAMPLE), tmp_path / "out.parquet", "--id"
    assert "lines of JSON hold features alone" in failing(on_model, *words, "key")


def test_no_rows_give_a_table_without_rows(on_model, tmp_path):
    source = write(tmp_path / "in.jsonl", EXAMPLE)
    on_model(source, tmp_path / "one.parquet")
    source.write_text("")
    assert on_model(source, tmp_path / "none.parquet") == 0
    one, none = (parquet.read_table(tmp_path / f"{n}.parquet") for n in ("one", "none"))
    assert len(none) == 0 and none.schema == one.schema


def test_a_bad_row_is_named_and_nothing_is_left(on_model, tmp_path):
    source = write(tmp_path / "in.jsonl", EXAMPLE, WRONG)
    line = failing(on_model, source, tmp_path / "out.csv")
    assert f"in.jsonl: row 2, {COLUMN}" in line
    assert os.listdir(tmp_path) == ["in.jsonl"]


def test_a_bad_row_leaves_an_earlier_result_alone(on_model, tmp_path):
    (tmp_path / "out.csv").write_text("earlier")
    source = write(tmp_path / "in.jsonl", WRONG)
    failing(on_model, source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "earlier"


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[]", b"7"])
def test_a_line_that_is_no_row_is_named(text, on_model, tmp_path):
    (tmp_path / "in.jsonl").write_bytes(json.dumps(EXAMPLE).encode() + b"\n" + text)
    out = tmp_path / "out.csv"
    if text:
        line = failing(on_model, tmp_path / "in.jsonl", out)
        assert "in.jsonl: row 2, " in line and not out.exists()
    else:
        assert on_model(tmp_path / "in.jsonl", out) == 0


def test_what_cannot_be_read_or_written_is_one_line(on_model, tmp_path):
    good = write(tmp_path / "in.jsonl", EXAMPLE)
    cases = {
        ("no.csv", "out.csv"): f"{tmp_path}/no.csv: No such file or directory",
        ("in.txt", "out.csv"): "give a file that ends in .parquet, .csv, .csv.gz or",
        ("in.jsonl", "out.txt"): "give a target that ends in .parquet or .csv",
        ("in.jsonl", "no/out.csv"): f"{tmp_path}/no does not exist: make that folder",
        ("folder.csv", "out.csv"): f"{tmp_path}/folder.csv: Is a directory",
        ("in.jsonl", "folder.csv"): "folder.csv is a folder: name a file",
        ("in.parquet", "out.csv"): "in.parquet is not a whole Parquet file: ",
        ("in.csv.gz", "out.csv"): "in.csv.gz is cut off or damaged: ",
        ("same.csv", "same.csv"): "same.csv would be overwritten: name another target",
    }
    (tmp_path / "folder.csv").mkdir()
    for name in ("in.parquet", "in.csv.gz", "same.csv"):
        (tmp_path / name).write_text("PAR1 and no more")
    before = sorted(tmp_path.iterdir())
    for (source, target), text in cases.items():
        assert text in failing(on_model, tmp_path / source, tmp_path / target)
        assert sorted(tmp_path.iterdir()) == before
    assert on_model(good, tmp_path / "out.csv") == 0


def test_a_parquet_file_that_is_cut_off_is_one_line(on_model, tmp_path):
    parquet.write_table(pa.Table.from_pylist([EXAMPLE] * 3), tmp_path / "in.parquet")
    whole = (tmp_path / "in.parquet").read_bytes()
    (tmp_path / "in.parquet").write_bytes(whole[: len(whole) // 2])
    line = failing(on_model, tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert "in.parquet is not a whole Parquet file" in line
    assert os.listdir(tmp_path) == ["in.parquet"]


def test_without_a_model_it_says_what_to_do(call, tmp_path):
    with pytest.raises(UserError, match="no model in models/current.*make pipeline"):
        call(predict.main, tmp_path / "in.csv", tmp_path / "out.csv")


def test_without_pyarrow_it_says_what_to_install(on_model, monkeypatch):
    for name in ("batch", "pieces", "rows", "cells", "columnar"):
        monkeypatch.delitem(sys.modules, f"{predict.__package__}.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    line = failing(on_model, "in.csv", "out.csv")
    assert "files need pyarrow" in line and "requirements/train.txt" in line


def test_serving_imports_nothing_that_only_training_and_files_need():
    code = f"import sys, {predict.__package__}.serve; print(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(Path(predict.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, check=True
    )
    never = {"pyarrow", "pandas", "sklearn", "mlflow", "dvc", "tqdm"}
    assert not never & {*done.stdout.decode().split()}


def test_a_score_that_is_no_number_is_never_passed_on(predictor, monkeypatch):
    broken = SimpleNamespace(run=lambda matrix: np.full((len(matrix), 2), np.nan))
    model = SimpleNamespace(scorer=broken, manifest=predictor.model.manifest)
    monkeypatch.setattr(predictor, "model", model)
    with pytest.raises(ArithmeticError):
        predictor.predict([Instance.model_validate(EXAMPLE)])
