"""Random projection of wide encoded rows to a few columns."""

import numpy as np

from mlservice.arrays import Matrix

WIDEST = 64  # matrix columns; wider rows are projected
SEED = 20_260_101


def projected(matrix: Matrix) -> Matrix:
    """Return rows of at most WIDEST columns: wider ones are projected at random.

    A projection with independent signs keeps distances (Achlioptas 2003); it is the
    same each time. Missing values count as 0.
    """
    width = matrix.shape[1]
    if width <= WIDEST:
        return matrix
    rng = np.random.default_rng(SEED)
    signs = rng.choice(np.array([-1, 1], np.float32), (width, WIDEST))
    found: Matrix = np.nan_to_num(matrix) @ signs / np.float32(np.sqrt(WIDEST))
    return found
