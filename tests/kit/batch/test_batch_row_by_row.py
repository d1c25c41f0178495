"""Histories are no flat rows: the request model judges each, and a CSV file cannot hold one."""

import csv
import json
import re

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.batch import predict_file, rows_to_instances
from mlservice.batch.readers import Chunk, Source
from mlservice.batch.rows_to_instances import encoded, instances_of, rows_at_once
from mlservice.errors import NeedsRowByRow, UserError
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.testing.toy_models import save_toy
from toys import SERVICES
from toys.forecasting import SERVICE, Instance

EXAMPLE = SERVICE.example


def read(path):
    """Return the instances of a file."""
    chunks = Source(path, [*EXAMPLE]).chunks(5, 0)
    return [each for chunk in chunks for each in instances_of(SERVICE, chunk, path)]


def test_histories_are_never_encoded_at_once():
    with pytest.raises(NeedsRowByRow):
        SERVICE.encoding.encode_table(pa.Table.from_pylist([EXAMPLE]))


def test_a_list_that_is_not_allowed_is_named_by_row_and_item(tmp_path):
    rows = pa.Table.from_pylist([EXAMPLE, EXAMPLE | {"units": [1.0] * 6 + [-1]}])
    with pytest.raises(UserError, match="in.parquet: row 8, units.6: .*greater than or equal to 0"):
        encoded(SERVICE, Chunk(7, rows), tmp_path / "in.parquet")


def test_a_file_is_read_as_the_request_would_be(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(EXAMPLE) + "\n", encoding="utf-8")
    assert read(path) == [Instance.model_validate(EXAMPLE)]


def test_a_table_of_lists_is_read_as_the_request_would_be(tmp_path):
    path = tmp_path / "in.parquet"
    day = pd.Timestamp(EXAMPLE["start"])  # as pandas has it; and NaN where unknown
    pd.DataFrame([EXAMPLE] * 2).assign(start=day).to_parquet(path)
    assert read(path) == [Instance.model_validate(EXAMPLE)] * 2


def test_a_csv_file_is_refused_by_the_column_that_it_cannot_hold(tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EXAMPLE)
        writer.writeheader()
        writer.writerow(EXAMPLE)
    with pytest.raises(UserError, match=f"{re.escape('in.csv: row 1, units: ')}.*valid list"):
        read(path)


def test_the_rows_of_the_raw_file_are_no_requests(tmp_path):
    raw = {feature.column: [feature.example] for feature in SERVICE.columns}
    pd.DataFrame(raw).to_csv(tmp_path / "raw.csv", index=False)
    with pytest.raises(UserError, match=r"raw\.csv: missing columns: start, horizon"):
        read(tmp_path / "raw.csv")


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("classification", 3_120),  # 10,000 letters of a text, 200 of a category, 40 of a time
        ("regression", 10_000),
        ("forecasting", 10_000),
        ("text", 10_000),
        ("image", 10_000),
    ],
)
def test_fewer_rows_are_read_at_once_where_they_are_long(task, expected):
    found = rows_at_once(SERVICES[task])
    assert found == pytest.approx(expected, rel=0.02)


@pytest.fixture
def forecasts(tmp_path, monkeypatch):
    """Return `forecasts(target)`: predict for five histories, two rows a checkpoint."""
    monkeypatch.setattr(rows_to_instances, "ROWS", 1)
    monkeypatch.setattr(predict_file, "CHUNKS", 2)
    save_toy(SERVICE, tmp_path / "model")
    predictor = Predictor(SERVICE, artifact.load(SERVICE, tmp_path / "model"))
    given = [EXAMPLE | {"horizon": horizon} for horizon in range(1, 6)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")

    def predict(name):
        assert predict_file.predict_file(predictor, tmp_path / "in.jsonl", tmp_path / name) == 5
        return tmp_path / name, [one.units for one in predictor.predict(list(map(Instance.model_validate, given)))]

    return predict


def test_a_parquet_file_of_forecasts_holds_lists(forecasts):
    path, expected = forecasts("out.parquet")
    found = parquet.read_table(path)
    assert found["units"].to_pylist() == expected
    assert found["row"].to_pylist() == [1, 2, 3, 4, 5]
    assert parquet.ParquetFile(path).num_row_groups == 3


def test_a_csv_file_of_forecasts_holds_lists_as_json(forecasts):
    path, expected = forecasts("out.csv")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [json.loads(line["units"]) for line in lines] == expected
    assert [line["row"] for line in lines] == ["1", "2", "3", "4", "5"]
