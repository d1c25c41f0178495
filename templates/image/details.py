"""What the report tells beyond the metrics: each class, and what is taken for what."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .metrics import CLASSES, Labels, Scores, confusion, estimate
from .params import Gate
from .schema import TARGET

SHOWN = 10  # kinds of confusion that are listed


def tables(labels: Labels, scores: Scores, gate: Gate) -> dict[str, list[Any]]:
    """Return rows of equal columns, by title."""
    return {
        "By class": [
            _class_report(int(number), labels, scores, gate)
            for number in np.unique(labels)
        ],
        "Most frequent confusions": [
            _mistake(actual, taken, labels, scores, gate)
            for actual, taken in _mistakes(confusion(labels, scores))
        ],
    }


def _class_report(number: int, labels: Labels, scores: Scores, gate: Gate) -> Any:
    """Return precision, recall and F1 of one class, each with its interval."""

    def share(of: Callable[[NDArray[np.int64]], Any]) -> Any:
        def statistic(rows: NDArray[np.int64]) -> float:
            table = confusion(labels[rows], scores[rows])
            return float(table[number, number] / max(of(table), 1))

        return asdict(estimate(statistic, labels, gate))

    return {
        "class": TARGET.categories[number],
        "rows": int(np.sum(labels == number)),
        "precision": share(lambda table: table[:, number].sum()),
        "recall": share(lambda table: table[number].sum()),
        "f1": share(lambda table: (table[:, number].sum() + table[number].sum()) / 2),
    }


def _mistakes(table: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the classes confused, (actual, taken for), the most frequent first."""
    wrong = table * (1 - np.eye(CLASSES, dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]
    pairs = [(int(at) // CLASSES, int(at) % CLASSES) for at in order]
    return [pair for pair in pairs if wrong[pair]]


def _mistake(
    actual: int, taken: int, labels: Labels, scores: Scores, gate: Gate
) -> dict[str, Any]:
    """Return how many rows of a class are taken for another, with an interval."""

    def rate(rows: NDArray[np.int64]) -> float:
        table = confusion(labels[rows], scores[rows])
        return float(table[actual, taken] / max(table[actual].sum(), 1))

    return {
        "class": TARGET.categories[actual],
        "taken for": TARGET.categories[taken],
        "rows": int(confusion(labels, scores)[actual, taken]),
        "share of the class": asdict(estimate(rate, labels, gate)),
    }
