"""Plots of two classes: ROC and precision-recall curves, calibration, cost."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

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


def _cost(labels: Labels, scores: dict[str, Scores], cost: Cost) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    grid = np.linspace(0.01, 0.99, 99)
    for name, given in scores.items():
        axes.plot(grid, [cost(labels, given, float(at)) for at in grid], label=name)
    axes.set(title="Cost of the decision", xlabel="threshold", ylabel="mean cost a row")
    axes.legend()
    return figure
