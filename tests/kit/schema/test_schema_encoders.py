"""Encoders of times, high-cardinality categories and free text: what they accept, and the numbers they give."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlservice.schema.declare import Row, coded
from mlservice.schema.encoders import (
    BAG_OF_WORDS,
    DATE_TIME,
    HASHED,
    POSITIONS,
    BagOfWords,
    DateTime,
    Hashed,
)
from mlservice.schema.features import (
    features_of,
    fingerprint,
    parse,
)

TEXTS = [HASHED, BAG_OF_WORDS]


class Visit(Row):
    """A row with each encoder, missing or not."""

    joined: DateTime = coded("Joined", example="2026-01-31", column="Joined (at)")
    left: DateTime | None = coded("Left", example="2026-01-31T09:30")
    city: Hashed = coded("City", example="Rome")
    street: Hashed | None = coded("Street", example="Main Street")
    notes: BagOfWords = coded("Notes", example="some text")
    answer: BagOfWords | None = coded("Answer", example="some text")


FEATURES = features_of(Visit)
GOOD = {feature.column: feature.example for feature in FEATURES}


def encoded_times(*texts):
    """Encode times that were sent as text."""
    return DATE_TIME.encode([text and DATE_TIME.read(text) for text in texts])


def test_a_row_is_taken_and_its_times_are_read():
    found = Visit.model_validate(GOOD | {"left": None, "street": None, "answer": None})
    assert found.joined == datetime(2026, 1, 31)
    assert (found.left, found.city, found.street) == (None, "Rome", None)


def test_what_may_be_missing_follows_from_the_annotation():
    assert [feature.nullable for feature in FEATURES] == [False, True] * 3
    assert [feature.encoder for feature in FEATURES[::2]] == [DATE_TIME, HASHED, BAG_OF_WORDS]
    assert [feature.encoder for feature in FEATURES[1::2]] == [DATE_TIME, HASHED, BAG_OF_WORDS]
    assert [parse(feature, "") for feature in FEATURES] == ["", None] * 3


@pytest.mark.parametrize("column", ["Joined (at)", "city", "notes"])
def test_none_is_refused_where_a_value_must_be(column):
    with pytest.raises(ValidationError, match="valid string") as caught:
        Visit.model_validate(GOOD | {column: None})
    assert [fault["loc"] for fault in caught.value.errors()] == [(column,)]


def test_the_json_schema_declares_text_and_null():
    found = Visit.model_json_schema()["properties"]
    assert (found["city"]["type"], found["city"]["maxLength"]) == ("string", 200)
    text = {"type": "string", "maxLength": 200}
    assert found["street"]["anyOf"] == [text, {"type": "null"}]
    assert list(found) == list(GOOD)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("2000-01-01", [0, 1, 1, 5, 0, 1]),
        ("2024-12-31T18:45", [9131, 12, 31, 1, 18.75, 366]),
        ("2024-12-31 18:45:00.250", [9131, 12, 31, 1, 18.75, 366]),
        ("2024-12-31T23:30-02:00", [9132, 1, 1, 2, 1.5, 1]),
        ("2025-01-01T01:30:00Z", [9132, 1, 1, 2, 1.5, 1]),
        ("1900-01-01", [-36524, 1, 1, 0, 0, 1]),
    ],
)
def test_a_time_becomes_numbers_that_a_tree_can_divide_by(text, columns):
    np.testing.assert_array_equal(encoded_times(text, text), [columns] * 2)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_times_agree_with_the_calendar(time):
    day = time.timetuple()
    (found,) = encoded_times(time.isoformat())
    since = (time.date() - datetime(2000, 1, 1).date()).days
    parts = [since, day.tm_mon, day.tm_mday, day.tm_wday, found[4], day.tm_yday]
    np.testing.assert_array_equal(found, np.float32(parts))
    seconds = 3600 * day.tm_hour + 60 * day.tm_min + day.tm_sec
    assert found[4] == np.float32(seconds / 3600)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31.01.2026",
        "2026-1-31",
        "20260131",
        "2026-W05-6",
        "2026-02-30",
        "2026-01-31T25:00",
        "2026-01-31T09",
        "1899-12-31",
        "2200-01-01",
        "٢٠٢٦-٠١-٣١",
        "2026-01-31\n",
        "0001-01-01T00:00+10:00",
    ],
)
def test_what_is_no_time_is_refused_in_words(text):
    assert not DATE_TIME.accepts(text)
    with pytest.raises(ValidationError, match="write a date or a time like") as caught:
        Visit.model_validate(GOOD | {"left": text})
    assert [fault["loc"] for fault in caught.value.errors()] == [("left",)]


@given(st.text(max_size=200))
def test_any_category_sets_one_position_which_is_always_the_same(text):
    one, again = HASHED.encode([text, text])
    assert one.sum() == bool(text)
    np.testing.assert_array_equal(one, again)


def test_the_positions_of_categories_are_those_of_the_models_in_use():
    positions = HASHED.encode(["Rome", "Paris", "東京"]).argmax(axis=1)
    assert positions.tolist() == [21, 102, 111]  # another hash would need another model


def test_categories_are_spread_over_the_positions():
    used = HASHED.encode([f"city {number}" for number in range(1_000)]).sum(axis=0)
    assert used.min() > 0 and used.max() < 4 * 1_000 / POSITIONS


def test_words_count_once_whatever_their_case_order_and_signs():
    one, same, other = BAG_OF_WORDS.encode(["Not now!", "now not, NOT", "not here"])
    np.testing.assert_array_equal(one[:-1], same[:-1])
    assert one[:-1].sum() == 2 and (other != one)[:-1].sum() == 2
    assert [row[-1] for row in (one, same, other)] == [8, 12, 8]


@pytest.mark.parametrize("encoder", TEXTS)
def test_a_text_may_be_so_long_and_no_longer(encoder):
    assert encoder.accepts("x" * encoder.longest)
    assert not encoder.accepts("x" * (encoder.longest + 1))


def test_a_missing_value_differs_from_every_other():
    assert np.isnan(encoded_times(None, "2026-01-31")).tolist() == [[True] * 6, [False] * 6]
    assert not HASHED.encode([None, ""]).any()
    words = BAG_OF_WORDS.encode([None, ""])
    assert not words[:, :-1].any() and np.isnan(words[:, -1]).all()


@pytest.mark.parametrize("encoder", [DATE_TIME, HASHED, BAG_OF_WORDS])
def test_no_rows_give_an_empty_matrix(encoder):
    matrix = encoder.encode([])
    assert (matrix.shape, matrix.dtype) == ((0, encoder.width), np.float32)


def test_the_fingerprint_knows_which_encoder_a_column_has():
    prints = {fingerprint(each) for each in FEATURES}
    assert len(prints) == len(FEATURES)
    assert len({feature.wording() for feature in FEATURES}) == 3
