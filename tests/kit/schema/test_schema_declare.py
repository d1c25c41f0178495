"""A declaration becomes a Feature, and its row takes nothing but what was declared."""

import pytest
from pydantic import ValidationError

from mlservice.schema.declare import (
    Row,
    category,
    flag,
    number,
)
from mlservice.schema.features import (
    described,
    features_of,
    fingerprint,
    parse,
)


class Parcel(Row):
    """A row with one feature of each kind."""

    stops: int = number("Stops on the way", 0, 9, unit="stops", example=2)
    weight: float | None = number("Weight", 0.1, 30, unit="kg", example=1.5, column="Weight (kg)")
    size: str = category("Size", "small", "large", example="small")
    fragile: bool = flag("Whether it may break", example=True)


GOOD = {"stops": 2, "Weight (kg)": 1.5, "size": "small", "fragile": True}
STOPS, WEIGHT, SIZE, FRAGILE = FEATURES = features_of(Parcel)


def test_a_declaration_becomes_a_feature():
    assert (WEIGHT.name, WEIGHT.column) == ("weight", "Weight (kg)")
    assert (WEIGHT.kind, WEIGHT.meaning, WEIGHT.unit) == ("number", "Weight", "kg")
    assert (WEIGHT.low, WEIGHT.high, WEIGHT.example) == (0.1, 30, 1.5)
    assert WEIGHT.nullable and not WEIGHT.whole
    assert STOPS.whole and not STOPS.nullable
    assert (SIZE.kind, SIZE.categories) == ("category", ("small", "large"))
    assert (FRAGILE.kind, FRAGILE.categories, FRAGILE.low) == ("flag", (), None)


def test_a_good_row_is_taken_and_a_missing_value_is_none():
    assert Parcel.model_validate(GOOD).weight == 1.5
    assert Parcel.model_validate(GOOD | {"Weight (kg)": None}).weight is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stops", "2"),
        ("stops", False),
        ("stops", 2.5),
        ("stops", -1),
        ("stops", 10),
        ("stops", None),
        ("Weight (kg)", "12.5"),
        ("Weight (kg)", True),
        ("Weight (kg)", float("nan")),
        ("Weight (kg)", float("inf")),
        ("Weight (kg)", 30.001),
        ("size", 7),
        ("size", None),
        ("size", "x" * 201),
        ("fragile", 1),
        ("fragile", "true"),
    ],
)
def test_a_value_of_the_wrong_kind_or_range_is_refused(column, value):
    with pytest.raises(ValidationError) as caught:
        Parcel.model_validate(GOOD | {column: value})
    assert [fault["loc"] for fault in caught.value.errors()] == [(column,)]


@pytest.mark.parametrize("text", ["1e400", "-1e400", "NaN", "Infinity", '"1.5"', "1" * 400])
def test_a_number_that_json_cannot_mean_is_refused(text):
    body = f'"stops": 2, "Weight (kg)": {text}, "size": "small", "fragile": true'
    with pytest.raises(ValidationError, match=r"Weight \(kg\)"):
        Parcel.model_validate_json("{" + body + "}")


def test_a_name_that_nobody_declared_is_refused():
    with pytest.raises(ValidationError, match="colour"):
        Parcel.model_validate(GOOD | {"colour": "red"})


@pytest.mark.parametrize(
    ("feature", "text", "value"),
    [
        (STOPS, "2", 2),
        (STOPS, "two", "two"),
        (WEIGHT, "1.5", 1.5),
        (WEIGHT, "", None),
        (WEIGHT, None, None),
        (SIZE, "small", "small"),
        (FRAGILE, "Yes", True),
        (FRAGILE, "0", False),
        (FRAGILE, "perhaps", "perhaps"),
    ],
)
def test_text_from_a_file_is_read_or_left_for_the_check(feature, text, value):
    assert parse(feature, text) == value
    assert isinstance(parse(feature, text), type(value))


def test_the_fingerprint_changes_with_whatever_the_encoding_depends_on():
    class Renamed(Parcel):
        """The same features and one category more."""

        size: str = category("Size", "small", "large", "huge", example="small")

    prints = [
        fingerprint(*FEATURES),
        fingerprint(*FEATURES[::-1]),
        fingerprint(*features_of(Renamed)),
        fingerprint(*FEATURES[:-1]),
    ]
    assert len(set(prints)) == len(prints)
    assert fingerprint(*features_of(Parcel)) == prints[0]


class Ordered(Parcel):
    """The same features, but the sizes have an order."""

    size: str | None = category("Size", "small", "large", example="small", ordered=True)


def test_the_order_of_categories_is_a_fact_of_the_feature():
    ordered = features_of(Ordered)[2]
    assert (SIZE.ordered, ordered.ordered) == (False, True)
    assert SIZE.wording() == "one of small, large"
    assert ordered.wording() == "one of small < large"
    assert fingerprint(SIZE) != fingerprint(ordered)
    assert described((ordered,))[0]["ordered"] is True
    found = Ordered.model_json_schema()["properties"]["size"]
    assert found["x-ordered"] is True and "x-ordered" not in str(Parcel.model_fields)
    assert Ordered.model_validate(GOOD | {"size": "huge"}).size == "huge"


def test_features_are_described_as_plain_data():
    assert described(FEATURES)[1]["unit"] == "kg"
    assert [about["column"] for about in described(FEATURES)] == list(GOOD)
