"""An integer may be written as 3.0: JSON has one type of numbers. Strings, Booleans and 3.5 are no integers."""

from typing import Annotated

import pytest
from pydantic import AfterValidator, Field, ValidationError

from mlservice.schema.declare import Row, number, series
from mlservice.schema.features import features_of

FAR = 2**60  # a limit that a float cannot tell from its neighbours


def even(value):
    """Refuse an odd number."""
    if value % 2:
        raise ValueError("write an even number")
    return value


class Parcel(Row):
    """A row with an integer of each form."""

    stops: int = number("Stops on the way", 0, 9, unit="stops", example=2)
    floor: int | None = number("Floor", -3, 90, unit="floors", example=2, column="Floor (no)")
    serial: int = number("Serial number", 0, FAR, unit="number", example=2)
    pairs: Annotated[int, AfterValidator(even)] = number("Pairs", 0, 9, unit="pairs", example=2)
    loads: list[Annotated[int | None, Field(ge=0, le=9)]] = series(
        "Loads on each day", 1, 3, unit="t", example=[1, None]
    )


GOOD = {"stops": 2, "Floor (no)": 2, "serial": 2, "pairs": 2, "loads": [1, None]}
INTEGERS = ["stops", "Floor (no)", "serial", "pairs"]


def read(text, column="stops"):
    """Return the row with a value as JSON has it."""
    given = {name: str(value).replace("None", "null") for name, value in GOOD.items()} | {column: text}
    body = ", ".join(f'"{name}": {value}' for name, value in given.items())
    return Parcel.model_validate_json("{" + body + "}").model_dump(by_alias=True)[column]


def faults(text, column="stops"):
    """Return location, type and message of each fault of a value."""
    with pytest.raises(ValidationError) as caught:
        read(text, column)
    return [(each["loc"], each["type"], each["msg"]) for each in caught.value.errors()]


@pytest.mark.parametrize("column", INTEGERS)
@pytest.mark.parametrize(("text", "value"), [("4", 4), ("4.0", 4), ("0.4e1", 4), ("-0.0", 0), ("0", 0)])
def test_a_number_without_a_fraction_is_an_integer(column, text, value):
    found = read(text, column)
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize("column", INTEGERS)
def test_direct_validation_accepts_it_too(column):
    found = Parcel.model_validate(GOOD | {column: 4.0}).model_dump(by_alias=True)
    assert (found[column], type(found[column])) == (4, int)
    assert Parcel(**GOOD | {column: 4.0}).model_dump(by_alias=True) == found


def test_so_do_the_items_of_a_series():
    found = read("[4.0, null, 5]", "loads")
    assert (found, [type(each) for each in found]) == ([4, None, 5], [int, type(None), int])
    assert faults("[1, 2.5]", "loads")[0][:2] == (("loads", 1), "int_from_float")
    assert faults("[1, 10.0]", "loads")[0][:2] == (("loads", 1), "less_than_equal")
    assert faults('["1"]', "loads")[0][:2] == (("loads", 0), "float_type")


@pytest.mark.parametrize("column", INTEGERS)
def test_a_fraction_is_refused_by_name(column):
    reason = "Input should be a valid integer, got a number with a fractional part"
    assert faults("3.5", column) == [((column,), "int_from_float", reason)]
    assert faults("3.0000001", column) == [((column,), "int_from_float", reason)]


@pytest.mark.parametrize("column", INTEGERS)
@pytest.mark.parametrize("text", ['"3"', '"3.0"', '""', "true", "false", "[3]", "{}"])
def test_another_type_is_no_number(column, text):
    assert faults(text, column) == [((column,), "float_type", "Input should be a valid number")]


@pytest.mark.parametrize("value", ["3", True, False, b"3", [3], 3 + 0j])
def test_another_type_of_python_is_no_number_either(value):
    with pytest.raises(ValidationError, match="Input should be a valid number"):
        Parcel.model_validate(GOOD | {"stops": value})


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e400", "9" * 400])
@pytest.mark.parametrize("column", INTEGERS)
def test_a_number_that_is_none_is_refused(text, column):
    assert len(faults(text, column)) == 1


@pytest.mark.parametrize("text", ["10", "10.0", "1e30", "9007199254740993", "9" * 40])
def test_a_number_above_its_limit_keeps_its_message(text):
    assert faults(text) == [(("stops",), "less_than_equal", "Input should be less than or equal to 9")]


@pytest.mark.parametrize("text", ["-1", "-1.0", "-1e30"])
def test_a_number_below_its_limit_keeps_its_message(text):
    assert faults(text) == [(("stops",), "greater_than_equal", "Input should be greater than or equal to 0")]
    reason = "Input should be greater than or equal to -3"
    assert faults(f"-4{text[2:]}", "Floor (no)")[0][2] == reason


@pytest.mark.parametrize("value", [2**53 + 1, FAR - 1, FAR])
def test_an_integer_that_no_float_holds_is_exact(value):
    assert read(str(value), "serial") == value
    assert Parcel.model_validate(GOOD | {"serial": value}).serial == value


def test_one_beyond_its_limit_is_refused_to_the_digit():
    assert faults(str(FAR + 1), "serial")[0][1] == "less_than_equal"


def test_a_validator_of_the_user_gets_an_integer():
    assert faults("3.0", "pairs") == [(("pairs",), "value_error", "Value error, write an even number")]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_is_that_of_an_integer(mode):
    found = Parcel.model_json_schema(mode=mode)["properties"]
    assert (found["stops"]["type"], found["stops"]["minimum"], found["stops"]["maximum"]) == ("integer", 0, 9)
    whole = {"type": "integer", "minimum": -3, "maximum": 90}
    assert found["Floor (no)"]["anyOf"] == [whole, {"type": "null"}]
    assert found["serial"]["maximum"] == FAR and "anyOf" not in found["serial"]
    item = {"type": "integer", "minimum": 0, "maximum": 9}
    assert found["loads"]["items"]["anyOf"] == [item, {"type": "null"}]


def test_the_features_are_what_they_were():
    stops, floor, serial, pairs, loads = features_of(Parcel)
    assert all(each.whole for each in (stops, floor, serial, pairs, loads))
    assert [each.nullable for each in (stops, floor, loads)] == [False, True, True]
    assert (stops.low, stops.high, floor.low, serial.high, loads.high) == (0, 9, -3, FAR, 9)
