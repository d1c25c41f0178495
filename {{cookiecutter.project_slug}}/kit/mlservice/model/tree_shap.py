"""Exact Shapley values of trees, in NumPy: serving imports no shap.

The game is that of path-dependent tree SHAP (Lundberg et al. 2020): where a player is
absent, a row follows both branches, each with its share of the training rows. A leaf is
then a product over the players on its path, and a player may own several columns.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix

ROWS = 16  # at once: their arrays stay in the processor's cache

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]


class Paths(NamedTuple):
    """The leaves of trees whose values are summed, with the players on their paths.

    A row follows a path as far as a player goes if its values lie in all of the
    player's ranges there: above `low`, unless that is NaN, and not above `high`.
    """

    base: Floats  # (): expected sum of the leaves
    value: Floats  # (leaves,)
    first_player: Integers  # (leaves,): position of a leaf's first player
    player: Integers  # (pairs of leaf and player,), by leaf
    share: Floats  # (pairs,): of the training rows that follow the player's splits
    first_range: Integers  # (pairs,): position of a player's first range
    column: Integers  # (ranges,): of the matrix
    low: NDArray[np.float32]  # (ranges,)
    high: NDArray[np.float32]  # (ranges,)
    missing: NDArray[np.bool_]  # (ranges,): whether a missing value follows, too


def shapley(paths: Paths, matrix: Matrix, players: int) -> NDArray[np.float64]:
    """Return the Shapley values of n rows (n, d), shape (n, players).

    With `paths.base` they sum to the leaves that a row reaches.
    """
    found = np.zeros((players, len(matrix)))
    order = np.argsort(paths.player, kind="stable")
    names, starts = np.unique(paths.player[order], return_index=True)
    for first in range(0, len(matrix) if len(names) else 0, ROWS):
        values = _of_pairs(paths, matrix[first : first + ROWS].T)[order]
        found[names, first : first + ROWS] = np.add.reduceat(values, starts)
    return found.T


def _of_pairs(paths: Paths, rows: Matrix) -> NDArray[np.float64]:
    """Return the value of each player in each leaf for rows (d, n): (pairs, n).

    It is an integral over t of a polynomial, in which a player is present with
    probability t: Gauss-Legendre quadrature is exact.
    """
    follows, share = _follows(paths, rows).astype(np.float64), paths.share[:, None]
    sizes = np.diff(paths.first_player, append=len(paths.player))
    found = np.zeros(follows.shape)
    points, weights = np.polynomial.legendre.leggauss((sizes.max() + 1) // 2)
    for at, weight in zip((points + 1) / 2, weights / 2, strict=True):
        factors = follows * at
        factors += (1 - at) * share
        product = np.multiply.reduceat(factors, paths.first_player, axis=0)
        product *= weight * paths.value[:, None]
        found += np.divide(product.repeat(sizes, axis=0), factors, out=factors)
    found *= follows - share
    return found


def _follows(paths: Paths, rows: Matrix) -> NDArray[np.bool_]:
    """Return whether each row (d, n) follows each player's splits: (pairs, n).

    Compared as float32, as ONNX does.
    """
    values = rows[paths.column]
    inside = ~(values <= paths.low[:, None])
    inside &= values <= paths.high[:, None]
    np.copyto(inside, paths.missing[:, None], where=np.isnan(values))
    found: NDArray[np.bool_] = np.logical_and.reduceat(inside, paths.first_range)
    return found
