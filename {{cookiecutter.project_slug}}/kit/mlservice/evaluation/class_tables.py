"""Report tables of class probabilities, each share with its interval.

Two classes: promised and observed rates. Several classes: precision and recall by class
and the most frequent confusions.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from mlservice.arrays import Positions, Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation.bins import equal_bins
from mlservice.evaluation.bootstrap import estimate
from mlservice.evaluation.classification import Counts, confusion
from mlservice.params import Gate
from mlservice.training_spec import Tables

BINS = 5  # of equal size, from the least probable to the most probable
SHOWN = 10  # kinds of confusion that are listed
Fraction = Callable[[Counts], tuple[Any, Any]]  # its two counts
Share = Callable[[Fraction], dict[str, float]]


def two_class_tables(test: Dataset, scores: Scores, gate: Gate) -> Tables:
    """Compare promised and observed rates in bins; `scores` have shape (n, 2)."""
    return {
        "Promised and observed rates": [
            _rates(test.take(rows), scores[rows], gate)
            for rows in equal_bins(scores[:, 1], BINS, gate.seed)
        ]
    }


def _rates(rows: Dataset, scores: Scores, gate: Gate) -> dict[str, Any]:
    def observed(positions: Positions) -> float:
        return float(rows.target[positions].mean())

    return {
        "rows": len(rows.rows),
        "promised": round(float(scores[:, 1].mean()), 4),
        "observed": asdict(estimate(observed, rows, gate)),
    }


def several_class_tables(
    categories: Sequence[str], test: Dataset, scores: Scores, gate: Gate
) -> Tables:
    """Report each class and the most frequent confusions; `scores` are (n, k)."""

    def share(of: Fraction) -> dict[str, float]:
        """Return the quotient of two counts with its interval."""

        def quotient(positions: Positions) -> float:
            count, total = of(confusion(test.target[positions], scores[positions]))
            return float(count / max(total, 1))

        return asdict(estimate(quotient, test, gate))

    counts = confusion(test.target, scores)
    return {
        "By class": [
            _class_report(categories, int(k), counts, share)
            for k in np.unique(test.target)
        ],
        "Most frequent confusions": [
            _mistake(categories, pair, counts, share) for pair in _mistakes(counts)
        ],
    }


def _class_report(
    categories: Sequence[str], k: int, counts: Counts, share: Share
) -> dict[str, Any]:
    """Return precision, recall and F1 of one class, each with its interval."""
    return {
        "class": categories[k],
        "rows": int(counts[k].sum()),
        "precision": share(lambda of: (of[k, k], of[:, k].sum())),
        "recall": share(lambda of: (of[k, k], of[k].sum())),
        "f1": share(lambda of: (2 * of[k, k], of[:, k].sum() + of[k].sum())),
    }


def _mistakes(counts: Counts) -> list[tuple[int, int]]:
    """Return pairs of confused classes, (actual, predicted), most frequent first."""
    wrong = counts * (1 - np.eye(len(counts), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]
    pairs = [divmod(int(at), len(counts)) for at in order]
    return [pair for pair in pairs if wrong[pair]]


def _mistake(
    categories: Sequence[str], pair: tuple[int, int], counts: Counts, share: Share
) -> dict[str, Any]:
    """Return how many rows of a class are predicted as another, with an interval."""
    actual, predicted = pair
    return {
        "class": categories[actual],
        "taken for": categories[predicted],
        "rows": int(counts[pair]),
        "share of the class": share(lambda of: (of[pair], of[actual].sum())),
    }
