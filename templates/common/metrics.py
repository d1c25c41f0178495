"""How good are the scores: pure functions of labels and scores.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k).
"""

import numpy as np
from numpy.typing import NDArray

from .intervals import Metric, Scores
from .params import Decision as Share
from .parts import Part
from .prediction import Decision
from .schema import TARGET

Labels = NDArray[np.int64]

ENOUGH = 30  # rows that a slice needs before its metrics mean anything
NEEDED = f"{ENOUGH} are needed"
CLASSES = len(TARGET.categories)


def metrics_for(_: Share, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; one depends on the decision that was chosen."""

    def unaided(labels: Labels, scores: Scores) -> float:
        return unaided_accuracy(labels, scores, decision.threshold)

    return {
        "macro_f1": Metric(macro_f1, True, "mean F1 of the classes, each as important"),
        "accuracy": Metric(accuracy, True, "share of rows with the right class"),
        "unaided_accuracy": Metric(
            unaided, True, "the same among rows that need no review"
        ),
        "log_loss": Metric(log_loss, False, "surprise at what happened, in nats"),
        "calibration_error": Metric(
            calibration_error, False, "mean gap of promised and observed accuracy", True
        ),
    }


def macro_f1(labels: Labels, scores: Scores) -> float:
    """Return the mean F1 over the classes that occur or are predicted."""
    table = confusion(labels, scores)
    found = table.sum(axis=0) + table.sum(axis=1)
    return float(np.mean(2 * np.diag(table)[found > 0] / found[found > 0]))


def accuracy(labels: Labels, scores: Scores) -> float:
    """Return the share of rows whose most probable class is the right one."""
    return float(np.mean(scores.argmax(axis=1) == labels))


def unaided_accuracy(labels: Labels, scores: Scores, threshold: float) -> float:
    """Return the accuracy among rows as sure as `threshold`; 0 if there are none."""
    sure = scores.max(axis=1) >= threshold
    return accuracy(labels[sure], scores[sure]) if sure.any() else 0.0


def log_loss(labels: Labels, scores: Scores) -> float:
    """Return the mean negative log-likelihood of the labels, in nats (Good 1952)."""
    chosen = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, 1e-7, 1.0)).mean())


def calibration_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the expected calibration error of the most probable class.

    Equal-sized bins (Naeini et al. 2015).
    """
    promised, right = scores.max(axis=1), scores.argmax(axis=1) == labels
    order = np.argsort(promised, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(promised[part].mean() - right[part].mean()) for part in parts]
    return float(np.average(gaps, weights=[len(part) for part in parts]))


def confusion(labels: Labels, scores: Scores) -> NDArray[np.int64]:
    """Count rows by class (down) and predicted class (across), shape (k, k)."""
    pairs = labels * CLASSES + scores.argmax(axis=1)
    return np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def choose_decision(_: Labels, scores: Scores, share: Share) -> Decision:
    """Choose the probability below which the given share of these rows lies."""
    threshold = float(np.quantile(scores.max(axis=1), share.review_share))
    return Decision(threshold=np.floor(threshold * 1e4) / 1e4)  # not above any of them


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    return len(part.target) >= ENOUGH
