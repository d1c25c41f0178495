import numpy as np
import pandas as pd
import pytest

from mlservice.adopt import plan
from mlservice.adopt.columns import kinds, ranges
from mlservice.errors import UserError

ROWS = 400
RANDOM = np.random.default_rng(0)
WORDS = "the service was slow and nobody would ever help me again with it".split()


def some(*values):
    return [str(value) for value in RANDOM.choice(values, ROWS)]


COLUMNS = {  # name: cells, kind
    "price": (RANDOM.uniform(5, 9, ROWS).round(6), "number"),
    "area": (RANDOM.permutation(10 * ROWS)[:ROWS], "integer"),
    "year": (RANDOM.integers(1999, 2020, ROWS), "integer"),
    "pclass": (some(1, 2, 3), "integer"),
    "paid": (some(0, 1), "yes/no"),
    "partner": (some("Yes", "No", ""), "yes/no"),
    "colour": (some("red", "green", "blue"), "category"),
    "size": (some("S", "M", "L"), "ordered category"),
    "city": (some(*(f"city {n}" for n in range(60))), "many categories"),
    "zip": (
        [f"{n:05d}" for n in RANDOM.integers(1000, 99999, ROWS)],
        "many categories",
    ),
    "postal code": (RANDOM.integers(10000, 99999, ROWS), "many categories"),
    "store_id": (some(*range(1, 20)), "category"),
    "joined": (pd.date_range("2020-01-01", periods=ROWS).astype(str), "date-time"),
    "notes": ([" ".join(RANDOM.choice(WORDS, 9)) for _ in range(ROWS)], "free text"),
    "essay": (some("x" * 201, "y"), "free text"),
    "only Y": (some("Y", ""), "category"),
    "Unnamed: 0": (range(ROWS), "identifier"),
    "row": (RANDOM.permutation(ROWS), "identifier"),
    "PassengerId": (RANDOM.permutation(10**6)[:ROWS], "identifier"),
    "customerID": ([f"{n}-AB" for n in range(ROWS)], "identifier"),
    "Name": ([f"Ann {n} Lee Kim May" for n in range(ROWS)], "identifier"),
    "e-mail": (some(*(f"u{n}@example.org" for n in range(9))), "identifier"),
    "constant": (["x"] * ROWS, "constant"),
    "empty": (["?"] * ROWS, "empty"),
    "y": (some("no", "yes"), "yes/no"),
}
FRAME = pd.DataFrame({name: list(map(str, cells)) for name, (cells, _) in COLUMNS.items()})
FRAME = FRAME.astype("string[pyarrow]")
SMALL = FRAME[["PassengerId", "price", "empty", "y"]]
FOUND = {made.column: made for made in kinds.columns_of(FRAME, plan.Options("y"))}


@pytest.mark.parametrize("name", COLUMNS)
def test_each_column_is_what_a_person_would_say(name):
    assert FOUND[name].kind == COLUMNS[name][1], FOUND[name].why
    set_aside = COLUMNS[name][1] in ("identifier", "constant", "empty")
    assert (FOUND[name].declared == "") == set_aside
    assert FOUND[name].why


def test_facts_are_declared():
    assert FOUND["size"].categories == ("S", "M", "L")
    assert FOUND["colour"].categories == ("blue", "green", "red")
    assert FOUND["store_id"].categories[:3] == ("1", "2", "3")
    assert 0.2 < FOUND["partner"].missing < 0.5
    assert isinstance(FOUND["paid"].example, bool)
    assert FOUND["area"].whole and isinstance(FOUND["area"].example, int)
    assert (FOUND["year"].low, FOUND["year"].high) == (1990, 2025)


@pytest.mark.parametrize("name", ["city", "zip", "notes"])
def test_no_example_is_a_single_rows_cell(name):
    assert (FRAME[name] == FOUND[name].example).sum() in (0, *range(20, ROWS))


def test_options_are_honoured():
    options = plan.Options("y", keep=("PassengerId",), drop=("price",))
    found = {made.column: made for made in kinds.columns_of(SMALL, options)}
    assert found["PassengerId"].declared == "number"
    assert found["price"].declared == "" and "asked" in found["price"].why


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (plan.Options("Y?"), "did you mean"),
        (plan.Options("y", keep=("pricy",)), "did you mean 'price'"),
        (plan.Options("y", drop=("y",)), "needed"),
        (plan.Options("y", keep=("empty",)), "cannot be kept"),
    ],
)
def test_options_that_cannot_be_met_are_refused(options, said):
    with pytest.raises(UserError, match=said):
        kinds.columns_of(SMALL, options)


@pytest.mark.parametrize(
    ("low", "high", "whole", "wide"),
    [
        (0.42, 80, False, (0, 100)),
        (326, 18823, True, (0, 25000)),
        (0, 0.9, False, (0, 1)),
        (3, 100, False, (0, 100)),
        (1, 3, True, (0, 4)),
        (-10, 35, False, (-25, 50)),
        (5, 5, True, (3, 7)),
        (0, 0, True, (0, 1)),
        (0.1, 0.3, False, (0.05, 0.35)),
    ],
)
def test_bounds_are_round_and_leave_room(low, high, whole, wide):
    assert ranges.bounds(low, high, whole) == wide


def test_bounds_of_the_largest_numbers_are_finite():
    assert np.isfinite(ranges.bounds(-1e308, 1e308, False)).all()
    low, high = ranges.bounds(1e15, 1e15 + 1, True)
    assert low < 1e15 and high > 1e15 + 1


def test_a_word_among_numbers_is_missing_and_told():
    cells = [*RANDOM.uniform(0, 1, 60).round(5).astype(str), "oops"]
    frame = pd.DataFrame({"a": cells, "y": "1"}).astype("string[pyarrow]")
    made = kinds.columns_of(frame, plan.Options("y"))[0]
    assert made.declared == "number" and "'oops' in 1.6% of the cells: missing" in made.warning
