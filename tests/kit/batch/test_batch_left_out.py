"""Files hold what requests may: a column that may be missing may be left out, and 3.0 is an integer."""

import csv
import gzip
import json

import numpy as np
import pandas as pd
import pytest

from mlservice.batch.readers import Source
from mlservice.batch.rows_to_instances import encoded
from mlservice.errors import UserError
from toys.classification import SERVICE

EXAMPLE = SERVICE.example
OPTIONAL = [feature.column for feature in SERVICE.features if feature.nullable]
REQUIRED = [column for column in EXAMPLE if column not in OPTIONAL]
TABLES = ["in.csv", "in.csv.gz", "in.parquet"]
FILES = [*TABLES, "in.jsonl"]


def write(path, rows):
    """Write rows as the kind of file that the path names."""
    if path.suffix == ".parquet":
        pd.DataFrame(rows).to_parquet(path, row_group_size=2)
        return path
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            file.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return path


def only(*columns):
    """Return the example's values of some columns."""
    return {column: EXAMPLE[column] for column in columns}


@pytest.mark.parametrize("name", FILES)
def test_columns_that_may_be_missing_may_be_left_out(name, on_model, tmp_path):
    null = write(tmp_path / "null.jsonl", [EXAMPLE | dict.fromkeys(OPTIONAL)] * 5)
    assert on_model(null, tmp_path / "expected.csv") == 0
    assert on_model(write(tmp_path / name, [only(*REQUIRED)] * 5), tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("done", [0, 1, 2, 4])
def test_a_table_without_them_is_still_encoded_at_once(name, done, tmp_path):
    path = write(tmp_path / name, [only(*REQUIRED)] * 5)
    chunks = list(Source(path, [*EXAMPLE], OPTIONAL).chunks(2, done))
    assert [chunk.first for chunk in chunks] == list(range(done + 1, 6, 2))
    found = [encoded(SERVICE, chunk, path) for chunk in chunks]
    assert not any(instances for instances, _ in found), "each row was validated on its own"
    null = SERVICE.instance.model_validate(only(*REQUIRED) | dict.fromkeys(OPTIONAL))
    found_rows = np.concatenate([matrix for _, matrix in found])
    np.testing.assert_array_equal(found_rows, SERVICE.encoding.encode([null] * (5 - done)))


@pytest.mark.parametrize("name", TABLES)
def test_what_a_table_leaves_out_is_named(name, on_model, tmp_path, capsys):
    left = [column for column in EXAMPLE if column not in ("charge", "partner")]
    on_model(write(tmp_path / name, [only(*left)] * 5), tmp_path / "out.csv")
    said = f"{tmp_path / name}: no column charge, partner: taken as missing in every row\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("name", FILES)
def test_where_nothing_is_left_out_nothing_is_said(name, on_model, tmp_path, capsys):
    row = only(*REQUIRED) if name == "in.jsonl" else EXAMPLE
    on_model(write(tmp_path / name, [row]), tmp_path / "out.csv")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("column", REQUIRED)
def test_a_column_that_must_be_there_is_named(name, column, refused, tmp_path):
    rest = [each for each in EXAMPLE if each not in ("charge", column)]
    line = refused(write(tmp_path / name, [only(*rest)]), tmp_path / "out.csv")
    assert line.endswith(f"{name}: missing columns: {column}")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_other_things_has_no_rows(name, tmp_path):
    path = write(tmp_path / name, [{"colour": "red"}])
    with pytest.raises(UserError, match="missing columns: charge, partner"):
        list(Source(path, ["charge", "partner"], ["charge", "partner"]).chunks(5, 0))


def test_the_column_that_is_copied_must_be_there(refused, tmp_path):
    source = write(tmp_path / "in.csv", [only(*REQUIRED)])
    assert "missing columns: partner" in refused(source, tmp_path / "out.csv", "--id", "partner")


@pytest.mark.parametrize("name", FILES)
def test_a_number_without_a_fraction_is_an_integer(name, on_model, tmp_path):
    for values, target in (((3, 4), "expected.csv"), ((3.0, 4.0), "out.csv")):
        months, calls = values
        rows = [EXAMPLE | {"months": months, "calls": calls}] * 3
        assert on_model(write(tmp_path / name, rows), tmp_path / target) == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (3.5, "Input should be a valid integer, got a number with a fractional part"),
        (121.0, "Input should be less than or equal to 120"),
        ("many", "Input should be a valid number"),
    ],
)
def test_another_number_is_refused_with_its_reason(name, value, reason, refused, tmp_path):
    source = write(tmp_path / name, [EXAMPLE | {"months": value}])
    assert refused(source, tmp_path / "out.csv").endswith(f"{name}: row 1, months: {reason}")
