"""The one encoding: the same numbers whichever way the rows come in."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import data
from {{ cookiecutter.package_name }}.features import (
    BLOCKS,
    NAMES,
    encode,
)
from {{ cookiecutter.package_name }}.schema import (
    COLUMNS,
    EXAMPLE,
    FEATURES,
    Instance,
)

TOLD_LATER = [f for f in COLUMNS if f not in FEATURES]
ORDERED = [f for f in FEATURES if f.ordered]
CATEGORIES = [f for f in FEATURES if f.kind == "category" and not f.ordered]
NULLABLE = [f for f in FEATURES if f.nullable]
PLAIN = [f for f in FEATURES if f.kind in ("number", "flag")]


def encode_rows(rows):
    """Encode rows the way that serving does."""
    return encode([Instance.model_validate(row) for row in rows])


def block(feature):
    """Return the matrix columns that belong to a feature."""
    return BLOCKS[feature.column]


@given(st.data())
def test_rows_of_a_request_and_rows_of_a_file_encode_equally(any_row, draws):
    rows = draws.draw(st.lists(any_row, min_size=1, max_size=5))
    frame = pd.DataFrame(rows).assign(**{f.column: f.example for f in TOLD_LATER})
    np.testing.assert_array_equal(encode_rows(rows), data.assemble(frame).matrix)


@given(st.data())
def test_shape_and_type_never_vary(any_row, draws):
    rows = draws.draw(st.lists(any_row, min_size=1, max_size=5))
    matrix = encode_rows(rows)
    assert matrix.shape == (len(rows), len(NAMES))
    assert matrix.dtype == np.float32


def test_no_rows_give_an_empty_matrix():
    assert encode_rows([]).shape == (0, len(NAMES))


def test_each_matrix_column_belongs_to_one_feature_and_is_named_after_it():
    places = range(len(NAMES))
    assert [at for f in FEATURES for at in places[block(f)]] == list(places)
    for feature in FEATURES:
        assert all(name.startswith(feature.column) for name in NAMES[block(feature)])


@pytest.mark.parametrize("feature", PLAIN, ids=lambda f: f.column)
def test_a_number_passes_through(feature):
    assert encode_rows([EXAMPLE])[0, block(feature)] == np.float32(feature.example)


@pytest.mark.parametrize("feature", CATEGORIES, ids=lambda f: f.column)
def test_each_listed_category_sets_one_column_of_its_own(feature):
    rows = [EXAMPLE | {feature.column: category} for category in feature.categories]
    one_hot = encode_rows(rows)[:, block(feature)]
    np.testing.assert_array_equal(one_hot, np.eye(len(feature.categories)))


@pytest.mark.parametrize("feature", CATEGORIES, ids=lambda f: f.column)
def test_an_unlisted_category_is_zero_in_every_column(feature):
    row = EXAMPLE | {feature.column: "never heard of it"}
    assert not encode_rows([row])[0, block(feature)].any()


@pytest.mark.parametrize("feature", ORDERED, ids=lambda f: f.column)
def test_an_ordered_category_is_its_rank_and_an_unlisted_one_is_none(feature):
    words = [*feature.categories, "never heard of it"]
    ranks = encode_rows([EXAMPLE | {feature.column: word} for word in words])
    expected = [*range(len(feature.categories)), np.nan]
    np.testing.assert_array_equal(ranks[:, block(feature)].T, [expected])


@pytest.mark.parametrize("feature", NULLABLE, ids=lambda f: f.column)
def test_a_missing_value_is_nan_or_no_category(feature):
    found = encode_rows([EXAMPLE | {feature.column: None}])[:, block(feature)]
    if feature.coding:
        expected = feature.coding.encode([None])
    else:
        expected = np.full(found.shape, 0.0 if feature in CATEGORIES else np.nan)
    np.testing.assert_array_equal(found, expected)
