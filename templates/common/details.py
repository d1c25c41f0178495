"""What the report tells beyond the metrics: of two classes, how promises are kept.

Of several: each class, and what is taken for what.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from .classes import Counts, confusion
from .config import Gate
from .intervals import Places, Scores, estimate
from .parts import Part
from .prediction import Decision
from .schema import TARGET

BINS = 5  # of equal size, from those least likely to be positive to those most likely
SHOWN = 10  # kinds of confusion that are listed
Fraction = Callable[[Counts], tuple[Any, Any]]  # its two counts
Share = Callable[[Fraction], dict[str, float]]
Tables = dict[str, list[dict[str, Any]]]  # rows of equal columns, by title


def tables(test: Part, scores: Scores, _decision: Decision, gate: Gate) -> Tables:
    """Return rows of equal columns, by title; `scores` (n, k) are the candidate's."""
    of = _of_two if scores.shape[1] == 2 else _of_several
    return of(test, scores, gate)


def _of_two(test: Part, scores: Scores, gate: Gate) -> Tables:
    mixed = np.random.default_rng(gate.seed).permutation(len(scores))  # equal scores
    order = mixed[np.argsort(scores[mixed, 1], kind="stable")]
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


def _of_several(test: Part, scores: Scores, gate: Gate) -> Tables:
    def share(of: Fraction) -> dict[str, float]:
        """Divide two counts of a table, with the interval of the quotient."""

        def quotient(rows: Places) -> float:
            part, whole = of(confusion(test.target[rows], scores[rows]))
            return float(part / max(whole, 1))

        return asdict(estimate(quotient, test, gate))

    counts = confusion(test.target, scores)
    return {
        "By class": [
            _class_report(int(k), counts, share) for k in np.unique(test.target)
        ],
        "Most frequent confusions": [
            _mistake(actual, taken, counts, share)
            for actual, taken in _mistakes(counts)
        ],
    }


def _class_report(k: int, counts: Counts, share: Share) -> dict[str, Any]:
    """Return precision, recall and F1 of one class, each with its interval."""
    return {
        "class": TARGET.categories[k],
        "rows": int(counts[k].sum()),
        "precision": share(lambda of: (of[k, k], of[:, k].sum())),
        "recall": share(lambda of: (of[k, k], of[k].sum())),
        "f1": share(lambda of: (2 * of[k, k], of[:, k].sum() + of[k].sum())),
    }


def _mistakes(counts: Counts) -> list[tuple[int, int]]:
    """Return the classes confused, (actual, taken for), the most frequent first."""
    wrong = counts * (1 - np.eye(len(counts), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]
    pairs = [divmod(int(at), len(counts)) for at in order]
    return [pair for pair in pairs if wrong[pair]]


def _mistake(actual: int, taken: int, counts: Counts, share: Share) -> dict[str, Any]:
    """Return how many rows of a class are taken for another, with an interval."""
    return {
        "class": TARGET.categories[actual],
        "taken for": TARGET.categories[taken],
        "rows": int(counts[actual, taken]),
        "share of the class": share(lambda of: (of[actual, taken], of[actual].sum())),
    }
