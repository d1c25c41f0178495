"""A CSV file is read as the requests that its rows would make."""

import csv

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import predict
from {{ cookiecutter.package_name }}.errors import run
from {{ cookiecutter.package_name }}.features import encode
from {{ cookiecutter.package_name }}.prediction import Prediction
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    FEATURES,
    Instance,
)

NUMBERS = [f for f in FEATURES if f.kind == "number"]


@pytest.fixture
def on_model(project, call):
    """Run the command with the project's model."""
    return lambda *words: call(
        predict.main, *words, "--model-dir", project / "models/current"
    )


def write(path, rows, encoding="utf-8"):
    """Write rows to a CSV file, missing values as empty text."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def failing(main, *words):
    """Run a command as a shell does and return its one line on stderr."""
    with pytest.raises(SystemExit) as ended:
        run(lambda: main(*words))
    assert "\n" not in ended.value.code
    return ended.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_row_gets_its_prediction(encoding, on_model, parts, tmp_path, predictor):
    rows = parts["test"].rows.head(25)
    rows.to_csv(tmp_path / "in.csv", index=False, encoding=encoding)
    assert on_model(tmp_path / "in.csv", tmp_path / "out.csv") == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [line["row"] for line in written] == [str(n) for n in range(1, 26)]
    expected = predictor.predict(list(predict.read_rows(tmp_path / "in.csv")))
    found = [Prediction.model_validate_json(line["prediction"]) for line in written]
    assert found == expected


def test_a_file_is_read_as_the_request_would_be(tmp_path):
    path = write(tmp_path / "in.csv", [EXAMPLE | {"another column": "ignored"}])
    expected = encode([Instance.model_validate(EXAMPLE)])
    np.testing.assert_array_equal(encode([*predict.read_rows(path)]), expected)


@pytest.mark.parametrize("feature", NUMBERS, ids=lambda f: f.column)
def test_a_bad_row_is_named(feature, on_model, tmp_path):
    rows = [EXAMPLE, EXAMPLE | {feature.column: "many"}]
    line = failing(on_model, write(tmp_path / "in.csv", rows), tmp_path / "out.csv")
    assert f"in.csv: row 2, {feature.column}: " in line


@pytest.mark.parametrize("column", EXAMPLE)
def test_a_missing_column_is_named_even_if_its_values_may_be_missing(
    column, on_model, tmp_path
):
    rest = {name: value for name, value in EXAMPLE.items() if name != column}
    line = failing(on_model, write(tmp_path / "in.csv", [rest]), tmp_path / "out.csv")
    assert f"in.csv: missing columns: {column}" in line


def test_a_file_in_another_encoding_is_one_line(on_model, tmp_path):
    source = write(tmp_path / "in.csv", [EXAMPLE])
    with source.open("ab") as file:
        file.write("café".encode("latin-1"))
    assert "in.csv is not UTF-8" in failing(on_model, source, tmp_path / "out.csv")


def test_a_field_may_be_as_long_as_a_picture_is(on_model, tmp_path, monkeypatch):
    source = write(tmp_path / "in.csv", [EXAMPLE | {"another column": "x" * 200_000}])
    assert on_model(source, tmp_path / "out.csv") == 0
    monkeypatch.setattr(predict, "LONGEST", 100_000)
    assert "in.csv is not a CSV file" in failing(on_model, source, tmp_path / "out.csv")
