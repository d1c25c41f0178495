"""How good are the scores: which figures there are, for two classes and for several.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k). Of
two classes the last is the positive one: its probability is weighed against the costs.
"""

import numpy as np

from .classes import (
    Labels,
    accuracy,
    calibration_error,
    gap_of,
    log_loss,
    macro_f1,
    roc_auc,
)
from .intervals import Metric, Scores
from .params import Decision as Costs
from .parts import Part
from .prediction import Decision
from .schema import TARGET

ENOUGH_OF_EACH = 10  # rows of each of two classes before a metric means anything
ENOUGH = 30  # rows of several classes
NEEDED = (
    f"{ENOUGH_OF_EACH} of each class are needed"
    if len(TARGET.categories) == 2
    else f"{ENOUGH} are needed"
)


def metrics_for(costs: Costs, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; the cost depends on the decision that was chosen."""
    threshold = decision.threshold
    return OF_SEVERAL if threshold is None else _of_two(costs, threshold)


OF_SEVERAL = {
    "roc_auc": Metric(
        roc_auc, True, "mean chance that a row of a class is ranked above another"
    ),
    "macro_f1": Metric(macro_f1, True, "mean F1 of the classes, each as important"),
    "accuracy": Metric(accuracy, True, "share of rows with the right class"),
    "log_loss": Metric(log_loss, False, "surprise at what happened, in nats"),
    "calibration_error": Metric(
        calibration_error, False, "mean gap of promised and observed accuracy", True
    ),
}


def _of_two(costs: Costs, threshold: float) -> dict[str, Metric]:
    def cost(labels: Labels, scores: Scores) -> float:
        return cost_per_row(labels, scores, costs, threshold)

    return {
        "roc_auc": Metric(
            roc_auc, True, "chance that a positive row is ranked above another"
        ),
        "pr_auc": Metric(pr_auc, True, "average precision over all recalls"),
        "log_loss": Metric(log_loss, False, "surprise at what happened, in nats"),
        "brier": Metric(brier, False, "mean squared error of the probability"),
        "calibration_error": Metric(
            rate_error, False, "mean gap of promised and observed rates", True
        ),
        "cost": Metric(
            cost, False, "mean cost of a decision, in the currency of params"
        ),
    }


def pr_auc(labels: Labels, scores: Scores) -> float:
    """Return the average precision (area under the steps), as scikit-learn does."""
    order = np.argsort(-scores[:, 1], kind="stable")
    ranked = scores[order, 1]
    hits = np.cumsum(labels[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each tie
    steps = np.diff(hits[last], prepend=0) / hits[-1]
    return float(np.sum(steps * hits[last] / (last + 1)))


def brier(labels: Labels, scores: Scores) -> float:
    """Return the mean squared distance of probability and outcome (Brier 1950)."""
    return float(np.mean((scores[:, 1] - labels) ** 2))


def rate_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the calibration error of the positive class's probability."""
    return gap_of(scores[:, 1], labels, bins)


def cost_per_row(
    labels: Labels, scores: Scores, costs: Costs, threshold: float
) -> float:
    """Return the mean cost, as `costs` give it, of acting from `threshold` upwards."""
    acted = scores[:, 1].astype(np.float64) >= threshold  # as the service decides
    missed = np.mean(~acted & (labels == 1)) * costs.cost_false_negative
    needless = np.mean(acted & (labels == 0)) * costs.cost_false_positive
    return float(missed + needless)


def choose_decision(labels: Labels, scores: Scores, costs: Costs) -> Decision:
    """Choose the threshold, in steps of 0.01, with the least cost on these rows.

    Among several classes the most probable one is the answer: there is none to choose.
    """
    if scores.shape[1] > 2:
        return Decision()
    grid = np.linspace(0.01, 0.99, 99)
    each = [cost_per_row(labels, scores, costs, threshold) for threshold in grid]
    return Decision(threshold=round(float(grid[int(np.argmin(each))]), 2))


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    if len(TARGET.categories) > 2:
        return len(part.target) >= ENOUGH
    return bool(np.bincount(part.target, minlength=2).min() >= ENOUGH_OF_EACH)
