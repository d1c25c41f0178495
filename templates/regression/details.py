"""What the report tells beyond the metrics: where it misses, where it is unsure."""

from dataclasses import asdict
from typing import Any

import numpy as np

from .intervals import Metric, Scores, interval
from .metrics import coverage, mae
from .config import Gate
from .parts import Part
from .prediction import DIGITS, Decision, limits

BINS = 5  # of equal size, from the least to the greatest


def tables(
    test: Part, scores: Scores, decision: Decision, gate: Gate
) -> dict[str, list[dict[str, Any]]]:
    """Return rows of equal columns, by title; `scores` (n, 3) are the candidate's."""
    order = np.argsort(scores[:, 0], kind="stable")
    bins = np.array_split(order, BINS)
    return {
        "By predicted value": [
            _misses(test.take(rows), scores[rows], decision, gate) for rows in bins
        ]
    }


def _misses(
    part: Part, scores: Scores, decision: Decision, gate: Gate
) -> dict[str, Any]:
    low, high = limits(scores, decision)
    distance = Metric(mae, False, "mean distance")
    return {
        "rows": len(part.rows),
        "mean prediction": round(float(scores[:, 0].mean()), DIGITS),
        "mae": asdict(interval(distance, part, scores, gate)),
        "width": round(float(np.mean(high - low)), DIGITS),
        "coverage": round(coverage(part.target, low, high), 4),
    }
