"""How good are the scores: pure functions of labels and scores.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, 2).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from .intervals import Metric, Scores
from .params import Decision as Costs
from .parts import Part
from .prediction import Decision

Labels = NDArray[np.int64]

ENOUGH = 10  # rows of each class that a slice needs before its metrics mean anything
NEEDED = f"{ENOUGH} of each class are needed"


def metrics_for(costs: Costs, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; the cost depends on the decision that was chosen."""

    def cost(labels: Labels, scores: Scores) -> float:
        return cost_per_row(labels, scores, costs, decision.threshold)

    return {
        "roc_auc": Metric(
            roc_auc, True, "chance that a leaver is ranked above a stayer"
        ),
        "pr_auc": Metric(pr_auc, True, "average precision over all recalls"),
        "log_loss": Metric(log_loss, False, "surprise at what happened, in nats"),
        "brier": Metric(brier, False, "mean squared error of the probability"),
        "calibration_error": Metric(
            calibration_error, False, "mean gap of promised and observed rates", True
        ),
        "cost": Metric(
            cost, False, "mean cost of a decision, in the currency of params"
        ),
    }


def roc_auc(labels: Labels, scores: Scores) -> float:
    """Return the area under the ROC curve, by the rank sum (Mann & Whitney 1947).

    As scikit-learn's to the last digit (a test says so), and ten times faster: the
    bootstrap asks thousands of times.
    """
    ranks = rankdata(scores[:, 1])
    positive = int(labels.sum())
    above = ranks[labels == 1].sum() - positive * (positive + 1) / 2
    return float(above / (positive * (len(labels) - positive)))


def pr_auc(labels: Labels, scores: Scores) -> float:
    """Return the average precision (area under the steps), as scikit-learn does."""
    order = np.argsort(-scores[:, 1], kind="stable")
    ranked = scores[order, 1]
    hits = np.cumsum(labels[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each tie
    steps = np.diff(hits[last], prepend=0) / hits[-1]
    return float(np.sum(steps * hits[last] / (last + 1)))


def log_loss(labels: Labels, scores: Scores) -> float:
    """Return the mean negative log-likelihood of the labels, in nats (Good 1952)."""
    chosen = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, 1e-7, 1.0)).mean())


def brier(labels: Labels, scores: Scores) -> float:
    """Return the mean squared distance of probability and outcome (Brier 1950)."""
    return float(np.mean((scores[:, 1] - labels) ** 2))


def calibration_error(labels: Labels, scores: Scores, bins: int = 10) -> float:
    """Return the expected calibration error, equal-sized bins (Naeini et al. 2015)."""
    order = np.argsort(scores[:, 1], kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [abs(scores[part, 1].mean() - labels[part].mean()) for part in parts]
    return float(np.average(gaps, weights=[len(part) for part in parts]))


def cost_per_row(
    labels: Labels, scores: Scores, costs: Costs, threshold: float
) -> float:
    """Return the mean cost, as `costs` give it, of acting from `threshold` upwards."""
    acted = scores[:, 1].astype(np.float64) >= threshold  # as the service decides
    missed = np.mean(~acted & (labels == 1)) * costs.cost_false_negative
    needless = np.mean(acted & (labels == 0)) * costs.cost_false_positive
    return float(missed + needless)


def choose_decision(labels: Labels, scores: Scores, costs: Costs) -> Decision:
    """Choose the threshold, in steps of 0.01, with the least cost on these rows."""
    grid = np.linspace(0.01, 0.99, 99)
    each = [cost_per_row(labels, scores, costs, threshold) for threshold in grid]
    return Decision(threshold=round(float(grid[int(np.argmin(each))]), 2))


def enough(part: Part) -> bool:
    """Whether these rows are enough for the metrics to mean anything."""
    return bool(np.bincount(part.target, minlength=2).min() >= ENOUGH)
