"""What the report tells beyond the metrics: each class, and what is taken for what."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .intervals import Places, Scores, estimate
from .metrics import CLASSES, confusion
from .config import Gate
from .parts import Part
from .prediction import Decision
from .schema import TARGET

SHOWN = 10  # kinds of confusion that are listed
Counts = NDArray[np.int64]  # (k, k): rows by class (down) and predicted class (across)
Fraction = Callable[[Counts], tuple[Any, Any]]  # its two counts
Share = Callable[[Fraction], dict[str, float]]


def tables(
    test: Part, scores: Scores, _decision: Decision, gate: Gate
) -> dict[str, list[dict[str, Any]]]:
    """Return rows of equal columns, by title; `scores` (n, k) are the candidate's."""

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
    wrong = counts * (1 - np.eye(CLASSES, dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]
    pairs = [(int(at) // CLASSES, int(at) % CLASSES) for at in order]
    return [pair for pair in pairs if wrong[pair]]


def _mistake(actual: int, taken: int, counts: Counts, share: Share) -> dict[str, Any]:
    """Return how many rows of a class are taken for another, with an interval."""
    return {
        "class": TARGET.categories[actual],
        "taken for": TARGET.categories[taken],
        "rows": int(counts[actual, taken]),
        "share of the class": share(lambda of: (of[actual, taken], of[actual].sum())),
    }
