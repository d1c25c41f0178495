"""Bins of equal size, which do not depend on the order of the rows."""

import numpy as np

from mlservice.arrays import Positions, Scores


def equal_bins(values: Scores, bins: int, seed: int = 0) -> list[Positions]:
    """Return the positions of n values in bins of equal size, from the least on.

    If a bin ends among equal values, chance decides which of them belong to it: in the
    order of a sorted file they would differ in what the file is sorted by.
    """
    mixed = np.random.default_rng(seed).permutation(len(values))
    return np.array_split(mixed[np.argsort(values[mixed], kind="stable")], bins)
