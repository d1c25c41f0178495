"""Texts become numbers: always the same ones, whatever is written."""

import time
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlservice.encoding.text import PLACES, READ, class_by_keyword, encode_texts, normalize, pieces_of, width_of

KEYWORDS = {"billing": ("bill", "invoice"), "delivery": ("parcel",), "umlaut": ("kündigung",)}


def encode(*texts):
    return encode_texts(texts, KEYWORDS)


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_texts_give_a_finite_matrix(texts):
    matrix = encode(*texts)
    assert matrix.shape == (len(texts), width_of(KEYWORDS)) == (len(texts), 3 + PLACES)
    assert matrix.dtype == np.float32
    assert np.isfinite(matrix).all() and (matrix >= 0).all()


@given(st.text(max_size=200) | st.text("abilpr ünd", max_size=60))
def test_the_pieces_of_a_text_are_the_columns_that_it_sets(text):
    assert {at for _, at in pieces_of(text, KEYWORDS)} == {*np.flatnonzero(encode(text)[0])}


def test_each_piece_belongs_to_a_word():
    words = {word for word, _ in pieces_of("The INVOICE is wrong", KEYWORDS)}
    assert words == {"the", "invoice", "is", "wrong"}
    assert next(pieces_of("Not the invoice", KEYWORDS)) == ("invoice", 0)


@given(st.lists(st.text(max_size=80), min_size=2, max_size=4))
def test_a_row_does_not_depend_on_the_others(texts):
    alone = np.vstack([encode(text) for text in texts])
    np.testing.assert_array_equal(encode(*texts), alone)


def test_the_positions_are_the_same_on_every_machine():
    (row,) = encode("My bill")
    found = np.flatnonzero(row[len(KEYWORDS) :]).tolist()
    assert found[:5] == [101, 404, 483, 598, 726]
    assert found[5:10] == [896, 961, 1233, 1311, 1343]
    assert found[10:] == [1653, 1766, 1890, 1961]


def test_without_keywords_there_are_positions_alone():
    np.testing.assert_array_equal(encode_texts(["My bill"], {}), encode("My bill")[:, len(KEYWORDS) :])


def test_a_text_that_repeats_itself_tells_nothing_new():
    once, often = encode("my bill", "my bill " + "my bill " * 500)
    assert np.sum(once != often) <= 1  # the pair "bill my"


def test_no_words_leave_the_row_empty():
    assert not encode("", "?!", "📦").any()


def test_a_pair_of_words_is_not_its_words():
    assert (encode("not billing") != encode("billing not")).any()


@pytest.mark.parametrize("change", [str.upper, str.title, "ｂｉｌｌ {}".format])
def test_case_and_width_make_no_difference(change):
    text = change("my bill")
    np.testing.assert_array_equal(encode(text), encode(normalize(text)))
    assert class_by_keyword(normalize(text), KEYWORDS) == "billing"


def test_a_keyword_marks_its_class_and_of_several_the_first_listed_counts():
    marks = encode("INVOICE", "parcels", "Kündigung", "404", "a parcel and a bill")[:, : len(KEYWORDS)]
    expected = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [1, 0, 0]]
    np.testing.assert_array_equal(marks, expected)


def test_the_beginning_of_a_text_is_read_and_no_more():
    np.testing.assert_array_equal(encode("a " * READ + "bill"), encode("a " * READ))


def test_the_longest_text_costs_little_more_than_the_longest_that_is_read():
    start = time.process_time()
    encode("".join(map(chr, range(0x4E00, 0x9000))) * 5)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("word", ["請求", "ใบแ", "返金"])
def test_pairs_of_characters_are_words_where_there_are_no_spaces(word):
    alone, within = encode(word, f"明日{word}希望")
    pair = zlib.crc32(word[:2].encode()) % PLACES + len(KEYWORDS)
    assert alone[pair] == within[pair] == 1.0
