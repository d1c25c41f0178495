"""Each odd way to write a cell, generated: what a person would read is in the plan."""

import pandas as pd
import pytest
from odd_columns import adopt, amounts, beside, cycle, whole

from mlservice.adopt.columns import readings
from mlservice.errors import UserError

CASES = {  # what is written: (column, cells, kind, declared, unit)
    "words for missing": ("x", beside(amounts("{:.1f}"), "unknown", "n.a.", "(blank)", "#N/A", "None", "-", "k. A.")),
    "a word of its own for missing": ("x", beside(amounts("{:.1f}"), "machine off")),
    "kilograms": ("x", amounts("{:.1f} kg")),
    "GHz beside MHz": ("x", whole("{} MHz")[:150] + whole("{} GHz", 1, 6)[:50]),
    "thousands and a unit": ("x", whole("1,{:03} kg", 0)),
    "an unknown unit": ("x", whole("{} pcs")),
    "dollars in thousands": ("x", amounts("${:.1f}k")),
    "lakhs": ("x", whole("₹ {} lakh")),
    "percent": ("x", whole("{} %")),
    "negatives in brackets": ("x", beside(whole("({})"), "17", share=0.5)),
    "a minus behind": ("x", beside(whole("{}-"), "17", share=0.5)),
    "Indian groups": ("x", whole("{0},23,456.50", 1, 99)),
    "durations": ("x", whole("2h {}m", 0, 60)),
    "days and clock": ("x", whole("{} days 04:05:06")),
    "minutes and seconds": ("lap", whole("3:{:02}", 0, 60)),
    "times of day": ("at", whole("09:{:02}", 0, 60)),
    "feet and inches": ("x", whole("5'{}\"", 0, 12)),
    "limits": ("x", beside(amounts("{:.2f}"), "<0.5", ">100")),
    "weeks": ("x", whole("Week {}", 1, 53)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_person_reads_as_a_number_is_one(case):
    name, cells = CASES[case]
    found = adopt({name: cells, "other": amounts("{:.3f}")})[name]
    assert found.declared == "number", found.why
    assert found.reading.kind == "number"


@pytest.mark.parametrize(
    ("cells", "read", "unit"),
    [
        (["75.3 kg"] + whole("{} kg"), "75.3", "kg"),
        (["1.2 GHz"] + whole("{} GHz"), "1.2", "GHz"),
        (["800 MHz"] + whole("{} GHz"), "0.8", "GHz"),
        (["1,234 kg"] + whole("{} kg"), "1234", "kg"),
        (["1.234,5 kg"] + whole("{},5 kg"), "1234.5", "kg"),
        (["$1.2k"] + amounts("${:.1f}k"), "1200", ""),
        (["$1.2M"] + amounts("${:.1f}k"), "1200000", ""),
        (["12 %"] + whole("{} %"), "12", ""),
        (["(123)"] + whole("{}"), "-123", ""),
        (["$(1,123.50)"] + whole("${}"), "-1123.50", ""),
        (["123-"] + whole("{}"), "-123", ""),
        (["1,23,456.50"] + whole("{}"), "123456.50", ""),
        (["Rs. 12,34,567"] + whole("Rs. {}"), "1234567", ""),
        (["2 crore"] + whole("{} lakh"), "20000000", ""),
        (["1:02:03"] + whole("0:{:02}:30", 0, 60), None, ""),
        (["30:00:00"] + whole("1:{:02}:30", 0, 60), "108000", "seconds"),
        (["2h 15m"] + whole("3h {}m", 0, 60), "135", "minutes"),
        (["PT1H30M"] + whole("PT{}M"), "5400", "seconds"),
        (["9:30 PM"] + whole("9:{:02} am", 0, 60), "21.5", "hours after midnight"),
        (["3 years"] + whole("{} months"), "36", "months"),
        (["5'11\""] + whole("5'{}\"", 0, 12), "71", "inches"),
    ],
)
def test_a_unit_is_read_and_told(cells, read, unit):
    column = pd.Series(cells, dtype="string[pyarrow]")
    reading = readings.of(column)
    assert reading.kind == "number"
    assert read is None or readings.apply(reading, column).iloc[0] == read
    assert read is None or readings.unit(reading) == unit


@pytest.mark.parametrize(
    "cells",
    [
        cycle("4wd", "2wd", "awd"),
        cycle("12A", "12B", "7C"),
        cycle("<18", "18-25", "26-35", "65+"),
        cycle("<18", "18+"),
        cycle("1", "2", "3", "R"),
        cycle("B12", "C85", "E46"),
        beside(whole("{}"), "136A"),
        beside(whole("{}"), "12 min", share=0.03),
    ],
)
def test_what_only_looks_like_a_number_is_none(cells):
    assert adopt({"x": cells, "other": amounts("{:.3f}")})["x"].reading.kind == "text"


def test_the_words_for_missing_are_told_and_missing():
    found = adopt({"x": beside(amounts("{:.1f}"), "unknown", "machine off"), "z": amounts("{:.3f}")})["x"]
    assert 0.02 < found.missing < 0.2
    assert "'machine off'" in found.warning and "'unknown'" in found.warning and "missing" in found.warning


def test_na_among_codes_of_countries_is_a_value():
    found = adopt({"country": cycle("DE", "FR", "US", "ZA", "NA"), "z": amounts("{:.3f}")})["country"]
    assert "NA" in found.categories and found.missing == 0
    assert "'NA' is a value" in found.warning


@pytest.mark.parametrize(
    ("codes", "other"),
    [(("TX", "NY", "CA"), "1.5"), (("AA", "UA", "DL"), "NA"), (("Ex", "Gd", "TA"), "1.5")],
    ids=["states", "codes where NA is a marker", "no codes"],
)
def test_na_is_missing_elsewhere(codes, other):
    columns = {"code": cycle(*codes, "NA"), "z": beside(amounts("{:.3f}"), other)}
    found = adopt(columns)["code"]
    assert "NA" not in found.categories and found.missing > 0.1


def test_none_on_a_scale_and_a_minus_beside_plus_are_values():
    found = adopt({"pain": cycle("None", "Low", "High"), "strand": cycle("+", "-"), "z": amounts("{:.3f}")})
    assert found["pain"].categories == ("None", "Low", "High") and found["pain"].declared == "ordered"
    assert found["strand"].categories == ("+", "-")


@pytest.mark.parametrize(
    ("value", "named"),
    [("-999", "-999"), ("9999", "9999"), ("-1", "-1"), ("1000000000000", "1000000000000"), ("-999.0", "-999")],
)
def test_a_sentinel_is_warned_of_and_offered(value, named):
    cells = whole("{}", 10, 90)
    cells[: 1 if len(value) > 9 else 12] = [value] * (1 if len(value) > 9 else 12)
    columns = {"income": cells, "z": amounts("{:.3f}")}
    found = adopt(columns)["income"]
    assert f"MISSING=income:{named}" in found.warning and found.missing == 0
    for option in (f"income:{named}", named):
        cured = adopt(columns, missing=(option,))["income"]
        assert cured.missing > 0 and cured.high < 200 and "MISSING=" not in cured.warning


@pytest.mark.parametrize("cells", [whole("{}", 0, 1000), whole("{}", -50, 50), cycle("0", "1", "99")])
def test_an_ordinary_number_is_no_sentinel(cells):
    assert "MISSING=" not in adopt({"x": cells, "z": amounts("{:.3f}")})["x"].warning


def test_a_point_is_of_thousands_where_other_columns_have_decimal_commas():
    columns = {"pieces": whole("{}.456"), "weight": [one.replace(".", ",") for one in amounts("{:.2f}")]}
    found = adopt(columns)
    assert found["pieces"].whole and found["pieces"].low < 456_000 < found["pieces"].high
    assert "is read as" in found["pieces"].warning
    alone = adopt({"pieces": columns["pieces"], "weight": amounts("{:.2f}")})["pieces"]
    assert not alone.whole and alone.high < 2000


@pytest.mark.parametrize(
    ("cells", "declared"),
    [
        (cycle("yes", "no", "Y", "N", "TRUE", "FALSE", "1", "0"), "flag"),
        (cycle("Ja", "JA", "nein", "J", "N"), "flag"),
        (cycle("WAHR", "FALSCH"), "flag"),
        (cycle("yes", "no", "maybe"), "category"),
    ],
)
def test_yes_and_no_in_any_spelling_is_a_flag(cells, declared):
    assert adopt({"x": cells, "z": amounts("{:.3f}")})["x"].declared == declared


def test_spellings_of_one_category_are_one_and_said():
    found = adopt({"colour": cycle("Red", "red", "RED ", "Red", "blue"), "z": amounts("{:.3f}")})["colour"]
    assert found.categories == ("Red", "blue") and "'red'" in found.warning


def test_cells_and_kinds_that_are_not_understood_are_refused():
    columns = {"x": cycle("a", "b"), "z": amounts("{:.3f}")}
    for options, said in (
        ({"read_as": ("x:float",)}, "READ_AS=x:float is not understood"),
        ({"read_as": ("x:number",)}, "'x' cannot be read as a number"),
        ({"read_as": ("xx:number",)}, "no column is called 'xx'"),
        ({"missing": ("incom:-999",)}, "no column is called 'incom'"),
    ):
        with pytest.raises(UserError, match=said):
            adopt(columns, **options)
