"""How good are the scores: pure functions of labels and scores.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k).
"""

import numpy as np

from .classes import Labels, accuracy, calibration_error, log_loss, macro_f1
from .intervals import Metric, Scores
from .params import Decision as Share
from .parts import Part
from .prediction import Decision

ENOUGH = 30  # rows that a slice needs before its metrics mean anything
NEEDED = f"{ENOUGH} are needed"


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


def unaided_accuracy(labels: Labels, scores: Scores, threshold: float) -> float:
    """Return the accuracy among rows as sure as `threshold`; 0 if there are none."""
    sure = scores.max(axis=1) >= threshold
    return accuracy(labels[sure], scores[sure]) if sure.any() else 0.0


def choose_decision(_: Labels, scores: Scores, share: Share) -> Decision:
    """Choose the probability below which the given share of these rows lies."""
    threshold = float(np.quantile(scores.max(axis=1), share.review_share))
    return Decision(threshold=np.floor(threshold * 1e4) / 1e4)  # not above any of them


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    return len(part.target) >= ENOUGH
