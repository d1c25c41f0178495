"""A history is no flat row: files of requests are JSON lines, and a CSV says so."""

import csv
import json
import re

import pytest
from strategies import COLUMN

from {{ cookiecutter.package_name }} import predict
from {{ cookiecutter.package_name }}.errors import UserError
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance


def test_a_file_is_read_as_the_request_would_be(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(EXAMPLE) + "\n", encoding="utf-8")
    assert list(predict.read_rows(path)) == [Instance.model_validate(EXAMPLE)]


def test_a_csv_file_is_refused_by_the_column_that_it_cannot_hold(tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EXAMPLE)
        writer.writeheader()
        writer.writerow(EXAMPLE)
    place = re.escape(f"in.csv: row 1, {COLUMN['units']}: ")
    with pytest.raises(UserError, match=f"{place}.*valid list"):
        list(predict.read_rows(path))


def test_the_rows_of_the_raw_file_are_no_requests(project):
    with pytest.raises(UserError, match=r"raw\.csv: missing columns: start, horizon"):
        list(predict.read_rows(project / "data/raw.csv"))
