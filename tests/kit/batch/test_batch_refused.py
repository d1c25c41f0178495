"""Files that cannot be predicted for: one line that says why, and no half a result."""

import errno
import json
import os
import sys
from functools import partial

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.batch import checkpoints, predict_file, readers
from mlservice.batch.command import predict_command
from mlservice.errors import UserError
from toys.classification import SERVICE

EXAMPLE = SERVICE.example


COLUMN = next(iter(EXAMPLE))
WRONG = EXAMPLE | {COLUMN: {"no": "such value"}}


def test_a_key_that_cannot_be_copied_is_refused(tmp_path, jsonl, refused):
    parquet.write_table(pa.Table.from_pylist([EXAMPLE]), tmp_path / "in.parquet")
    words = tmp_path / "in.parquet", tmp_path / "out.parquet", "--id"
    assert "missing columns: key" in refused(*words, "key")
    name = pa.table({"model_version": ["mine"]})
    rows = pa.Table.from_pylist([EXAMPLE]).append_column("model_version", name[0])
    parquet.write_table(rows, tmp_path / "in.parquet")
    line = refused(*words, "model_version")
    assert "the predictions have a column of that name" in line
    words = jsonl(EXAMPLE), tmp_path / "out.parquet", "--id"
    assert "lines of JSON hold features alone" in refused(*words, "key")


def test_a_bad_row_is_named_and_nothing_is_left(tmp_path, jsonl, refused):
    source = jsonl(EXAMPLE, WRONG)
    line = refused(source, tmp_path / "out.csv")
    assert f"in.jsonl: row 2, {COLUMN}" in line
    assert os.listdir(tmp_path) == ["in.jsonl"]


def test_a_bad_row_leaves_an_earlier_result_alone(tmp_path, jsonl, refused):
    (tmp_path / "out.csv").write_text("earlier")
    source = jsonl(WRONG)
    refused(source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "earlier"


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[]", b"7"])
def test_a_line_that_is_no_row_is_named(text, on_model, tmp_path, refused):
    (tmp_path / "in.jsonl").write_bytes(json.dumps(EXAMPLE).encode() + b"\n" + text)
    out = tmp_path / "out.csv"
    if text:
        line = refused(tmp_path / "in.jsonl", out)
        assert "in.jsonl: row 2, " in line and not out.exists()
    else:
        assert on_model(tmp_path / "in.jsonl", out) == 0


def test_what_cannot_be_read_or_written_is_one_line(on_model, tmp_path, jsonl, refused):
    good = jsonl(EXAMPLE)
    cases = {
        ("no.csv", "out.csv"): f"{tmp_path}/no.csv: No such file or directory",
        ("in.txt", "out.csv"): "give a file that ends in .parquet, .csv, .csv.gz or",
        ("in.jsonl", "out.txt"): "give a target that ends in .parquet or .csv",
        ("in.jsonl", "no/out.csv"): f"{tmp_path}/no does not exist: make that folder",
        ("folder.csv", "out.csv"): f"{tmp_path}/folder.csv: Is a directory",
        ("in.jsonl", "folder.csv"): "folder.csv is a folder: name a file",
        ("in.parquet", "out.csv"): "in.parquet is not a complete Parquet file: ",
        ("in.csv.gz", "out.csv"): "in.csv.gz is cut off or damaged: ",
        ("same.csv", "same.csv"): "same.csv would be overwritten: name another target",
    }
    (tmp_path / "folder.csv").mkdir()
    for name in ("in.parquet", "in.csv.gz", "same.csv"):
        (tmp_path / name).write_text("PAR1 and no more")
    before = sorted(tmp_path.iterdir())
    for (source, target), text in cases.items():
        assert text in refused(tmp_path / source, tmp_path / target)
        assert sorted(tmp_path.iterdir()) == before
    assert on_model(good, tmp_path / "out.csv") == 0


def test_a_parquet_file_that_is_cut_off_is_one_line(tmp_path, refused):
    parquet.write_table(pa.Table.from_pylist([EXAMPLE] * 3), tmp_path / "in.parquet")
    complete = (tmp_path / "in.parquet").read_bytes()
    (tmp_path / "in.parquet").write_bytes(complete[: len(complete) // 2])
    line = refused(tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert "in.parquet is not a complete Parquet file" in line
    assert os.listdir(tmp_path) == ["in.parquet"]


def test_without_a_model_it_says_what_to_do(call, tmp_path):
    with pytest.raises(UserError, match="no model in models/current.*make pipeline"):
        call(partial(predict_command, SERVICE), tmp_path / "in.csv", tmp_path / "out.csv")


def test_without_pyarrow_it_says_what_to_install(monkeypatch, refused):
    for name in ("predict_file", "checkpoints", "readers", "rows_to_instances"):
        monkeypatch.delitem(sys.modules, f"mlservice.batch.{name}", raising=False)
        monkeypatch.delattr(f"mlservice.batch.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    line = refused("in.csv", "out.csv")
    assert "files need pyarrow" in line and "requirements/train.txt" in line


def test_a_source_that_changes_meanwhile_is_no_source(predictor, jsonl, tmp_path, monkeypatch):
    source = jsonl(EXAMPLE)

    def change(self, _):
        os.utime(source, ns=(1, 1))
        self.rows += 1

    monkeypatch.setattr(checkpoints.Checkpoints, "add", change)
    with pytest.raises(UserError, match="was changed while it was read"):
        predict_file.predict_file(predictor, source, tmp_path / "out.parquet")
    assert os.listdir(tmp_path) == [source.name]


def test_a_fault_of_the_machine_keeps_its_reason(tmp_path, refused, monkeypatch):
    def broken(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    rows = pa.Table.from_pylist([EXAMPLE] * 3)
    parquet.write_table(rows, tmp_path / "in.parquet")
    monkeypatch.setattr(readers, "ParquetFile", broken)
    line = refused(tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert line.endswith("Input/output error") and "damaged" not in line
