"""Row numbers and row names that programs write beside a table are set aside, and nothing else is."""

import numpy as np
import pandas as pd
import pytest

from mlservice.adopt import infer_plan
from mlservice.adopt.sources import open_source

ROWS = 300
RANDOM = np.random.default_rng(0)
AGE = RANDOM.integers(18, 80, ROWS)
TABLE = pd.DataFrame(
    {
        "age": AGE,
        "city": RANDOM.choice(["Bern", "Rome"], ROWS),
        "left": np.where(AGE + RANDOM.normal(0, 9, ROWS) > 45, "yes", "no"),
    }
)
PART = TABLE.sample(frac=0.6, random_state=1)  # numbers in no order, and some are absent
INDEXES = {
    "as it is": TABLE,
    "shuffled, and a part": PART,
    "drawn twice": TABLE.sample(ROWS, replace=True, random_state=1),
    "one table behind the other": pd.concat([TABLE[:150], TABLE[:150]]),
    "row names": TABLE.set_axis([f"Mazda RX{at}" for at in range(ROWS)]),
    "from 1, as R": TABLE.set_axis(range(1, ROWS + 1)),
}
NAMES = {  # of the column, in files of several programs, with the names beside it
    "Unnamed: 0": "pandas",
    "_duplicated_0": "polars",
    "...1": "readr",
    "column0": "DuckDB",
    "column00": "DuckDB, of many columns",
    "V1": "data.table",
    "X": "R's read.csv",
    "_c0": "Spark",
    "Column1": "Excel",
}


def aside(frame, path="t.csv", **options):
    """Return the columns that a file of the frame sets aside, by name."""
    frame.to_csv(path, **options)
    return {one.column: one for one in infer_plan(path, "left", "classification").aside}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("options", [{}, {"sep": ";", "quoting": 1, "encoding": "utf-8-sig"}], ids=["pandas", "R"])
def test_a_first_column_without_a_name_labels_rows(name, options):
    found = aside(INDEXES[name], **options)
    assert [*found] == ["Unnamed: 0"]
    assert found["Unnamed: 0"].kind == "identifier" and "the column has no name" in found["Unnamed: 0"].why
    assert ("row numbers" in found["Unnamed: 0"].why) == (name != "row names")
    assert found["Unnamed: 0"].warning == ""


@pytest.mark.parametrize("name", NAMES)
def test_so_does_one_that_a_program_named_for_its_position(name):
    assert [*aside(PART.reset_index(names=name), index=False)] == [name]


@pytest.mark.parametrize("names", [[""], ["_duplicated_0"], ["Unnamed: 0", "Unnamed: 0.1"]], ids=" ".join)
def test_an_index_that_was_written_again_is_set_aside_too(names):
    frame = TABLE
    for name in names:
        frame = frame.reset_index(names=name)
    assert len(aside(frame)) == len(names) + 1


def test_every_form_of_file_may_have_it():
    PART.to_excel("t.xlsx")
    PART.reset_index(names="").to_json("t.jsonl", orient="records", lines=True)
    PART.reset_index(names="").to_parquet("dump.parquet")
    PART.to_parquet("t.parquet")
    for path in ("t.xlsx", "t.jsonl", "dump.parquet", "t.parquet"):
        (found,) = infer_plan(path, "left", "classification").aside
        assert "row numbers" in found.why, path


@pytest.mark.parametrize(
    ("index", "held"),
    [
        (pd.date_range("2020-01-01", periods=ROWS).astype(str), "dates"),
        (RANDOM.random(ROWS).round(4), "not whole"),
        ([f"shop {at % 7}" for at in range(ROWS)], "recur"),
    ],
    ids=["dates", "measured", "groups"],
)
def test_what_may_be_more_than_a_label_is_said_and_can_be_kept(index, held):
    (found,) = aside(TABLE.set_axis(index)).values()
    assert held in found.warning and 'KEEP="Unnamed: 0"' in found.warning
    plan = infer_plan("t.csv", "left", "classification", keep=("Unnamed: 0",))
    assert not plan.aside and plan.features[0].column == "Unnamed: 0"


@pytest.mark.parametrize(
    "columns",
    [
        {"V1": AGE, "V2": PART.index.repeat(2)[:ROWS]},  # all named for their position
        {"x": RANDOM.permutation(10**6)[:ROWS], "y": AGE},  # coordinates
        {"column0": AGE},  # values that recur
        {"price": AGE, "X": RANDOM.permutation(10**6)[:ROWS]},  # not the first
    ],
    ids=["V1 V2", "x y", "recurring", "second"],
)
def test_a_name_alone_sets_no_measurement_aside(columns):
    frame = pd.DataFrame(columns).assign(left=TABLE["left"])
    assert not aside(frame, index=False)


def test_a_table_without_any_name_keeps_its_columns():
    frame = pd.DataFrame({"Unnamed: 0": AGE, "Unnamed: 1": TABLE["city"], "Unnamed: 2": TABLE["left"]})
    assert not infer_plan(frame, "Unnamed: 2", "classification").aside


def test_the_rows_are_read_beside_it():
    TABLE.to_csv("t.csv")
    source = open_source("t.csv")
    assert source.columns == ("Unnamed: 0", "age", "city", "left")
    assert source.sample(ROWS)["age"].tolist() == [str(age) for age in AGE]
