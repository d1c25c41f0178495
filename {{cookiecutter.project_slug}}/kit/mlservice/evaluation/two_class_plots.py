"""Plots of two classes: ROC and precision-recall curves, calibration, cost."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import PrecisionRecallDisplay, RocCurveDisplay

from mlservice.arrays import Scores
from mlservice.evaluation.classification import Labels

Cost = Callable[[Labels, Scores, float], float]  # the last is the threshold


def two_class_plots(
    labels: Labels, scores: dict[str, Scores], cost: Cost
) -> dict[str, Figure]:
    """Draw each model's scores (n, 2), by name; return figures by name."""
    return {
        "ranking": _ranking(labels, scores),
        "calibration": _calibration(labels, scores),
        "cost": _cost(labels, scores, cost),
    }


def _ranking(labels: Labels, scores: dict[str, Scores]) -> Figure:
    """Draw both curves; between two points, precision is a step and no line."""
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    roc, recall = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2)
    for name, given in scores.items():
        RocCurveDisplay.from_predictions(labels, given[:, 1], name=name, ax=roc)
        PrecisionRecallDisplay.from_predictions(
            labels, given[:, 1], name=name, ax=recall
        )
    roc.set(title="ROC", xlabel="false positive rate", ylabel="true positive rate")
    recall.set(title="Precision and recall", xlabel="recall", ylabel="precision")
    return figure


def _calibration(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for name, given in scores.items():
        CalibrationDisplay.from_predictions(
            labels, given[:, 1], n_bins=10, strategy="quantile", name=name, ax=axes
        )
    axes.set(title="Calibration", xlabel="promised rate", ylabel="observed rate")
    return figure


def _cost(labels: Labels, scores: dict[str, Scores], cost: Cost) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    grid = np.linspace(0.01, 0.99, 99)
    for name, given in scores.items():
        axes.plot(grid, [cost(labels, given, float(at)) for at in grid], label=name)
    axes.set(title="Cost of the decision", xlabel="threshold", ylabel="mean cost a row")
    axes.legend()
    return figure
