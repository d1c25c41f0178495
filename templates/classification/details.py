"""What the report tells beyond the metrics: how the promised rates are kept."""

from dataclasses import asdict
from typing import Any

import numpy as np

from .intervals import Places, Scores, estimate
from .config import Gate
from .parts import Part
from .prediction import Decision

BINS = 5  # of equal size, from those who surely stay to those who surely leave


def tables(
    test: Part, scores: Scores, _decision: Decision, gate: Gate
) -> dict[str, list[dict[str, Any]]]:
    """Return rows of equal columns, by title; `scores` (n, 2) are the candidate's."""
    order = np.argsort(scores[:, 1], kind="stable")
    bins = np.array_split(order, BINS)
    return {
        "Promised and observed rates": [
            _rates(test.take(rows), scores[rows], gate) for rows in bins
        ]
    }


def _rates(part: Part, scores: Scores, gate: Gate) -> dict[str, Any]:
    def observed(rows: Places) -> float:
        return float(part.target[rows].mean())

    return {
        "rows": len(part.rows),
        "promised": round(float(scores[:, 1].mean()), 4),
        "observed": asdict(estimate(observed, part, gate)),
    }
