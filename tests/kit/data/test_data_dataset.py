"""Data sets: the matrix that serving would compute, and the target as numbers."""

import numpy as np
import pandas as pd
import pytest

from mlservice.data.checks import check
from mlservice.data.dataset import columns_of, encode_rows, target_values
from toys import SERVICES


def frame(service, *changes):
    """Return checked rows: the example with changes."""
    good = {feature.column: feature.example for feature in service.columns}
    return check(pd.DataFrame([good | change for change in changes], dtype=object), service.columns)


@pytest.mark.parametrize("task", ["classification", "regression", "text", "image"])
def test_a_row_is_encoded_as_the_request_would_be(task):
    service = SERVICES[task]
    found = encode_rows(frame(service, {}, {}), service.encoding, service.target)
    np.testing.assert_array_equal(found.matrix, np.repeat(service.encode_example(), 2, axis=0))
    assert found.groups.tolist() == [0, 0]


def test_the_target_is_numbered_in_the_order_of_the_classes():
    service = SERVICES["text"]
    rows = frame(service, *({"queue": name} for name in ("returns", "account", "billing", "account")))
    assert target_values(rows, service.target).tolist() == [2, 0, 1, 0]


def test_a_number_is_a_target_as_it_is():
    service = SERVICES["regression"]
    rows = frame(service, {"price": 1.5}, {"price": 20})
    found = target_values(rows, service.target)
    assert found.tolist() == [1.5, 20.0] and found.dtype == np.float64


def test_missing_values_stay_missing_whatever_their_kind():
    service = SERVICES["classification"]
    nullable = [feature.column for feature in service.features if feature.nullable]
    columns = columns_of(frame(service, dict.fromkeys(nullable)), service.features)
    assert {column for column, values in columns.items() if pd.isna(values[0])} == {*nullable}


def test_positions_pick_rows_matrix_target_and_groups_together():
    service = SERVICES["regression"]
    rows = frame(service, *({"price": price, "distance": price} for price in (1, 2, 3)))
    found = encode_rows(rows, service.encoding, service.target).take(np.array([2, 0]))
    assert found.rows["price"].tolist() == found.target.tolist() == found.matrix[:, 0].tolist() == [3, 1]
    assert found.groups.tolist() == [2, 0]
