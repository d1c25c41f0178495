"""Checks of the encoding: the matrix that training, serving and files share."""

from typing import Any

import numpy as np
import pyarrow as pa

from mlservice.errors import NeedsRowByRow
from mlservice.service import Service
from mlservice.testing.rows import (
    UNLISTED,
    Row,
    instances_of,
    valid_rows,
    with_missing_values,
)

MANY = 50  # rows, so that a row's place in a request varies


def check_matrix_has_a_name_for_each_column(service: Service[Any, Any]) -> None:
    """Check that the matrix is as wide as the encoding has names, and names differ."""
    names = list(service.encoding.names)
    assert _encoded(service, service.example).shape[1] == len(names)
    assert len(set(names)) == len(names)


def check_matrix_is_float32(service: Service[Any, Any]) -> None:
    """Check that the matrix has two dimensions and the type that the model takes."""
    matrix = _encoded(service, *valid_rows(service))
    assert (matrix.dtype, matrix.ndim) == (np.float32, 2)


def check_encoding_is_deterministic(service: Service[Any, Any]) -> None:
    """Check that the same rows become the same numbers, time after time."""
    rows = valid_rows(service)
    np.testing.assert_array_equal(_encoded(service, *rows), _encoded(service, *rows))


def check_rows_are_encoded_independently(service: Service[Any, Any]) -> None:
    """Check that a row alone becomes the same numbers as among others, in any order."""
    rows = valid_rows(service)[:MANY]
    alone = np.concatenate([_encoded(service, row) for row in rows])
    np.testing.assert_array_equal(_encoded(service, *rows), alone)
    turned = np.concatenate([_encoded(service, row) for row in rows[::-1]])
    np.testing.assert_array_equal(_encoded(service, *rows[::-1]), turned)


def check_no_rows_give_an_empty_matrix(service: Service[Any, Any]) -> None:
    """Check that no rows become a matrix of no rows and as many columns as ever."""
    assert service.encoding.encode([]).shape == (0, len(service.encoding.names))


def check_missing_values_are_encoded(service: Service[Any, Any]) -> None:
    """Check that missing values keep the matrix's width, and are no infinity."""
    matrix = _encoded(service, with_missing_values(service))
    assert matrix.shape == _encoded(service, service.example).shape
    assert not np.isinf(matrix).any()


def check_unlisted_category_is_encoded(service: Service[Any, Any]) -> None:
    """Check that an unlisted category keeps the matrix's width, and is no infinity."""
    for feature in service.features:
        if feature.kind == "category":
            matrix = _encoded(service, service.example | {feature.column: UNLISTED})
            assert matrix.shape == _encoded(service, service.example).shape
            assert not np.isinf(matrix).any(), feature.column


def check_file_is_encoded_as_requests_are(service: Service[Any, Any]) -> None:
    """Check that rows of a file become the numbers of the same requests."""
    rows = valid_rows(service)
    for table in (pa.Table.from_pylist(rows), *_single(rows)):
        try:
            found = service.encoding.encode_table(table)
        except NeedsRowByRow:
            continue
        expected = _encoded(service, *table.to_pylist())
        np.testing.assert_array_equal(found, expected)


def _single(rows: list[Row]) -> list[pa.Table]:
    """Return a table of each row: one that needs row by row hides no other."""
    return [pa.Table.from_pylist([row]) for row in rows]


def _encoded(service: Service[Any, Any], *rows: Row) -> Any:
    return service.encoding.encode(instances_of(service, rows))
