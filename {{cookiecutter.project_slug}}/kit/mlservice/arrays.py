"""Types of the arrays that modules pass to each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, Sequence[Any]]  # column name → its n values
Matrix = NDArray[np.float32]  # (n, d): encoded rows
Scores = NDArray[np.floating]  # (n, outputs)
Target = NDArray[Any]  # first axis: rows
Positions = NDArray[np.intp]  # row numbers
