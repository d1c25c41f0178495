"""Each fault of the data is named by row, column and value, before anything uses it."""

import pandas as pd
import pytest

from mlservice.data import checks, files
from mlservice.data.checks import DataError, check
from mlservice.schema.encoders import DATE_TIME
from toys import SERVICES

COLUMNS = SERVICES["classification"].columns
GOOD = {feature.column: feature.example for feature in COLUMNS}
NEVER = "no such value"
WRONG = {
    "number": [NEVER, float("inf")],
    "flag": [NEVER],
    "category": [NEVER],
    "day": [NEVER],
}
FLAGS = [f for f in COLUMNS if f.kind == "flag"]
NULLABLE = [f for f in COLUMNS if f.nullable]
FIRST = next(f.column for f in COLUMNS if f.kind in WRONG)


def faults():
    """List (task, column, value) for every way in which a column can be wrong."""
    return [
        (task, feature.column, value)
        for task, service in SERVICES.items()
        for feature in service.columns
        for value in faults_of(feature)
    ]


def faults_of(feature):
    """List values that are wrong in a column."""
    wrong = list(WRONG.get(feature.kind, []))
    if feature.kind == "number":
        step = 1 + abs(feature.high - feature.low)  # seen even beside large bounds
        wrong += [feature.low - step, feature.high + step]
        wrong += [feature.low + 0.25] if feature.whole else []
    elif feature.encoder:
        wrong += ["x" * (feature.encoder.longest + 1)]
        wrong += [NEVER] if feature.encoder is DATE_TIME else []
    return wrong if feature.nullable or feature.encoder else [*wrong, None]


def frame(*rows):
    """Make a frame that may hold any value in any column."""
    return pd.DataFrame(rows, dtype=object)


def through_csv(raw, columns, folder):
    """Write and read the rows as a person's file would be."""
    raw.to_csv(folder / "raw.csv", index=False)
    return files.load(folder / "raw.csv", columns)


@pytest.mark.parametrize(("task", "column", "value"), faults())
def test_a_fault_is_named_by_row_and_column(task, column, value, tmp_path):
    columns = SERVICES[task].columns
    good = {feature.column: feature.example for feature in columns}
    raw = frame(good, good | {column: value}, good)
    for given in (raw, through_csv(raw, columns, tmp_path)):
        with pytest.raises(DataError) as caught:
            check(given, columns)
        sentence = str(caught.value)
        assert sentence.startswith(f"row 2, column {column}: "), sentence
        assert " is not " in sentence and "; row" not in sentence, sentence


@pytest.mark.parametrize("task", SERVICES)
def test_the_examples_of_a_schema_are_good_rows(task, tmp_path):
    columns = SERVICES[task].columns
    raw = frame(*[{feature.column: feature.example for feature in columns}] * 2)
    for given in (raw, through_csv(raw, columns, tmp_path)):
        assert list(check(given, columns).columns) == [feature.column for feature in columns]


def test_the_value_is_shown_as_it_was_given():
    with pytest.raises(DataError, match=f"{NEVER!r} is not "):
        check(frame(GOOD | {FIRST: NEVER}), COLUMNS)


def test_good_rows_pass_and_keep_their_order():
    checked = check(frame(GOOD, GOOD), COLUMNS)
    assert list(checked.columns) == [*GOOD]
    assert len(checked) == 2


@pytest.mark.parametrize("feature", NULLABLE, ids=lambda f: f.column)
def test_a_value_that_may_be_missing_may_be_missing(feature, tmp_path):
    raw = through_csv(frame(GOOD, GOOD | {feature.column: None}), COLUMNS, tmp_path)
    assert check(raw, COLUMNS)[feature.column].isna().tolist() == [feature.example is None, True]


@pytest.mark.parametrize("feature", FLAGS, ids=lambda f: f.column)
def test_yes_and_no_may_be_written_in_many_ways(feature):
    words = ["yes", "No", "TRUE", "false", "1", 0, 1.0, 0.0, True]
    checked = check(frame(*(GOOD | {feature.column: word} for word in words)), COLUMNS)
    expected = [True, False, True, False, True, False, True, False, True]
    assert checked[feature.column].tolist() == expected


def test_a_column_that_nobody_declared_is_dropped():
    assert "surprise" not in check(frame(GOOD | {"surprise": 1}), COLUMNS).columns


@pytest.mark.parametrize("column", GOOD)
def test_a_column_that_is_absent_is_named(column):
    with pytest.raises(DataError) as caught:
        check(frame(GOOD).drop(columns=column), COLUMNS)
    assert str(caught.value).startswith(f"missing columns: {column}; schema.py")


def test_rows_are_counted_in_the_order_of_the_file_whatever_their_index():
    raw = frame(GOOD, GOOD | {FIRST: NEVER})
    raw.index = [700, 700]
    with pytest.raises(DataError) as caught:
        check(raw, COLUMNS)
    assert str(caught.value).startswith(f"row 2, column {FIRST}: {NEVER!r}")


def test_many_faults_are_counted_not_listed():
    words = [f"bad {number}" for number in range(checks.SHOWN + 5)]
    bad = [GOOD | {FIRST: word} for word in words]
    with pytest.raises(DataError, match="; and 5 more$") as caught:
        check(frame(*bad), COLUMNS)
    assert str(caught.value).count("row ") == checks.SHOWN
