"""Codes, phone numbers, dates in other forms, names, postal codes: each generated, and what they are taken for."""

import numpy as np
import pandas as pd
import pytest
from odd_columns import N, RANDOM, ROWS, Y, adopt, amounts, cycle, whole

from mlservice.adopt import convert, infer_plan, inference, sources
from mlservice.adopt.columns import readings, total_rows
from mlservice.adopt.plan import Options

MAKES = "audi bmw fiat ford honda kia mazda opel seat skoda".split()
CODES = [str(one) for one in RANDOM.choice([101345, 123457, 274911, 311733, 470283, 981227], ROWS)]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("product", whole("{}", 1, 30), "category"),
        ("class", whole("{}", 10, 60), "many categories"),
        ("branch_no", whole("{}", 1, 30), "category"),
        ("municipality", whole("{}", 100, 900), "many categories"),
        ("provider number", whole("{}", 1, 30), "category"),
        ("icd9", whole("{}", 100, 900), "many categories"),
        ("NAICS_CODE", whole("{}", 1, 30), "category"),
        ("statecode", whole("{}", 1, 30), "category"),
        ("told by nothing", CODES, "category"),
        ("pay class", cycle("1", "2", "3"), "integer"),  # a rank
        ("n_products", whole("{}", 1, 30), "integer"),
        ("branch count", whole("{}", 1, 30), "integer"),
        ("store_area", whole("{}", 1, 900), "integer"),
        ("days per region", whole("{}", 1, 30), "integer"),
        ("salary", whole("{}000", 100, 300), "integer"),
        ("mobile", whole("98{:08}", 0, 10**8), "identifier"),
        ("contact", whole("98{:08}", 0, 10**8), "identifier"),
        ("tel.", [f"+49 (30) {one}" for one in whole("{:07}", 0, 10**7)], "identifier"),
        ("twenty digits", cycle("99999999999999999999", "12345678901234567890"), "category"),
    ],
)
def test_codes_are_no_amounts(name, cells, kind):
    found = adopt({name: cells, "z": amounts("{:.3f}")})[name]
    assert found.kind == kind, found.why


def test_a_code_says_how_it_becomes_a_number_and_becomes_one():
    columns = {"branch": whole("{}", 1, 30), "z": amounts("{:.3f}")}
    assert "READ_AS=branch:number" in adopt(columns)["branch"].warning
    assert adopt(columns, read_as=("branch:number",))["branch"].declared == "number"
    assert adopt(columns, read_as=("z:category",))["z"].declared == "hashed"
    assert adopt(columns, keep=("branch",))["branch"].declared == "number"
    serial = {"opened_by": whole("{}", 43_000, 44_000), "z": amounts("{:.3f}")}
    assert adopt(serial, read_as=("opened_by:date",))["opened_by"].kind == "date-time"
    assert adopt(serial, read_as=("opened_by:text",))["opened_by"].declared == "bag_of_words"


@pytest.mark.parametrize(
    ("name", "cells", "first"),
    [
        ("order_date", ["43831"] + whole("{}", 43832, 44500)[1:], "2020-01-01"),
        ("order_date", ["43831.5"] + whole("{}", 43832, 44500)[1:], "2020-01-01T12:00:00"),
        ("timestamp", ["1577836800"] + whole("{}", 1577836800, 1609459200)[1:], "2020-01-01"),
        ("created", ["1577836800000"] + whole("{}000", 1577836800, 1609459200)[1:], "2020-01-01"),
        ("month", ["202001"] + cycle("202002", "202003", "202004", "202005", "202011")[1:], "2020-01-01"),
        ("x", ["2020Q2"] + cycle("2020Q1", "2021Q3")[1:], "2020-04-01"),
        ("x", ["Q2 2020"] + cycle("Q1 2020", "Q3 2021")[1:], "2020-04-01"),
        ("x", ["2020-W02"] + cycle("2020-W03", "2021-W14")[1:], "2020-01-06"),
        ("x", ["KW 2/2020"] + cycle("KW 3/2020", "KW 14/2021")[1:], "2020-01-06"),
    ],
)
def test_dates_in_other_forms_are_dates(name, cells, first):
    found = adopt({name: cells, "z": amounts("{:.3f}")})[name]
    assert found.kind == "date-time", found.why
    read = readings.apply(found.reading, pd.Series(cells, dtype="string[pyarrow]"))
    assert read.iloc[0][: len(first)] == first and read.notna().all()


@pytest.mark.parametrize(("name", "low"), [("weight", 43831), ("data", 43831), ("distance", 202001)])
def test_numbers_that_no_name_calls_dates_stay_numbers(name, low):
    assert adopt({name: whole("{}", low, low + 900), "z": amounts("{:.3f}")})[name].kind == "integer"


@pytest.mark.parametrize(
    "order",
    [
        "Mon Tue Wed Thu Fri Sat Sun",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "lunes martes miércoles jueves viernes sábado domingo",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "January February March April May June July August September October November December",
        "Q1 Q2 Q3 Q4",
        "none low medium high",
        "niedrig mittel hoch",
        "bajo medio alto",
    ],
)
def test_ordered_words_have_their_order(order):
    words = order.split()
    found = adopt({"x": cycle(*words), "z": amounts("{:.3f}")})["x"]
    assert found.declared == "ordered" and list(found.categories) == words


CARS = [f"{MAKES[at % 10]} model {chr(97 + at % 23)}{at // 10}" for at in N]


@pytest.mark.parametrize(
    ("name", "cells", "others", "declared"),
    [
        ("car name", CARS, {}, "bag_of_words"),
        ("name", CARS, {}, "bag_of_words"),
        ("album", [f"{MAKES[at % 9]} nights {at}" for at in N], {}, "bag_of_words"),
        ("planet_name", [f"{('Kepler', 'WASP', 'HAT')[at % 3]}-{at} b" for at in N], {}, "bag_of_words"),
        ("farm_name", [f"farm {at % 120}" for at in N], {}, "hashed"),
        ("name", CARS, {"age": whole("{}", 18, 90)}, ""),  # of persons
        ("customer name", CARS, {}, ""),
        ("last_name", CARS, {}, ""),
    ],
)
def test_only_names_of_persons_are_set_aside(name, cells, others, declared):
    found = adopt({name: cells, "z": amounts("{:.3f}")} | others)[name]
    assert found.declared == declared, found.why


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("median_income_zip", whole("{}", 20_000, 90_000), "integer"),
        ("zip_density", amounts("{:.1f}"), "number"),
        ("zip", whole("{}", 20_000, 90_000), "many categories"),
        ("customer zip code", whole("{}", 20_000, 90_000), "many categories"),
    ],
)
def test_a_statistic_of_a_postal_code_is_a_number(name, cells, kind):
    assert adopt({name: cells, "z": amounts("{:.3f}")})[name].kind == kind


def test_amounts_that_go_along_with_a_name_stay():
    states = [f"state {at}" for at in range(20)]
    which = np.random.default_rng(0).integers(0, 20, ROWS)
    area, people = np.random.default_rng(1).uniform(1, 900, (2, 20)).round(1)
    columns = {"state": np.array(states)[which], "area": area[which], "people": people[which], "code": which + 1}
    frame = pd.DataFrame(columns | {"z": amounts("{:.3f}"), "y": Y}).astype("string")
    plan = infer_plan(frame, "y", "classification")
    found = {one.column: one for one in (*plan.columns, *plan.aside)}
    assert found["area"].declared == found["people"].declared == "number"
    assert found["code"].declared == "" and "'state'" in found["code"].why


def totals(word, cells):
    """Twice 40 rows, each with a row of totals after them, and their sum at the end."""
    rows = pd.DataFrame({"shop": cycle("a", "b")[:80], "sold": RANDOM.integers(1, 9, 80), "y": Y[:80]})
    halves = [rows[:40], rows[40:]]
    parts = [pd.concat([half, pd.DataFrame([{"shop": word, "sold": half["sold"].sum(), **cells}])]) for half in halves]
    return pd.concat(parts, ignore_index=True).astype("string")


@pytest.mark.parametrize(("word", "cells"), [("Total", {}), ("Subtotal", {"y": "no"}), ("Summe", {})])
def test_rows_of_totals_are_left_out_and_said(word, cells, tmp_path):
    totals(word, cells).assign(z=amounts("{:.3f}")[:82]).to_csv(tmp_path / "t.csv", index=False)
    source = sources.open_source(str(tmp_path / "t.csv"))
    plan, rows = inference.inspect(source, "classification", Options("y"))
    assert len(rows) == 80 and any(f"'{word}' in 'shop'" in said for said in plan.warnings)
    found = convert.convert(source, plan, tmp_path / "raw.csv")
    written = pd.read_csv(tmp_path / "raw.csv")
    assert found.rows == 80 and set(written["shop"]) == {"a", "b"} and written["sold"].max() < 9


@pytest.mark.parametrize(
    "cells", [cycle("total", "partial", "annular"), ["total"] + ["partial"] * 99 + ["annular"] * 100]
)
def test_a_category_called_total_is_no_row_of_totals(cells):
    frame = pd.DataFrame({"eclipse": cells, "z": amounts("{:.3f}")}).astype("string[pyarrow]")
    assert not total_rows.find(frame, "y")
