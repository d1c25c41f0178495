"""ROC and precision-recall curves with bootstrap bands: pure functions.

`labels` are 0 or 1, `ranked` the scores of the class 1; both have shape (n,).
"""

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Scores
from mlservice.evaluation.classification import Labels

RESAMPLES = 200
POINTS = 101  # of the grid on which bands are known
LARGEST = 5_000  # rows that are resampled, at most
Z = 1.959964  # of a normal distribution: 95 % lie within

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]


def roc(labels: Labels, ranked: Scores) -> Curve:
    """Return false and true positive rates, from the highest score on."""
    hits, others = (each[0] for each in _counts(labels, ranked, np.ones((1, 1))))
    return others / max(others[-1], 1), hits / max(hits[-1], 1)


def precision_recall(labels: Labels, ranked: Scores) -> Curve:
    """Return recall and precision, from the highest score on; both are steps."""
    hits, others = (each[0] for each in _counts(labels, ranked, np.ones((1, 1))))
    found = hits[1:] / np.maximum(hits[1:] + others[1:], 1)
    return hits / max(hits[-1], 1), np.concatenate([found[:1], found])


def _counts(
    labels: Labels, ranked: Scores, weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight of positive and of other rows above each score.

    `weights` have shape (resamples, n or 1), the counts (resamples, scores + 1).
    """
    order = np.argsort(-ranked, kind="stable")
    last = np.append(np.flatnonzero(np.diff(ranked[order])), len(order) - 1)
    sorted_weights = np.broadcast_to(weights, (len(weights), len(order)))[:, order]
    positive = labels[order] == 1
    found = [np.cumsum(sorted_weights * part, axis=1) for part in (positive, ~positive)]
    hits, others = (np.pad(each[:, last], ((0, 0), (1, 0))) for each in found)
    return hits, others


def bands(
    labels: Labels, ranked: Scores, groups: Labels, seed: int = 0
) -> tuple[NDArray[np.float64], Curve, Curve]:
    """Return a grid, and on it the 95 % bands of both curves: low and high.

    Groups are resampled (see `bootstrap`). The first band is of the true positive rate
    by the false positive rate, the second of the precision by the recall.
    """
    rng = np.random.default_rng(seed)
    some = rng.permutation(len(labels))[:LARGEST]
    labels, ranked, groups = labels[some], ranked[some], groups[some]
    _, numbers = np.unique(groups, return_inverse=True)
    size = int(numbers.max()) + 1
    drawn = rng.multinomial(size, np.full(size, 1 / size), RESAMPLES)
    hits, others = _counts(labels, ranked, drawn[:, numbers].astype(np.float64))
    grid = np.linspace(0, 1, POINTS)
    pairs = [  # of resamples with both classes
        each for each in zip(hits, others, strict=True) if each[0][-1] and each[1][-1]
    ]
    true = [np.interp(grid, other / other[-1], hit / hit[-1]) for hit, other in pairs]
    precise = [_precision(grid, hit, other) for hit, other in pairs]
    return grid, _ends(true), _ends(precise)


def _precision(
    grid: NDArray[np.float64], hits: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the precision at each recall of the grid."""
    at = np.maximum(np.searchsorted(hits / hits[-1], grid), 1)
    found: NDArray[np.float64] = hits[at] / np.maximum(hits[at] + others[at], 1e-12)
    return found


def _ends(curves: list[NDArray[np.float64]]) -> Curve:
    low, high = np.quantile(np.array(curves), (0.025, 0.975), axis=0)
    return low, high


def rates(observed: Scores, rows: NDArray[np.int64]) -> Curve:
    """Return the 95 % interval of rates of so many rows each (Wilson 1927).

    It holds the rate itself, which rounding would leave outside at 0 and 1.
    """
    spread = Z**2 / rows
    middle = (observed + spread / 2) / (1 + spread)
    half = np.sqrt(observed * (1 - observed) / rows + spread / (4 * rows))
    half *= Z / (1 + spread)
    low, high = np.maximum(middle - half, 0), np.minimum(middle + half, 1)
    return np.minimum(low, observed), np.maximum(high, observed)
