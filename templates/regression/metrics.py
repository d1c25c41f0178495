"""How good are the scores: pure functions of target and scores.

`target` holds what was observed, shape (n,); `scores` are point, low and high, shape
(n, 3), or a point alone, (n, 1). Every figure is in the unit of the target unless it
says otherwise.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .intervals import Metric, Scores
from .params import Decision as Promise
from .parts import Part
from .prediction import DIGITS, Decision, limits

Values = NDArray[np.float64]

ENOUGH = 30  # rows that a slice needs before its metrics mean anything
NEEDED = f"{ENOUGH} are needed"


def metrics_for(promise: Promise, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; the interval's depend on the margin chosen."""

    def covered(target: Values, scores: Scores) -> float:
        return coverage(target, *limits(scores, decision))

    def wide(_target: Values, scores: Scores) -> float:
        low, high = limits(scores, decision)
        return float(np.mean(high - low))

    def scored(target: Values, scores: Scores) -> float:
        return interval_score(target, *limits(scores, decision), promise.coverage)

    return {
        "mae": Metric(mae, False, "mean distance of truth and prediction"),
        "rmse": Metric(rmse, False, "the same, where large misses weigh more"),
        "mape": Metric(mape, False, "mean distance as a share of the truth"),
        "coverage": Metric(covered, None, "share of rows inside their interval"),
        "width": Metric(wide, None, "mean width of the interval"),
        "interval_score": Metric(scored, False, "width, and a fine for each miss"),
    }


def mae(target: Values, scores: Scores) -> float:
    """Return the mean absolute error of the point."""
    return float(np.mean(np.abs(scores[:, 0] - target)))


def rmse(target: Values, scores: Scores) -> float:
    """Return the root of the mean squared error of the point."""
    return float(np.sqrt(np.mean((scores[:, 0] - target) ** 2)))


def mape(target: Values, scores: Scores) -> float:
    """Return the mean absolute error as a share of the target, where that is not zero.

    Zero has no share: such rows are left out, and only `mae` and `rmse` tell of them;
    with no other rows it is 0. Small values weigh much, and a model that guesses low is
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


def choose_decision(target: Values, scores: Scores, promise: Promise) -> Decision:
    """Choose the margin with which the interval covers what was promised.

    Conformalised quantile regression (Romano, Patterson & Candès 2019): the margin is
    a quantile of how far targets lie outside, with n + 1 in place of n, so that a new
    row is covered with at least this chance if it comes from where these rows come
    from. For a point alone this is the split conformal interval (Lei et al. 2018).
    """
    low, high = scores.min(axis=1), scores.max(axis=1)
    outside = np.sort(np.maximum(low - target, target - high))
    rank = math.ceil((len(target) + 1) * promise.coverage)
    margin = float(outside[min(rank, len(target)) - 1])
    return Decision(margin=round(margin, DIGITS + 2))


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    return len(part.target) >= ENOUGH
