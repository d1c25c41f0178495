"""A history is no flat row: files of requests are JSON lines, and a CSV says so."""

import csv
import json
import re

import pandas as pd
import pytest
from strategies import COLUMN

from {{ cookiecutter.package_name }}.cells import instances_of
from {{ cookiecutter.package_name }}.errors import UserError
from {{ cookiecutter.package_name }}.rows import Source
from {{ cookiecutter.package_name }}.schema import EXAMPLE, Instance


@pytest.fixture
def read():
    """Return `read(path)`: the instances of a file."""

    def read(path):
        chunks = Source(path, [*EXAMPLE]).chunks(5, 0)
        return [each for chunk in chunks for each in instances_of(chunk, path)]

    return read


def test_a_file_is_read_as_the_request_would_be(read, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(EXAMPLE) + "\n", encoding="utf-8")
    assert read(path) == [Instance.model_validate(EXAMPLE)]


def test_a_table_of_lists_is_read_as_the_request_would_be(read, tmp_path):
    path, start = tmp_path / "in.parquet", COLUMN["start"]
    day = pd.Timestamp(EXAMPLE[start])  # as pandas has it; and NaN where unknown
    pd.DataFrame([EXAMPLE] * 2).assign(**{start: day}).to_parquet(path)
    assert read(path) == [Instance.model_validate(EXAMPLE)] * 2


def test_a_csv_file_is_refused_by_the_column_that_it_cannot_hold(read, tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EXAMPLE)
        writer.writeheader()
        writer.writerow(EXAMPLE)
    place = re.escape(f"in.csv: row 1, {COLUMN['units']}: ")
    with pytest.raises(UserError, match=f"{place}.*valid list"):
        read(path)


def test_the_rows_of_the_raw_file_are_no_requests(read, project):
    with pytest.raises(UserError, match=r"raw\.csv: missing columns: start, horizon"):
        read(project / "data/raw.csv")
