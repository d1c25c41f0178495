"""Which metrics there are, for two classes and for several; the decision taken.

`labels` are class numbers of shape (n,); `scores` are probabilities of shape (n, k). Of
two classes the last is the positive one: its probability is weighed against the costs.
"""

import numpy as np
from mlservice.arrays import Scores
from mlservice.data.dataset import Dataset
from mlservice.evaluation import classification as of_classes
from mlservice.evaluation.bootstrap import Metric
from mlservice.evaluation.classification import Labels

from .params import CLASSES, Costs
from .prediction import Decision

ENOUGH_OF_EACH = 10  # rows of each of two classes before a metric means anything
ENOUGH = 30  # rows of several classes
NEEDED = (
    f"{ENOUGH_OF_EACH} of each class are needed"
    if CLASSES == 2
    else f"{ENOUGH} are needed"
)


def metrics_for(costs: Costs, decision: Decision) -> dict[str, Metric]:
    """List every metric by name; the cost depends on the decision that was chosen."""
    threshold = decision.threshold
    return OF_SEVERAL if threshold is None else _of_two(costs, threshold)


OF_SEVERAL = {
    "roc_auc": Metric(
        of_classes.roc_auc,
        True,
        "mean chance that a row of a class is ranked above another",
    ),
    "macro_f1": Metric(
        of_classes.macro_f1, True, "mean F1 of the classes, each as important"
    ),
    "accuracy": Metric(of_classes.accuracy, True, "share of rows with the right class"),
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


def _of_two(costs: Costs, threshold: float) -> dict[str, Metric]:
    def cost(labels: Labels, scores: Scores) -> float:
        return cost_per_row(labels, scores, costs, threshold)

    return {
        "roc_auc": Metric(
            of_classes.roc_auc,
            True,
            "chance that a positive row is ranked above another",
        ),
        "pr_auc": Metric(of_classes.pr_auc, True, "average precision over all recalls"),
        "log_loss": OF_SEVERAL["log_loss"],
        "brier": Metric(
            of_classes.brier, False, "mean squared error of the probability"
        ),
        "calibration_error": Metric(
            of_classes.rate_error,
            False,
            "mean gap of promised and observed rates",
            True,
        ),
        "cost": Metric(
            cost, False, "mean cost of a decision, in the currency of params"
        ),
    }


def cost_per_row(
    labels: Labels, scores: Scores, costs: Costs, threshold: float
) -> float:
    """Return the mean cost, as `costs` give it, of acting from `threshold` upwards."""
    return of_classes.cost_per_row(
        labels,
        scores,
        threshold,
        false_negative=costs.cost_false_negative,
        false_positive=costs.cost_false_positive,
    )


def choose_decision(labels: Labels, scores: Scores, costs: Costs) -> Decision:
    """Choose the threshold, in steps of 0.01, with the least cost on these rows.

    Among several classes the most probable one is the answer: there is none to choose.
    """
    if scores.shape[1] > 2:
        return Decision()
    grid = np.linspace(0.01, 0.99, 99)
    each = [cost_per_row(labels, scores, costs, threshold) for threshold in grid]
    return Decision(threshold=round(float(grid[int(np.argmin(each))]), 2))


def enough(rows: Dataset) -> bool:
    """Return whether these rows are enough for the metrics to mean anything."""
    if CLASSES > 2:
        return len(rows.target) >= ENOUGH
    return bool(np.bincount(rows.target, minlength=2).min() >= ENOUGH_OF_EACH)
