"""Many rows at once: the same numbers as one by one, and the same refusals."""

import csv
from typing import Annotated, Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, field_validator, model_validator

from mlservice.batch.readers import Chunk, Source
from mlservice.batch.rows_to_instances import encoded
from mlservice.encoding import arrow
from mlservice.errors import NeedsRowByRow, UserError
from mlservice.schema.declare import Row, category, number
from toys import SERVICES
from toys.classification import SERVICE
from toys.strategies import instances

EXAMPLE, FEATURES = SERVICE.example, SERVICE.features
ODD = (
    *("", " 3", "3 ", "+3", "1_0", "3.0", "2.5", "-1", "1e1", "1e400", "nan", "inf"),
    *("x", "X" * 201, "yes", "TRUE", "f", "1", "0", "1.0", "01", "\u0663", "\0"),
    *("2026-01-31", "2026-01-31T25:00"),
)
KINDS = {"number": pa.float64(), "flag": pa.bool_()}


def table(rows):
    """Lay rows out as a Parquet file holds them."""
    fields = [(f.column, KINDS.get(f.kind, pa.string())) for f in FEATURES]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def judged(chunk, path):
    """Return the matrix, or the sentence of the refusal."""
    try:
        return encoded(SERVICE, chunk, path)[1].tolist()
    except UserError as error:
        return str(error)


def both(chunk, path):
    """Judge a chunk at once where that is known to be right, and one by one."""
    at_once = judged(chunk, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow, "_known", lambda _: False)
        return repr(at_once), repr(judged(chunk, path))  # NaN is no equal of NaN


def test_the_schema_s_rows_are_read_at_once():
    assert arrow.knows(SERVICE.instance), "each row of a file is judged one by one: ten times slower"
    arrow.encode(SERVICE.encoding, table([EXAMPLE]))


@given(st.lists(instances(SERVICE), min_size=1, max_size=5))
def test_rows_of_a_request_and_rows_of_a_table_encode_equally(rows):
    given_ = [SERVICE.instance.model_validate(row) for row in rows]
    np.testing.assert_array_equal(arrow.encode(SERVICE.encoding, table(rows)), SERVICE.encoding.encode(given_))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.column)
def test_odd_texts_are_taken_or_refused_as_one_by_one(feature, tmp_path):
    path = tmp_path / "in.csv"
    for odd in ODD:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, EXAMPLE)
            writer.writeheader()
            writer.writerows([EXAMPLE, EXAMPLE | {feature.column: odd}])
        [chunk] = Source(path, [*EXAMPLE]).chunks(10, 0)
        at_once, one_by_one = both(chunk, path)
        assert at_once == one_by_one, odd


ARRAYS = [
    pa.array([3, None]),
    pa.array([3, 10**17]),
    pa.array([3.5, float("nan")]),
    pa.array([True, False]),
    pa.array([0, 1], pa.int8()),
    pa.array([1.0, None]),
    pa.array(["3", ""]),
    pa.array([None, None]),
    pa.array(["yes", "No"]).dictionary_encode(),
    pa.array([3, 4]).dictionary_encode(),
    pa.array(["3", "1.5"], pa.large_string()),
    pa.array([b"3", b"4"]),
    pa.array([[1.0], None]),
    pa.array([0, 10**18 + 1], pa.timestamp("ns")),
    pa.array([0, 10**9], pa.timestamp("s", "Europe/Rome")),
    pa.array([0, 9_000], pa.date32()),
    pa.array([1, 2]).cast(pa.decimal128(22, 1)),
]


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.column)
def test_columns_of_any_type_are_taken_or_refused_as_one_by_one(feature):
    rows = table([EXAMPLE] * 2)
    position = rows.schema.names.index(feature.column)
    for array in ARRAYS:
        chunk = Chunk(1, rows.set_column(position, feature.column, array))
        at_once, one_by_one = both(chunk, "in.parquet")
        assert at_once == one_by_one, array.type


class Plain(Row):
    """A row that holds nothing special."""

    size: float | None = number("Size", 0, 9, unit="m", example=1)
    colour: str = category("Colour", "red", "blue", example="red")


class Checked(Plain):
    """A row with a rule of its own."""

    @field_validator("size")
    @classmethod
    def no_five(cls, size):
        return size


class Whole(Plain):
    """A row whose columns must fit each other."""

    @model_validator(mode="after")
    def fits(self):
        return self


class Marked(Row):
    """A row with a validator in a type."""

    size: Annotated[float, AfterValidator(abs)] | None = number("Size", 0, 9, unit="m", example=1)


class Narrow(Row):
    """A row that takes no unlisted category."""

    colour: Literal["red"] = category("Colour", "red", example="red")


@pytest.mark.parametrize("row", [Checked, Whole, Marked, Narrow])
def test_rules_of_one_s_own_are_judged_one_by_one(row):
    assert arrow.knows(Plain) and not arrow.knows(row)


@pytest.mark.parametrize(("task", "known"), [("regression", True), ("text", True), ("forecasting", False)])
def test_a_service_s_rows_are_read_at_once_where_every_kind_is_known(task, known):
    assert arrow.knows(SERVICES[task].instance) is known


def test_a_schema_with_rules_of_its_own_is_never_read_at_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow, "_known", lambda row: row is not SERVICE.instance)
        with pytest.raises(NeedsRowByRow):
            arrow.encode(SERVICE.encoding, table([EXAMPLE]))
