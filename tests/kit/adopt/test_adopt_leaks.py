from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

from mlservice.adopt import plan
from mlservice.adopt.columns import kinds, leaks, target

CLASSES, NUMBERS = ("two classes", "several classes"), ("number", "count")
ROWS = 600
RANDOM = np.random.default_rng(0)
SURVIVED = RANDOM.integers(0, 2, ROWS)
PCLASS = RANDOM.integers(1, 4, ROWS)
PRICE = RANDOM.uniform(10, 99, ROWS)
TABLE = {
    "survived": SURVIVED,
    "PassengerId": np.argsort(np.argsort(SURVIVED + RANDOM.random(ROWS))),
    "pclass": PCLASS,
    "class": np.array(["First", "Second", "Third"])[PCLASS - 1],
    "alive": np.array(["no", "yes"])[SURVIVED],
    "price": PRICE,
    "price in cents": -100 * PRICE,
    "boat": np.where(SURVIVED == 1, RANDOM.choice(["a", "b"], ROWS), ""),
    "strong": SURVIVED + RANDOM.normal(0, 0.22, ROWS),
    "good": SURVIVED + RANDOM.normal(0, 0.6, ROWS),
    "note": [f"what {n} was then said at length" for n in range(ROWS)],
    "noted": [f"what {n} was then said at length" for n in range(ROWS)],
    "day": pd.date_range("2020-01-01", periods=ROWS).astype(str),
}


def find(table, aim, problems=CLASSES, keep=()):
    frame = pd.DataFrame(table).astype(str).astype("string[pyarrow]")
    columns = kinds.columns_of(frame, plan.Options(aim, keep=keep))
    made = next(column for column in columns if column.column == aim)
    _, made = target.fit(made, frame, problems)
    rest = [column for column in columns if column.column != aim]
    found, warnings = leaks.find(frame, rest, made, keep)
    return {column.column: column for column in found}, " ".join(warnings)


@pytest.fixture(scope="module")
def found():
    return find(TABLE, "survived")


@pytest.mark.parametrize("column", ["alive", "boat"])
def test_what_determines_the_target_is_set_aside_with_its_evidence(found, column):
    made = found[0][column]
    assert made.declared == ""
    assert made.why == "LEAK: predicts 'survived' alone on 100.0% of the rows"


@pytest.mark.parametrize(
    ("column", "twin"),
    [("class", "pclass"), ("price in cents", "price"), ("noted", "note")],
)
def test_a_column_told_twice_is_set_aside_naming_the_first(found, column, twin):
    assert found[0][twin].declared
    assert found[0][column].declared == "" and f"'{twin}'" in found[0][column].why


def test_a_suspicious_column_stays_with_a_warning(found):
    assert found[0]["strong"].declared and "alone on 9" in found[0]["strong"].warning
    assert found[0]["good"].declared and not found[0]["good"].warning
    assert found[0]["day"].declared


def test_an_identifier_that_tells_the_target_is_told(found):
    assert "'PassengerId' is set aside, yet" in found[1]


def test_what_is_kept_stays_with_a_loud_warning():
    few = {name: TABLE[name] for name in ("survived", "pclass", "class", "alive")}
    found, _ = find(few, "survived", keep=("alive", "class"))
    assert found["alive"].declared and "LEAK, kept" in found["alive"].warning
    assert found["class"].declared and "'pclass'" in found["class"].warning


def test_a_number_in_another_unit_leaks_a_number():
    noisy = PRICE + RANDOM.normal(0, 8, ROWS)
    table = {"price": PRICE, "log": np.log(PRICE), "near": noisy, "c": PCLASS}
    found, _ = find(table, "price", NUMBERS)
    assert "LEAK" in found["log"].why and "R² 1.0000" in found["log"].why
    assert found["near"].declared and found["c"].declared


@pytest.mark.parametrize("load", [load_breast_cancer, load_wine])
def test_a_strong_feature_is_no_leak(load):
    found, _ = find(load(as_frame=True).frame.iloc[:, -12:], "target")
    assert all(column.declared and not column.warning for column in found.values())


def test_repeated_rows_are_counted():
    _, said = find({"a": PCLASS, "b": SURVIVED, "y": RANDOM.permutation(SURVIVED)}, "y")
    assert "594 rows (99.0%)" in said and "100.0% of the rows have equal" in said


def test_of_few_rows_nothing_is_concluded():
    frame = pd.DataFrame({"a": ["1"] * 20, "y": ["a", "b"] * 10})
    frame = frame.astype("string[pyarrow]")
    made = kinds.columns_of(frame, plan.Options("y"))[1]
    made = target.fit(made, frame, CLASSES)[1]
    rest = [replace(made, column="a")]
    assert leaks.find(frame, rest, made) == (
        rest,
        ["only 20 rows: leaks cannot be looked for"],
    )
