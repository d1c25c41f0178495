"""Names, days, series and coded values: what they accept, and how they are described."""

from typing import Annotated

import numpy as np
import pytest
from pydantic import Field, ValidationError

from mlservice.schema.declare import (
    Day,
    Row,
    coded,
    day,
    name,
    series,
)
from mlservice.schema.encoder import Encoder
from mlservice.schema.features import (
    described,
    features_of,
    fingerprint,
    parse,
    target_of,
)


def read(text):
    """Read a word without spaces."""
    if " " in text:
        raise ValueError("write one word")
    return text.upper()


def encode(words):
    """Give the length of each word."""
    return np.array([[len(word)] for word in words], dtype=np.float32)


WORD = Encoder(form="one word", longest=9, width=1, read=read, encode=encode)


class Delivery(Row):
    """A row with one value of each kind that is more than a number or a category."""

    driver: str = name("Who drives", example="Ada")
    start: Day = day("First day", example="2026-01-31")
    loads: list[Annotated[float | None, Field(ge=0, le=9)]] = series(
        "Load on each day", 1, 3, unit="t", example=[1.5, None]
    )
    note: Annotated[str, WORD] = coded("What to know", example="fragile")


COLUMNS = features_of(Delivery)
GOOD = {"driver": "Ada", "start": "2026-01-31", "loads": [1.5, None], "note": "fragile"}


def test_a_good_row_is_taken_and_a_coded_value_is_read():
    found = Delivery.model_validate(GOOD)
    assert found.start.isoformat() == GOOD["start"]
    assert found.loads == [1.5, None]
    assert found.note == "FRAGILE"


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("driver", "", "at least 1"),
        ("driver", "x" * 201, "at most 200"),
        ("start", "31.01.2026", "write a day like 2026-01-31"),
        ("start", "0001-01-01", "write a day of the years 1900 to 2199"),
        ("start", 20_000, "valid date"),
        ("loads", [], "at least 1"),
        ("loads", [1, 2, 3, 4], "at most 3"),
        ("note", "two words", "write one word"),
        ("note", "x" * 10, "at most 9"),
        ("note", None, "valid string"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_words(column, value, words):
    with pytest.raises(ValidationError, match=words) as caught:
        Delivery.model_validate(GOOD | {column: value})
    assert [fault["loc"] for fault in caught.value.errors()] == [(column,)]


def test_an_item_of_a_series_is_named_by_its_position():
    with pytest.raises(ValidationError) as caught:
        Delivery.model_validate(GOOD | {"loads": [1, 10]})
    assert [fault["loc"] for fault in caught.value.errors()] == [("loads", 1)]


def test_the_facts_of_a_series_are_those_of_its_items():
    loads = COLUMNS[2]
    assert (loads.low, loads.high, loads.whole, loads.nullable) == (0, 9, False, True)


def test_every_kind_has_its_wording():
    assert [feature.wording() for feature in COLUMNS] == [
        "a name",
        "a day like 2026-01-31",
        "a list of numbers in 0 … 9",
        "one word",
    ]


def test_text_from_a_file_stays_text_and_an_empty_one_is_coded():
    assert [parse(feature, "x") for feature in COLUMNS] == ["x"] * 4
    assert [parse(feature, "") for feature in COLUMNS] == [None, None, None, ""]


@pytest.mark.parametrize(("text", "good"), [("x", 1), ("x y", 0), ("x" * 10, 0)])
def test_a_value_of_a_file_is_accepted_as_a_request_s_is(text, good):
    assert WORD.accepts(text) is bool(good)


def test_the_fingerprint_knows_how_wide_an_encoder_is():
    class Wider(Delivery):
        """The same with another encoder."""

        note: Annotated[str, Encoder("one word", 9, 2, read, encode)] = coded("What to know", example="fragile")

    assert fingerprint(*COLUMNS) != fingerprint(*features_of(Wider))


def test_what_is_described_is_plain_data():
    assert all("encoder" not in about for about in described(COLUMNS))
    assert [about["kind"] for about in described(COLUMNS)] == [
        "name",
        "day",
        "series",
        "coded",
    ]


def test_the_target_is_the_last_column():
    assert target_of(Delivery) == COLUMNS[-1]


def test_a_field_that_no_function_declared_is_named():
    class Bare(Row):
        """A row with a plain pydantic field."""

        size: float

    with pytest.raises(AssertionError, match="declare size with a function of"):
        features_of(Bare)
