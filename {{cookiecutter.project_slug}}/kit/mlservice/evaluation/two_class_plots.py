"""Plots of two classes: ROC and precision-recall curves, calibration, cost."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlservice.arrays import Scores
from mlservice.evaluation.classification import Labels, binned, pr_auc, roc_auc
from mlservice.evaluation.curves import bands, precision_recall, rates, roc

Cost = Callable[[Labels, Scores, float], float]  # the last is the threshold


def two_class_plots(
    labels: Labels,
    scores: dict[str, Scores],
    cost: Cost,
    groups: Labels | None = None,
) -> dict[str, Figure]:
    """Draw each model's scores (n, 2), by name; return figures by name.

    Rows of one of the `groups` (n,) are resampled together; each row without them.
    """
    groups = np.arange(len(labels)) if groups is None else groups
    return {
        "ranking": _ranking(labels, scores, groups),
        "calibration": _calibration(labels, scores),
        "cost": _cost(labels, scores, cost),
    }


def _ranking(labels: Labels, scores: dict[str, Scores], groups: Labels) -> Figure:
    """Draw both curves as steps, with the bootstrap band of the candidate."""
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    left, right = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2)
    for name, given in scores.items():
        ranked = given[:, 1]
        x, y = roc(labels, ranked)
        left.plot(x, y, label=f"{name} {roc_auc(labels, given):.3f}")
        x, y = precision_recall(labels, ranked)
        shown = f"{name} {pr_auc(labels, given):.3f}"
        right.step(x[::-1], y[::-1], where="post", label=shown)
    if "candidate" in scores:
        _bands(left, right, labels, scores["candidate"][:, 1], groups)
    left.plot([0, 1], [0, 1], color="grey", linestyle=":")
    left.set(title="ROC", xlabel="false positive rate", ylabel="true positive rate")
    right.set(title="Precision and recall", xlabel="recall", ylabel="precision")
    right.set_ylim(0, 1.02)
    left.legend(title="area")
    right.legend(title="average precision")
    return figure


def _bands(
    left: Axes, right: Axes, labels: Labels, ranked: Scores, groups: Labels
) -> None:
    """Draw where 95 % of the resampled curves lie."""
    color = left.lines[0].get_color()
    grid, of_roc, of_precision = bands(labels, ranked, groups)
    left.fill_between(grid, *of_roc, color=color, alpha=0.2, linewidth=0)
    right.fill_between(grid, *of_precision, color=color, alpha=0.2, linewidth=0)


def _calibration(labels: Labels, scores: dict[str, Scores]) -> Figure:
    """Draw observed rates with 95 % intervals, and how often each is promised."""
    figure = Figure(figsize=(5, 4.6), layout="constrained")
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, given in scores.items():
        promised, observed, rows = binned(given[:, 1], labels)
        low, high = rates(observed, rows)
        axes.errorbar(
            promised,
            observed,
            (observed - low, high - observed),
            fmt="o-",
            markersize=4,
            capsize=2,
            label=name,
        )
        below.hist(given[:, 1], bins=20, range=(0, 1), histtype="step")
    axes.set(title="Calibration", ylabel="observed rate")
    below.set(xlabel="promised rate", ylabel="rows")
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
