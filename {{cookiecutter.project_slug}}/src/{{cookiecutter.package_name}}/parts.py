"""One part of the data, in the forms that are needed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .features import Matrix

Target = NDArray[Any]  # first axis: rows; the task alone reads what is in one


@dataclass(frozen=True)
class Part:
    """n examples; rows of one group depend on each other and are resampled together."""

    rows: pd.DataFrame  # n rows, for slices and plots
    matrix: Matrix  # (n, d)
    target: Target  # (n,) or (n, k)
    groups: NDArray[np.int64]  # (n,)

    def take(self, places: NDArray[np.intp]) -> "Part":
        """Give the examples at these places."""
        return Part(
            self.rows.iloc[places],
            self.matrix[places],
            self.target[places],
            self.groups[places],
        )
