"""Tickets become numbers: always the same ones, whatever is written."""

import sqlite3
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from {{ cookiecutter.package_name }} import artifact, texts
from {{ cookiecutter.package_name }}.features import encode
from {{ cookiecutter.package_name }}.schema import (
    EXAMPLE,
    TARGET,
    Instance,
)

ROOT = Path(__file__).parents[2]


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
    assert np.flatnonzero(row).tolist() == [
        5,
        107,
        410,
        489,
        604,
        732,
        902,
        967,
        1239,
        1317,
        1349,
        1659,
        1772,
        1896,
        1967,
    ]


def test_a_text_that_repeats_itself_tells_nothing_new():
    once, often = texts.encode(["my bill", "my bill " + "my bill " * 500])
    assert np.sum(once != often) <= 1  # the pair "bill my"


def test_no_words_leave_the_row_empty():
    assert not texts.encode(["", "?!", "📦"]).any()


def test_the_first_keyword_s_queue_is_marked():
    matrix = texts.encode(["Cancel my INVOICE", "an invoice", "hello"])
    expected = np.zeros((3, len(texts.KEYWORDS)))
    expected[0, list(texts.KEYWORDS).index("cancellation")] = 1
    expected[1, list(texts.KEYWORDS).index("billing")] = 1
    np.testing.assert_array_equal(matrix[:, : len(texts.KEYWORDS)], expected)


def test_a_text_may_have_so_many_characters_and_no_more():
    Instance.model_validate(EXAMPLE | {"text": "a" * texts.LONGEST})
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        Instance.model_validate(EXAMPLE | {"text": "a" * (texts.LONGEST + 1)})


def test_the_longest_text_costs_little_more_than_the_longest_that_is_read():
    start = time.process_time()
    texts.encode(["".join(map(chr, range(0x4E00, 0x9000))) * 5])
    assert time.process_time() - start < 1


def test_the_query_in_the_documents_routes_as_the_baseline_does(parts, project):
    told = [
        f"SEE: {word.upper()}!" for words in texts.KEYWORDS.values() for word in words
    ]
    told += parts["test"].rows["text"].tolist()
    rows = [Instance.model_validate(EXAMPLE | {"text": text}) for text in told]
    baseline = artifact.load(project / "models/baseline")
    best = baseline.scorer.run(encode(rows)).argmax(axis=1)
    with sqlite3.connect(":memory:") as database:
        frame = pd.DataFrame({"text": told})
        frame.to_sql("tickets", database, index_label="id")
        query = (ROOT / "docs/baseline.sql").read_text(encoding="utf-8")
        found = [queue for _, queue in database.execute(query)]
    assert found == [TARGET.categories[number] for number in best]
