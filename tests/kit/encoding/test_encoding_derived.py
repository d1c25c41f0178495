"""Derived features: one function, the same numbers in requests, training and files."""

import csv
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlservice.batch.readers import Chunk, Source
from mlservice.batch.rows_to_instances import encoded
from mlservice.data.checks import check
from mlservice.data.dataset import encode_rows
from mlservice.encoding import arrow
from mlservice.encoding.table import TableEncoding
from mlservice.errors import NeedsRowByRow, UserError
from toys.classification import SERVICE, Instance
from toys.strategies import instances

UNCHANGED = "d207e9188272f406e00a35102b81cee38ae1b6c4f9faf0e40b096a1c922f1c1f"
FEW = SERVICE.example | {"charge": None, "consent": None, "Region (ISO)": None, "since": None, "partner": None}
SEEN = {}


def charge_per_call(columns):
    """Return a number from two numbers: NaN where the charge is missing."""
    return columns["charge"] / (1 + columns["calls"])


def known_region(columns):
    """Return 1 for a known region: categories are strings, a missing one is NaN."""
    return [float(isinstance(value, str)) for value in columns["Region (ISO)"]]


def first_letter(columns):
    """Return a number from a category: 0 where it is missing."""
    return [ord(value[0]) if isinstance(value, str) else np.nan for value in columns["Region (ISO)"]]


def remembered(columns):
    """Keep the columns as they came."""
    SEEN.update(columns)
    return np.zeros(len(columns["calls"]))


DERIVED = {"per_call": charge_per_call, "known": known_region, "letter": first_letter, "seen": remembered}
ENCODING = TableEncoding(Instance, derived=DERIVED)
DERIVING = replace(SERVICE, encoding=ENCODING)
KINDS = {"number": pa.float64(), "flag": pa.bool_()}


def of_requests(rows):
    """Encode as serving does."""
    return ENCODING.encode([Instance.model_validate(row) for row in rows])


def of_data_set(rows):
    """Encode as training does."""
    frame = check(pd.DataFrame(rows, dtype=object).assign(churned="yes"), SERVICE.columns)
    return encode_rows(frame, ENCODING, SERVICE.target).matrix


def table(rows):
    """Lay rows out as a Parquet file holds them."""
    fields = [(f.column, KINDS.get(f.kind, pa.string())) for f in SERVICE.features]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def of_arrow(rows):
    """Encode as predictions for files do, at once."""
    return arrow.encode(ENCODING, table(rows))


def row_by_row(rows):
    """Encode as predictions for files do where the request model must judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow, "_known", lambda _: False)
        return encoded(DERIVING, Chunk(1, table(rows)), "in.parquet")[1]


def of_csv(rows, folder):
    """Encode the rows of a CSV file."""
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    [chunk] = Source(folder / "in.csv", [*rows[0]]).chunks(99, 0)
    return encoded(DERIVING, chunk, folder / "in.csv")[1]


PATHS = [of_requests, of_data_set, of_arrow, row_by_row]


@given(st.lists(instances(SERVICE), min_size=1, max_size=4))
def test_every_path_gives_the_same_numbers(rows):
    expected = of_requests(rows)
    for path in PATHS:
        np.testing.assert_array_equal(path(rows), expected, path.__name__)


def test_a_csv_file_gives_the_same_numbers(tmp_path):
    rows = [SERVICE.example, FEW]
    np.testing.assert_array_equal(of_csv(rows, tmp_path), of_requests(rows))


@pytest.mark.parametrize("path", PATHS)
def test_derived_features_come_last_with_the_values_found_by_hand(path):
    found = path([SERVICE.example, FEW])[:, -4:]
    np.testing.assert_array_equal(found, np.float32([[89.5 / 5, 1, ord("s"), 0], [np.nan, 0, np.nan, 0]]))
    assert ENCODING.names[-4:] == [*DERIVED]
    assert ENCODING.derived == tuple(DERIVED)


@pytest.mark.parametrize("path", PATHS)
def test_a_function_gets_arrays_of_n_values_by_column(path):
    path([SERVICE.example, FEW])
    assert {*SEEN} == {feature.column for feature in ENCODING.features}
    assert all(isinstance(values, np.ndarray) and values.shape == (2,) for values in SEEN.values())
    for column in ("months", "charge", "calls", "paperless", "consent"):
        assert SEEN[column].dtype == np.float64, column
    assert SEEN["paperless"].tolist() == [1.0, 1.0]
    for column in ("contract", "Region (ISO)", "grade", "partner", "note"):
        assert all(isinstance(value, str) or np.isnan(value) for value in SEEN[column]), column
    assert SEEN["since"][0] == datetime(2025, 3, 1, 9, 30)  # as its encoder reads it
    assert SEEN["contract"].tolist() == ["monthly", "monthly"] and SEEN["Region (ISO)"][0] == "south"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("column", ["charge", "consent", "Region (ISO)", "since", "partner"])
def test_a_missing_value_is_nan_whatever_its_kind(column, path):
    path([SERVICE.example, FEW])
    missing = SEEN[column][1]
    assert isinstance(missing, float) and np.isnan(missing), missing


def test_columns_are_those_without_derived_features():
    plain = SERVICE.encoding
    rows = [SERVICE.example, FEW]
    np.testing.assert_array_equal(of_requests(rows)[:, :-4], plain.encode([Instance.model_validate(r) for r in rows]))
    assert ENCODING.names[:-4] == plain.names
    assert {name: at for name, at in ENCODING.blocks.items() if name not in DERIVED} == plain.blocks
    assert [ENCODING.names[ENCODING.blocks[name]] for name in DERIVED] == [[name] for name in DERIVED]


@pytest.mark.parametrize("rows", [[], [SERVICE.example]])
def test_a_function_gets_as_many_values_as_there_are_rows(rows):
    assert of_requests(rows).shape == (len(rows), len(ENCODING.names))
    assert SEEN["calls"].shape == (len(rows),)


@pytest.mark.parametrize("name", ["calls", "contract=monthly", "contract", "partner#0", "partner", "Region (ISO)"])
def test_a_name_that_is_taken_is_refused(name):
    with pytest.raises(UserError, match="derived: .* is a column already"):
        TableEncoding(Instance, derived={name: charge_per_call})


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (lambda c: 1.0, r"gives shape \(\); return 1 numbers"),
        (lambda c: [1.0, 2.0], r"gives shape \(2,\)"),
        (lambda c: [[1.0]], r"gives shape \(1, 1\)"),
        (lambda c: ["many"], "gives no numbers"),
        (lambda c: None, "gives shape"),
        (lambda c: {"a": 1}, "gives no numbers"),
        (lambda c: [[1], [1, 2]], "gives no numbers"),
    ],
)
def test_what_is_not_n_numbers_is_one_sentence_with_the_name(given_, words):
    encoding = TableEncoding(Instance, derived={"odd": given_})
    with pytest.raises(UserError, match=f"derived feature odd {words}") as caught:
        encoding.encode([Instance.model_validate(SERVICE.example)])
    assert "\n" not in str(caught.value)


def test_an_error_of_a_function_is_no_reason_to_read_row_by_row():
    encoding = TableEncoding(Instance, derived={"odd": lambda c: [1.0, 2.0]})
    with pytest.raises(UserError, match="derived feature odd"):
        arrow.encode(encoding, table([SERVICE.example]))
    failing = TableEncoding(Instance, derived={"odd": lambda c: int("x")})
    with pytest.raises(ValueError, match="invalid literal") as caught:
        arrow.encode(failing, table([SERVICE.example]))
    assert not isinstance(caught.value, NeedsRowByRow)


def test_the_schema_hash_covers_the_names_of_derived_features_and_their_order():
    hashes = [
        replace(SERVICE, encoding=TableEncoding(Instance, derived=dict.fromkeys(names, charge_per_call))).schema_hash
        for names in ([], ["a"], ["b"], ["a", "b"], ["b", "a"])
    ]
    assert len({*hashes}) == 5 and hashes[0] == SERVICE.schema_hash


def test_without_derived_features_the_schema_hash_is_that_of_the_models_in_use():
    assert SERVICE.schema_hash == UNCHANGED  # of 0.6.0's fingerprint of the same columns
