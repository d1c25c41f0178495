"""Texts become numbers: always the same ones, whatever is written."""

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlservice.encoding.text import LONGEST, normalize
from mlservice.model import artifact
from pydantic import ValidationError
from strategies import COLUMN, with_text

from {{ cookiecutter.package_name }} import texts
from {{ cookiecutter.package_name }}.keywords import (
    KEYWORDS,
    OTHERWISE,
)
from {{ cookiecutter.package_name }}.service import SERVICE

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
    assert {*KEYWORDS, OTHERWISE} <= set(SERVICE.target.categories)
    words = [word for words in KEYWORDS.values() for word in words]
    assert words == [normalize(word) for word in words] and all(words)


def test_a_text_may_have_so_many_characters_and_no_more():
    SERVICE.instance.model_validate(with_text("a" * LONGEST))
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        SERVICE.instance.model_validate(with_text("a" * (LONGEST + 1)))


def test_the_query_in_the_documents_decides_as_the_baseline_does(
    splits, service, project
):
    told = [f"404: {word.upper()}!" for words in KEYWORDS.values() for word in words]
    told += splits["test"].rows[COLUMN].tolist()
    rows = [SERVICE.instance.model_validate(with_text(text)) for text in told]
    baseline = artifact.load(service, project / "models/baseline")
    best = baseline.scorer.run(service.encoding.encode(rows)).argmax(axis=1)
    with sqlite3.connect(":memory:") as database:
        frame = pd.DataFrame({COLUMN: told})
        frame.to_sql("texts", database, index_label="id")
        found = database.execute(QUERY.read_text(encoding="utf-8")).fetchall()
    assert [name for _, name in found] == [SERVICE.target.categories[at] for at in best]
