"""Predictions for a file: whole and right."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from {{ cookiecutter.package_name }} import batch, predict
from {{ cookiecutter.package_name }}.features import encode
from {{ cookiecutter.package_name }}.prediction import (
    Decision,
    decide,
    tabulate,
)
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

ROWS = [Instance.model_validate(EXAMPLE)] * 25


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


def test_each_row_gets_its_prediction(on_model, tmp_path, predictor, jsonl):
    source = jsonl(*[EXAMPLE] * 25)
    assert on_model(source, tmp_path / "out.parquet") == 0
    expected = [
        {"row": number} | flat(each) | {"model_version": predictor.version}
        for number, each in enumerate(predictor.predict(ROWS), start=1)
    ]
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.to_pylist() == expected
    assert found.schema.metadata[b"model_version"].decode() == predictor.version


def test_a_csv_holds_the_same_columns(on_model, tmp_path, jsonl):
    source = jsonl(*[EXAMPLE] * 3)
    on_model(source, tmp_path / "out.parquet")
    on_model(source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [line["row"] for line in written] == ["1", "2", "3"]
    assert [*written[0]] == parquet.read_schema(tmp_path / "out.parquet").names


def test_a_table_is_read_as_its_lines_would_be(on_model, tmp_path, jsonl):
    on_model(jsonl(*[EXAMPLE] * 3), tmp_path / "lines.parquet")
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


def test_no_rows_give_a_table_without_rows(on_model, tmp_path, jsonl):
    source = jsonl(EXAMPLE)
    on_model(source, tmp_path / "one.parquet")
    source.write_text("")
    assert on_model(source, tmp_path / "none.parquet") == 0
    one, none = (parquet.read_table(tmp_path / f"{n}.parquet") for n in ("one", "none"))
    assert len(none) == 0 and none.schema == one.schema


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


def test_results_come_in_order_and_an_error_ends_the_work():
    def slow(number):
        time.sleep(0.01 * (number == 0))
        return 1 / (number - 50)

    given, found = iter(range(1_000)), []
    with pytest.raises(ZeroDivisionError):
        for result in batch.in_order(slow, given, 3):
            found.append(result)
    assert found == [1 / (number - 50) for number in range(50)]
    assert next(given) < 60, "much was done ahead of what was wanted"
