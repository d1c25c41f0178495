"""Plots of several classes: confusion matrix, F1 by class, reliability.

Names are drawn literally: `$` does not start a formula.
"""

import numpy as np
from matplotlib.figure import Figure

from mlservice.arrays import Scores
from mlservice.evaluation.classification import Labels, binned, confusion
from mlservice.schema.features import Feature

LONGEST = 24  # characters of a name that are shown


def several_class_plots(
    target: Feature, labels: Labels, scores: dict[str, Scores]
) -> dict[str, Figure]:
    """Draw each model's scores (n, k), by name; return figures by name."""
    return {
        "confusion": _confusion(target, labels, scores["candidate"]),
        "classes": _classes(target, labels, scores),
        "reliability": _reliability(labels, scores),
    }


def short(name: str) -> str:
    """Return a name, or its beginning if it is too long for a plot."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _names(target: Feature) -> list[str]:
    return [short(name) for name in target.categories]


def _width(target: Feature) -> float:
    """Return the width of a plot in inches, wide enough for every class."""
    return max(6.5, 1.5 + 0.45 * len(target.categories))


def _confusion(target: Feature, labels: Labels, scores: Scores) -> Figure:
    table = confusion(labels, scores)
    width = _width(target)
    figure = Figure(figsize=(width, width - 0.5), layout="constrained")
    axes, positions = figure.add_subplot(), range(len(table))
    axes.imshow(table / np.maximum(table.sum(axis=1, keepdims=True), 1), cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        axes.text(column, row, str(count), ha="center", va="center", color="darkorange")
    axes.set_xticks(
        positions, _names(target), rotation=45, ha="right", parse_math=False
    )
    axes.set_yticks(positions, _names(target), parse_math=False)
    axes.set_ylabel(target.column, parse_math=False)
    axes.set(title="Candidate", xlabel="predicted")
    return figure


def _classes(target: Feature, labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(_width(target) + 1, 4.5), layout="constrained")
    axes, width = figure.add_subplot(), 0.8 / len(scores)
    positions = np.arange(len(target.categories))
    for number, (name, given) in enumerate(scores.items()):
        table = confusion(labels, given)
        f1 = 2 * np.diag(table) / np.maximum(table.sum(axis=0) + table.sum(axis=1), 1)
        axes.bar(positions + number * width, f1, width, label=name)
    middles = positions + 0.4 - width / 2
    axes.set_xticks(middles, _names(target), rotation=45, ha="right", parse_math=False)
    axes.set(title="F1 by class", ylim=(0, 1))
    axes.legend()
    return figure


def _reliability(labels: Labels, scores: dict[str, Scores]) -> Figure:
    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, given in scores.items():
        promised, right = given.max(axis=1), given.argmax(axis=1) == labels
        said, found, _ = binned(promised, right)
        axes.plot(said, found, marker="o", label=name)
    axes.set(title="Reliability", xlabel="promised", ylabel="right")
    axes.legend()
    return figure
