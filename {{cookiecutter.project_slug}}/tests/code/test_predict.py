"""Predictions for a file: whole and right, or one line and no file."""

import csv
import json
import os
from types import SimpleNamespace

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import predict
from {{ cookiecutter.package_name }}.errors import UserError, run
from {{ cookiecutter.package_name }}.prediction import Prediction
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance

COLUMN = next(iter(EXAMPLE))
WRONG = EXAMPLE | {COLUMN: {"no": "such value"}}


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


def test_each_row_gets_its_prediction(on_model, tmp_path, predictor):
    source = write(tmp_path / "in.jsonl", *[EXAMPLE] * 25)
    assert on_model(source, tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [line["row"] for line in written] == [str(n) for n in range(1, 26)]
    found = [Prediction.model_validate_json(line["prediction"]) for line in written]
    assert found == predictor.predict([Instance.model_validate(EXAMPLE)] * 25)


def test_the_chunk_s_size_changes_nothing(on_model, tmp_path, monkeypatch):
    source = write(tmp_path / "in.jsonl", *[EXAMPLE] * 7)
    on_model(source, tmp_path / "whole.csv")
    monkeypatch.setattr(predict, "CHUNK", 3)
    on_model(source, tmp_path / "chunks.csv")
    assert (tmp_path / "chunks.csv").read_text() == (tmp_path / "whole.csv").read_text()


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


def test_a_missing_file_is_one_line(on_model, tmp_path):
    line = failing(on_model, tmp_path / "no.csv", tmp_path / "out.csv")
    assert line == f"error: {tmp_path}/no.csv: No such file or directory"


def test_without_a_model_it_says_what_to_do(call, tmp_path):
    with pytest.raises(UserError, match="no model in models/current.*make pipeline"):
        call(predict.main, tmp_path / "in.csv", tmp_path / "out.csv")


def test_a_score_that_is_no_number_is_never_passed_on(predictor, monkeypatch):
    broken = SimpleNamespace(run=lambda matrix: np.full((len(matrix), 2), np.nan))
    model = SimpleNamespace(scorer=broken, manifest=predictor.model.manifest)
    monkeypatch.setattr(predictor, "model", model)
    with pytest.raises(ArithmeticError):
        predictor.predict([Instance.model_validate(EXAMPLE)])
