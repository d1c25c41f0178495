"""The encoded example of schema.py, as a manifest stores it.

The schema hash covers columns, encoders and the names of derived features; the example
covers what they compute. A model is refused if the example is encoded differently now.
"""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix
from mlservice.service import Service

RELATIVE, ABSOLUTE = 1e-5, 1e-6  # differences that rounding explains
STORED = np.dtype("<f4")


def to_text(matrix: Matrix) -> str:
    """Return a matrix as base64 of its little-endian float32 numbers."""
    return base64.b64encode(matrix.astype(STORED).tobytes()).decode()


def from_text(text: str) -> NDArray[np.float32]:
    """Return the numbers of `to_text`, shape (n,); raise ValueError for other texts."""
    return np.frombuffer(base64.b64decode(text, validate=True), STORED)


def difference(service: Service[Any, Any], text: str) -> str | None:
    """Describe how today's encoding differs from a stored one; None if it does not.

    The description is empty if the numbers of columns differ. Raise what the encoding
    raises.
    """
    stored, today = from_text(text), service.encode_example().ravel()
    if stored.shape != today.shape:
        return ""
    near = np.isclose(today, stored, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    if near.all():
        return None
    at, names = int(np.argmin(near)), service.encoding.names
    return f" ({names[at % len(names)]} was {stored[at]:.6g}, is {today[at]:.6g})"
