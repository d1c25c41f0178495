"""Texts become numbers: always the same ones, whatever is written."""

import sqlite3
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import COLUMN, with_text

from {{ cookiecutter.package_name }} import artifact, texts
from {{ cookiecutter.package_name }}.adopt import baseline_query
from {{ cookiecutter.package_name }}.features import encode
from {{ cookiecutter.package_name }}.keywords import (
    KEYWORDS,
    OTHERWISE,
)
from {{ cookiecutter.package_name }}.schema import TARGET, Instance

ROOT = Path(__file__).parents[2]
QUERY = ROOT / "docs/baseline.sql"


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_texts_give_a_finite_matrix(given_):
    matrix = texts.encode(given_)
    assert matrix.shape == (len(given_), texts.WIDTH)
    assert matrix.dtype == np.float32
    assert np.isfinite(matrix).all() and (matrix >= 0).all()


@given(st.lists(st.text(max_size=80), min_size=2, max_size=4))
def test_a_row_does_not_depend_on_the_others(given_):
    alone = np.vstack([texts.encode([text]) for text in given_])
    np.testing.assert_array_equal(texts.encode(given_), alone)


def test_the_places_are_the_same_on_every_machine():
    (row,) = texts.encode(["My bill"])
    found = np.flatnonzero(row[len(KEYWORDS) :]).tolist()
    assert found[:5] == [101, 404, 483, 598, 726]
    assert found[5:10] == [896, 961, 1233, 1311, 1343]
    assert found[10:] == [1653, 1766, 1890, 1961]


def test_a_text_that_repeats_itself_tells_nothing_new():
    once, often = texts.encode(["my bill", "my bill " + "my bill " * 500])
    assert np.sum(once != often) <= 1  # the pair "bill my"


def test_no_words_leave_the_row_empty():
    assert not texts.encode(["", "?!", "📦"]).any()


def test_a_keyword_marks_its_class_in_whatever_case():
    told = [words[-1].upper() for words in KEYWORDS.values()]
    marks = texts.encode([*told, "404"])[:, : len(KEYWORDS)]
    np.testing.assert_array_equal(marks[:-1], np.eye(len(KEYWORDS)))
    assert not marks[-1].any()


def test_of_several_keywords_the_first_class_in_the_list_counts():
    told = " ".join(words[0] for words in reversed(KEYWORDS.values()))
    marks = texts.encode([told])[:, : len(KEYWORDS)]
    assert np.flatnonzero(marks).tolist() == [0]


def test_keywords_stand_for_classes_of_the_target():
    assert {*KEYWORDS, OTHERWISE} <= set(TARGET.categories)
    words = [word for words in KEYWORDS.values() for word in words]
    assert words == [texts.normal(word) for word in words] and all(words)


def test_a_text_may_have_so_many_characters_and_no_more():
    Instance.model_validate(with_text("a" * texts.LONGEST))
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        Instance.model_validate(with_text("a" * (texts.LONGEST + 1)))


def test_the_longest_text_costs_little_more_than_the_longest_that_is_read():
    start = time.process_time()
    texts.encode(["".join(map(chr, range(0x4E00, 0x9000))) * 5])
    assert time.process_time() - start < 1


def test_the_query_in_the_documents_asks_for_the_keywords():
    query = baseline_query.write(COLUMN, TARGET.column, KEYWORDS, OTHERWISE)
    assert QUERY.read_text(encoding="utf-8") == query


def test_the_query_in_the_documents_decides_as_the_baseline_does(parts, project):
    told = [f"404: {word.upper()}!" for words in KEYWORDS.values() for word in words]
    told += parts["test"].rows[COLUMN].tolist()
    rows = [Instance.model_validate(with_text(text)) for text in told]
    baseline = artifact.load(project / "models/baseline")
    best = baseline.scorer.run(encode(rows)).argmax(axis=1)
    with sqlite3.connect(":memory:") as database:
        frame = pd.DataFrame({COLUMN: told})
        frame.to_sql("texts", database, index_label="id")
        found = database.execute(QUERY.read_text(encoding="utf-8")).fetchall()
    assert [name for _, name in found] == [TARGET.categories[at] for at in best]


@pytest.mark.parametrize("word", ["kündigung", "été", "возврат", "refund"])
def test_a_query_finds_other_letters_in_both_cases(word):
    query = baseline_query.write('it\'s "text"', "class", {"it's": [word]}, "none")
    told = [form(word) for form in (str.lower, str.upper, str.capitalize)]
    with sqlite3.connect(":memory:") as database:
        frame = pd.DataFrame({'it\'s "text"': [*told, "404"]})
        frame.to_sql("texts", database, index_label="id")
        found = [name for _, name in database.execute(query)]
    assert found == ["it's"] * 3 + ["none"]
