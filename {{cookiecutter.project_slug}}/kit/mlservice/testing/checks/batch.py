"""Checks of predictions for files: they are those that requests get."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.batch.predict_file import predict_file
from mlservice.errors import UserError
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.service import Service
from mlservice.testing.comparison import same
from mlservice.testing.rows import Row, instances_of, valid_rows, without
from mlservice.testing.toy_app import toy_folder

Table = dict[str, list[Any]]
Write = Callable[[Path], Any]


def check_json_lines_get_the_predictions_of_requests(
    service: Service[Any, Any],
) -> None:
    """Check that a file of JSON lines gets the predictions of the same requests."""
    rows = valid_rows(service)
    _assert_predicted(service, rows, "in.jsonl", _json_lines(rows))


def check_parquet_gets_the_predictions_of_requests(service: Service[Any, Any]) -> None:
    """Check that a Parquet file gets the predictions of the same requests."""
    rows = valid_rows(service)
    _assert_predicted(service, rows, "in.parquet", _parquet(rows))


def check_csv_gets_the_predictions_of_requests(service: Service[Any, Any]) -> None:
    """Check that a CSV file gets the predictions of requests; lists are refused."""
    lists = [f.column for f in service.features if f.kind == "series"]
    rows = valid_rows(service)

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, service.example)
            writer.writeheader()
            writer.writerows(rows)

    if not lists:
        _assert_predicted(service, rows, "in.csv", write)
        return
    named = re.escape(lists[0])  # a column may be called `Sold (kg)`
    with toy_folder(service) as folder, pytest.raises(UserError, match=named):
        write(folder.with_name("in.csv"))
        _predicted(service, folder, folder.with_name("in.csv"))


def check_columns_left_out_of_a_file_are_null(service: Service[Any, Any]) -> None:
    """Check that a file without the columns that may be null is as one with nulls."""
    optional = [f.column for f in service.features[1:] if f.optional]
    rows = [service.example | dict.fromkeys(optional)] * 2
    given = [without(row, *optional) for row in rows]
    _assert_predicted(service, rows, "in.jsonl", _json_lines(given))
    _assert_predicted(service, rows, "in.parquet", _parquet(given))


def check_invalid_row_of_a_file_is_named(service: Service[Any, Any]) -> None:
    """Check that the first invalid row is named by number and column."""
    column = service.features[0].column
    with toy_folder(service) as folder:
        source = folder.with_name("in.jsonl")
        rows = [service.example, service.example | {column: {"a": 1}}]
        source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        with pytest.raises(UserError) as caught:
            _predicted(service, folder, source)
    assert f"row 2, {column}" in str(caught.value)


def _json_lines(rows: list[Row]) -> Write:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return lambda path: path.write_text(text, encoding="utf-8")


def _parquet(rows: list[Row]) -> Write:
    return lambda path: parquet.write_table(pa.Table.from_pylist(rows), path)


def _assert_predicted(
    service: Service[Any, Any], rows: list[Row], name: str, write: Write
) -> None:
    """Compare a file's predictions with those of the request model's instances."""
    with toy_folder(service) as folder:
        source = folder.with_name(name)
        write(source)
        found = _predicted(service, folder, source)
        predictor = Predictor(service, artifact.load(service, folder))
    instances = instances_of(service, rows)
    scores = predictor.score(service.encoding.encode(instances))
    decision = predictor.model.manifest.decision
    expected = pa.table(dict(service.tabulate(instances, scores, decision)))
    assert found["row"] == list(range(1, len(rows) + 1))
    for column, values in expected.to_pydict().items():
        assert same(found[column], values), column


def _predicted(service: Service[Any, Any], folder: Path, source: Path) -> Table:
    """Predict for a file with the model in `folder`; return the columns."""
    target = folder.with_name("out.parquet")
    predict_file(Predictor(service, artifact.load(service, folder)), source, target)
    found: Table = parquet.read_table(target).to_pydict()
    return found
