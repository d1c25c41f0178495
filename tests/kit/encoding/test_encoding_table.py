"""The one encoding: the same numbers whichever way the rows come in."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlservice.data.dataset import encode_rows
from toys.classification import SERVICE, Instance
from toys.strategies import instances

ENCODING = SERVICE.encoding
NAMES = ENCODING.names
ORDERED = [f for f in SERVICE.features if f.ordered]
CATEGORIES = [f for f in SERVICE.features if f.kind == "category" and not f.ordered]
NULLABLE = [f for f in SERVICE.features if f.nullable]
PLAIN = [f for f in SERVICE.features if f.kind in ("number", "flag")]


def encode(rows):
    """Encode rows the way that serving does."""
    return ENCODING.encode([Instance.model_validate(row) for row in rows])


def block(feature):
    """Return the matrix columns that belong to a feature."""
    return ENCODING.blocks[feature.column]


@given(st.lists(instances(SERVICE), min_size=1, max_size=5))
def test_rows_of_a_request_and_rows_of_a_file_encode_equally(rows):
    frame = pd.DataFrame(rows).assign(churned="yes")
    np.testing.assert_array_equal(encode(rows), encode_rows(frame, ENCODING, SERVICE.target).matrix)


@given(st.lists(instances(SERVICE), min_size=1, max_size=5))
def test_shape_and_type_never_vary(rows):
    matrix = encode(rows)
    assert matrix.shape == (len(rows), len(NAMES))
    assert matrix.dtype == np.float32


def test_no_rows_give_an_empty_matrix():
    assert encode([]).shape == (0, len(NAMES))


def test_each_matrix_column_belongs_to_one_feature_and_is_named_after_it():
    positions = range(len(NAMES))
    assert [at for f in SERVICE.features for at in positions[block(f)]] == list(positions)
    for feature in SERVICE.features:
        assert all(name.startswith(feature.column) for name in NAMES[block(feature)])


@pytest.mark.parametrize("feature", [f for f in PLAIN if f.example is not None], ids=lambda f: f.column)
def test_a_number_passes_through(feature):
    assert encode([SERVICE.example])[0, block(feature)] == np.float32(feature.example)


@pytest.mark.parametrize("feature", CATEGORIES, ids=lambda f: f.column)
def test_each_listed_category_sets_one_column_of_its_own(feature):
    rows = [SERVICE.example | {feature.column: category} for category in feature.categories]
    one_hot = encode(rows)[:, block(feature)]
    np.testing.assert_array_equal(one_hot, np.eye(len(feature.categories)))


@pytest.mark.parametrize("feature", CATEGORIES, ids=lambda f: f.column)
def test_an_unlisted_category_is_zero_in_every_column(feature):
    row = SERVICE.example | {feature.column: "never heard of it"}
    assert not encode([row])[0, block(feature)].any()


@pytest.mark.parametrize("feature", ORDERED, ids=lambda f: f.column)
def test_an_ordered_category_is_its_rank_and_an_unlisted_one_is_none(feature):
    words = [*feature.categories, "never heard of it"]
    ranks = encode([SERVICE.example | {feature.column: word} for word in words])
    expected = [*range(len(feature.categories)), np.nan]
    np.testing.assert_array_equal(ranks[:, block(feature)].T, [expected])


@pytest.mark.parametrize("feature", NULLABLE, ids=lambda f: f.column)
def test_a_missing_value_is_nan_or_no_category(feature):
    found = encode([SERVICE.example | {feature.column: None}])[:, block(feature)]
    if feature.encoder:
        expected = feature.encoder.encode([None])
    else:
        expected = np.full(found.shape, 0.0 if feature in CATEGORIES else np.nan)
    np.testing.assert_array_equal(found, expected)
