"""Which metrics there are, and which margin the interval gets.

`target` holds what was observed, shape (n,); `scores` are point, low and high, shape
(n, 3), or a point alone, (n, 1). Every metric is in the unit of the target unless it
says otherwise.
"""

import numpy as np
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.regression import (
    Values,
    conformal_margin,
    coverage,
    interval_score,
    mae,
    mape,
    rmse,
)

from .params import Promise
from .prediction import DIGITS, Decision, limits

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


def choose_decision(target: Values, scores: Scores, promise: Promise) -> Decision:
    """Choose the margin with which the interval covers what was promised."""
    margin = conformal_margin(target, scores, promise.coverage)
    return Decision(margin=round(margin, DIGITS + 2))


def enough(rows: Dataset) -> bool:
    """Return whether these rows are enough for the metrics to mean anything."""
    return len(rows.target) >= ENOUGH
