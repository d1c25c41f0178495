"""Metrics of a predicted number and of its interval: pure functions.

`target` holds what was observed, shape (n,); `scores` are point, low and high, shape
(n, 3), or a point alone, (n, 1). Every metric is in the unit of the target unless it
says otherwise. As for classes, tests compare with scikit-learn's, which are slower.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Scores

Values = NDArray[np.float64]


def mae(target: Values, scores: Scores) -> float:
    """Return the mean absolute error of the point."""
    return float(np.mean(np.abs(scores[:, 0] - target)))


def rmse(target: Values, scores: Scores) -> float:
    """Return the root of the mean squared error of the point."""
    return float(np.sqrt(np.mean((scores[:, 0] - target) ** 2)))


def mape(target: Values, scores: Scores) -> float:
    """Return the mean absolute error as a share of the target.

    Rows with a target of zero are left out, only `mae` and `rmse` cover them; with no
    other rows it is 0. Small values weigh much, and a model that guesses low is
    favoured (Hyndman & Koehler 2006): read it beside `mae`, never alone.
    """
    some = target != 0
    if not some.any():
        return 0.0
    return float(np.mean(np.abs((scores[some, 0] - target[some]) / target[some])))


def coverage(target: Values, low: Values, high: Values) -> float:
    """Return the share of targets that lie in [low, high]; all are (n,)."""
    return float(np.mean((low <= target) & (target <= high)))


def interval_score(target: Values, low: Values, high: Values, promised: float) -> float:
    """Return the interval score (Winkler 1972; Gneiting & Raftery 2007, section 6.2).

    The width, plus 2 / (1 - promised) times the distance of a target outside: the least
    on average for an interval that keeps its promise and is no wider than needed.
    """
    outside = np.maximum(low - target, 0) + np.maximum(target - high, 0)
    return float(np.mean(high - low + 2 / (1 - promised) * outside))


def conformal_margin(target: Values, scores: Scores, promised: float) -> float:
    """Return the margin with which the interval covers the promised share of rows.

    Conformalised quantile regression (Romano, Patterson & Candès 2019): the margin is
    a quantile of how far targets lie outside, with n + 1 in place of n, so that a new
    row is covered with at least this chance if it comes from where these rows come
    from. For a point alone this is the split conformal interval (Lei et al. 2018).
    """
    low, high = scores.min(axis=1), scores.max(axis=1)
    outside = np.sort(np.maximum(low - target, target - high))
    rank = math.ceil((len(target) + 1) * promised)
    return float(outside[min(rank, len(target)) - 1])
