"""A CSV file is read as the requests that its rows would make."""

import csv
import gzip
import os

import numpy as np
import pytest

from mlservice.batch import readers
from mlservice.batch.readers import Source
from mlservice.batch.rows_to_instances import encoded
from mlservice.data.checks import check
from mlservice.data.dataset import encode_rows
from mlservice.data.synthetic import draw
from toys.classification import SERVICE

EXAMPLE = SERVICE.example
NUMBERS = [f for f in SERVICE.features if f.kind == "number"]


@pytest.fixture(scope="module")
def rows():
    """Rows as training reads them, with missing values."""
    frame = draw(SERVICE.features, 40, np.random.default_rng(0)).astype(object)
    for at, feature in enumerate(f for f in SERVICE.features if f.nullable):
        frame.loc[frame.index % 7 == at, feature.column] = None
    return encode_rows(check(frame.assign(churned="yes"), SERVICE.columns), SERVICE.encoding, SERVICE.target)


def write(path, given, encoding="utf-8"):
    """Write rows to a CSV file, missing values as empty text."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, given[0])
        writer.writeheader()
        writer.writerows(given)
    return path


@pytest.fixture
def read():
    """Return `read(path)`: the matrix of a file's rows, read five at a time."""

    def read(path, done=0):
        chunks = Source(path, [*EXAMPLE]).chunks(5, done)
        return np.concatenate([encoded(SERVICE, chunk, path)[1] for chunk in chunks])

    return read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_row_gets_its_prediction(encoding, on_model, rows, tmp_path):
    few = rows.rows.head(25)
    few.to_csv(tmp_path / "in.csv", index=False, encoding=encoding)
    few.to_csv(tmp_path / "in.csv.gz", index=False)
    few.to_parquet(tmp_path / "in.parquet", index=False)
    found = {}
    for name in ("in.csv", "in.csv.gz", "in.parquet"):
        assert on_model(tmp_path / name, tmp_path / "out.csv") == 0
        found[name] = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert found["in.csv"] == found["in.csv.gz"] == found["in.parquet"]
    written = list(csv.DictReader(found["in.csv"].splitlines()))
    assert [line["row"] for line in written] == [str(n) for n in range(1, 26)]


def test_rows_come_as_training_reads_them_wherever_one_begins(rows, read, tmp_path):
    rows.rows.to_csv(tmp_path / "in.csv", index=False)
    rows.rows.to_parquet(tmp_path / "in.parquet", index=False, row_group_size=7)
    for name in ("in.csv", "in.parquet"):
        for done in (0, 1, 7, 13, 14, len(rows.rows) - 1):
            found = read(tmp_path / name, done)
            np.testing.assert_array_equal(found, rows.matrix[done:])


def test_a_file_is_read_as_the_request_would_be(read, tmp_path):
    path = write(tmp_path / "in.csv", [EXAMPLE | {"another column": "ignored"}])
    np.testing.assert_array_equal(read(path), SERVICE.encode_example())


@pytest.mark.parametrize("feature", NUMBERS, ids=lambda f: f.column)
def test_a_bad_row_is_named(feature, refused, tmp_path):
    given = [EXAMPLE, EXAMPLE | {feature.column: "many"}]
    line = refused(write(tmp_path / "in.csv", given), tmp_path / "out.csv")
    assert f"in.csv: row 2, {feature.column}: " in line


def test_a_column_that_comes_twice_is_named(refused, tmp_path):
    source = write(tmp_path / "in.csv", [EXAMPLE])
    column, *_ = EXAMPLE
    head, row = source.read_text(encoding="utf-8").splitlines()
    source.write_text(f"{head},{column}\n{row},1\n", encoding="utf-8")
    line = refused(source, tmp_path / "out.csv")
    assert f"in.csv: columns given twice: {column}" in line


def test_a_file_in_another_encoding_is_one_line(refused, tmp_path):
    column, *_ = EXAMPLE
    given = [EXAMPLE, EXAMPLE | {column: "caf\xe9"}]
    source = write(tmp_path / "in.csv", given, "latin-1")
    assert "in.csv is not UTF-8" in refused(source, tmp_path / "out.csv")


def test_a_row_that_is_cut_off_is_one_line(refused, tmp_path):
    source = write(tmp_path / "in.csv", [EXAMPLE | {"another column": "x"}])
    with source.open("a", encoding="utf-8") as file:
        file.write("cut off")
    line = refused(source, tmp_path / "out.csv")
    assert "in.csv is not a complete CSV file: " in line and "cut off" in line
    packed = gzip.compress(os.urandom(9_000).hex().encode())
    (tmp_path / "in.csv.gz").write_bytes(packed[:5_000])
    line = refused(tmp_path / "in.csv.gz", tmp_path / "out.csv")
    assert "in.csv.gz is cut off or damaged" in line


def test_a_field_may_be_as_long_as_a_picture_is(on_model, refused, tmp_path, monkeypatch):
    source = write(tmp_path / "in.csv", [EXAMPLE | {"another column": "x" * 400_000}])
    assert on_model(source, tmp_path / "out.csv") == 0
    monkeypatch.setattr(readers, "BLOCK", 100_000)
    line = refused(source, tmp_path / "out.csv")
    assert "in.csv is not a complete CSV file" in line


@pytest.mark.parametrize("text", ["NA", "null", "nan", "None"])
def test_only_an_empty_field_is_missing(text, read, tmp_path):
    given = EXAMPLE | {"partner": text, "note": text}
    found = read(write(tmp_path / "in.csv", [given, given | {"partner": ""}]))
    requests = [SERVICE.instance.model_validate(row) for row in (given, given | {"partner": None})]
    np.testing.assert_array_equal(found, SERVICE.encoding.encode(requests))
