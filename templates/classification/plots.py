"""Pictures of the test rows: does it rank, is it calibrated, what does it cost.

Of several classes: what is taken for what, which class is hard, how sure it is.
"""

import numpy as np
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from .charts import of_classes
from .classes import Labels
from .intervals import Scores
from .metrics import cost_per_row
from .params import Decision as Costs
from .parts import Part
from .prediction import Decision


def draw(
    test: Part,
    scores: dict[str, Scores],
    _decisions: dict[str, Decision],
    costs: Costs,
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), which are by name; return figures by name."""
    if scores["candidate"].shape[1] > 2:
        return of_classes(test.target, scores)
    return {
        "ranking": _ranking(test.target, scores),
        "calibration": _calibration(test.target, scores),
        "cost": _cost(test.target, scores, costs),
    }


def _ranking(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    roc, recall = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2)
    for name, given in scores.items():
        wrong, right, _ = roc_curve(labels, given[:, 1])
        roc.plot(wrong, right, label=name)
        precision, share, _ = precision_recall_curve(labels, given[:, 1])
        recall.plot(share, precision, label=name)
    roc.set(title="ROC", xlabel="false positive rate", ylabel="true positive rate")
    recall.set(title="Precision and recall", xlabel="recall", ylabel="precision")
    recall.legend()
    return figure


def _calibration(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, given in scores.items():
        observed, promised = calibration_curve(
            labels, given[:, 1], n_bins=10, strategy="quantile"
        )
        axes.plot(promised, observed, marker="o", label=name)
    axes.set(title="Calibration", xlabel="promised rate", ylabel="observed rate")
    axes.legend()
    return figure


def _cost(labels: Labels, scores: dict[str, Scores], costs: Costs) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    grid = np.linspace(0.01, 0.99, 99)
    for name, given in scores.items():
        each = [cost_per_row(labels, given, costs, threshold) for threshold in grid]
        axes.plot(grid, each, label=name)
    axes.set(title="Cost of the decision", xlabel="threshold", ylabel="mean cost a row")
    axes.legend()
    return figure
