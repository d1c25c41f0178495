"""Comparison of predictions in answers with those in files."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

TOLERANCE = 1e-5  # files round once, answers too


def leaves(value: Any) -> Iterator[Any]:
    """Yield the single values of nested data, without their names."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for each in value:
        yield from leaves(each)


def plain(values: Any) -> list[Any]:
    """Return a column's values as Python's own."""
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal; numbers may differ by rounding."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
