"""Which metrics there are, and below which probability a person looks first.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k).
"""

from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation import classification as of_classes
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.classification import Labels

from .params import Review
from .prediction import Decision

ENOUGH = 30  # rows that a slice needs before its metrics mean anything
NEEDED = f"{ENOUGH} are needed"


def metrics_for(_: Review, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; one depends on the decision that was chosen."""

    def unaided(labels: Labels, scores: Scores) -> float:
        return of_classes.unaided_accuracy(labels, scores, decision.threshold)

    return {
        "macro_f1": Metric(
            of_classes.macro_f1, True, "mean F1 of the classes, each as important"
        ),
        "accuracy": Metric(
            of_classes.accuracy, True, "share of rows with the right class"
        ),
        "unaided_accuracy": Metric(
            unaided, True, "the same among rows that need no review"
        ),
        "log_loss": Metric(
            of_classes.log_loss, False, "surprise at what happened, in nats"
        ),
        "calibration_error": Metric(
            of_classes.calibration_error,
            False,
            "mean gap of promised and observed accuracy",
            True,
        ),
    }


def choose_decision(_: Labels, scores: Scores, review: Review) -> Decision:
    """Choose the probability below which the given share of these rows lies."""
    threshold = of_classes.review_threshold(scores, review.review_share)
    return Decision(threshold=threshold)


def enough(rows: Dataset) -> bool:
    """Return whether these rows are enough for the metrics to mean anything."""
    return len(rows.target) >= ENOUGH
